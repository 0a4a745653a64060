package transport

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
)

// Timing is how long calls may take and how often they are tried.
type Timing struct {
	CallTimeout   time.Duration // one call, its attempts included
	MaxAttempts   int           // of a call whose failure may pass
	RetryDelay    time.Duration // the first wait between them
	MaxRetryDelay time.Duration // the longest wait, unless the server asks for a longer one
}

// The timings of the two clouds. A sandbox is on this machine.
var (
	GoogleTiming  = Timing{CallTimeout: 30 * time.Second, MaxAttempts: 5, RetryDelay: 200 * time.Millisecond, MaxRetryDelay: 8 * time.Second}
	SandboxTiming = Timing{CallTimeout: 30 * time.Second, MaxAttempts: 5, RetryDelay: 100 * time.Millisecond, MaxRetryDelay: time.Second}
)

// connectParams keeps gRPC's reconnect backoff below a call's deadline.
var connectParams = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// backoffDelay is base·2ⁿ, at most limit, with jitter so that callers who collided do not collide again (IAM "Retry
// strategy").
func backoffDelay(base, limit time.Duration, n int) time.Duration {
	wait := min(base<<min(n, 16), limit)
	return wait/2 + rand.N(wait/2+1)
}

// WaitBackoff waits before the n-th retry. It reports false if the context ends first.
func WaitBackoff(ctx context.Context, base, limit time.Duration, n int) bool {
	return Sleep(ctx, backoffDelay(base, limit, n))
}

// Sleep waits. It reports false if the context ends first.
func Sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Retry is a call that failed and will be sent again.
type Retry struct {
	Host   string // Google's
	Status string // of the failure: an HTTP status, or the name of a gRPC code
	Number int    // from 1
	Of     int    // how often at most
}

// retrier sends one call again, and says so for as long as that takes.
type retrier struct {
	traffic *Traffic
	host    string
	over    func() // says that this is over; nil: nothing was said
}

// wait waits until a failed call may be sent again. It reports false if the call ends with this failure.
func (r *retrier) wait(ctx context.Context, failure error, c Call) bool {
	r.end()
	wait, ok := r.traffic.retryDelay(ctx, failure, c.Attempt-1)
	if !ok {
		return false
	}
	if say := r.traffic.OnRetry; say != nil {
		r.over = say(Retry{r.host, c.Status, c.Attempt, r.traffic.attemptsFor(ctx, ParseError(failure).Code) - 1})
	}
	return Sleep(ctx, wait)
}

// end says that the call is answered, or sent no more.
func (r *retrier) end() {
	if r.over != nil {
		r.over()
		r.over = nil
	}
}

// retryDelay is how long a failed call waits until it is sent again. It reports false if a retry is forbidden, would not help, or
// would come after the deadline. It is as long as the server asks.
func (p Timing) retryDelay(ctx context.Context, failure error, n int) (wait time.Duration, ok bool) {
	t := ParseError(failure)
	if callOptionsOf(ctx).NoRetry || n+1 >= p.attemptsFor(ctx, t.Code) {
		return 0, false
	}
	wait = backoffDelay(p.RetryDelay, p.MaxRetryDelay, n)
	if t.retryAfter > 0 {
		wait = t.retryAfter + backoffDelay(p.RetryDelay, p.RetryDelay, 0) // spreads the callers that got the same answer
	}
	deadline, limited := ctx.Deadline()
	return wait, !limited || time.Until(deadline) > wait
}

// attemptsFor is how often a call may be sent that ended with a code. UNKNOWN comes from gateways that can't map an answer,
// and from faults of a server.
func (p Timing) attemptsFor(ctx context.Context, code codes.Code) int {
	switch code {
	case codes.Unavailable, codes.Internal:
		return p.MaxAttempts
	case codes.ResourceExhausted:
		if !callOptionsOf(ctx).NoQuotaRetry {
			return p.MaxAttempts
		}
	case codes.Unknown:
		return min(2, p.MaxAttempts)
	}
	return 1
}
