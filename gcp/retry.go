package gcp

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
)

// callTiming is how long calls may take and how often they are tried.
type callTiming struct {
	callTimeout   time.Duration // one call, its attempts included
	maxAttempts   int           // of a call whose failure may pass
	retryDelay    time.Duration // the first wait between them
	maxRetryDelay time.Duration // the longest wait, unless the server asks for a longer one
}

// The timings of the two clouds. A sandbox is on this machine.
var (
	googleCalls  = callTiming{callTimeout: 30 * time.Second, maxAttempts: 5, retryDelay: 200 * time.Millisecond, maxRetryDelay: 8 * time.Second}
	sandboxCalls = callTiming{callTimeout: 30 * time.Second, maxAttempts: 5, retryDelay: 100 * time.Millisecond, maxRetryDelay: time.Second}
)

// connectParams keeps a connection that broke from sulking longer than a call waits.
var connectParams = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// backoffDelay is base·2ⁿ, at most limit, cut short at random so that several who collided part (IAM "Retry strategy").
func backoffDelay(base, limit time.Duration, n int) time.Duration {
	wait := min(base<<min(n, 16), limit)
	return wait/2 + rand.N(wait/2+1)
}

// waitBackoff waits so long before the n-th repetition. False when the context ended first.
func waitBackoff(ctx context.Context, base, limit time.Duration, n int) bool {
	return sleep(ctx, backoffDelay(base, limit, n))
}

func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// waitToRetry waits until a call that failed may be sent again. False means that it ends with this failure: it must not be
// repeated, repeating it does not help, or its time would be over before. A server that says when it wants to be asked
// again is not asked before.
func (p callTiming) waitToRetry(ctx context.Context, failure error, n int) bool {
	t := parseError(failure)
	if callOptionsOf(ctx).NoRetry || n+1 >= p.attemptsFor(ctx, t.code) {
		return false
	}
	wait := backoffDelay(p.retryDelay, p.maxRetryDelay, n)
	if t.retryAfter > 0 {
		wait = t.retryAfter + backoffDelay(p.retryDelay, p.retryDelay, 0) // apart from the others who were told the same
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	return sleep(ctx, wait)
}

// attemptsFor is how often a call is sent at most that ended with a code. UNKNOWN is what a gateway between makes of an answer
// that it has no word for, and a server of a fault of its own.
func (p callTiming) attemptsFor(ctx context.Context, code codes.Code) int {
	switch code {
	case codes.Unavailable, codes.Internal:
		return p.maxAttempts
	case codes.ResourceExhausted:
		if !callOptionsOf(ctx).NoQuotaRetry {
			return p.maxAttempts
		}
	case codes.Unknown:
		return min(2, p.maxAttempts)
	}
	return 1
}
