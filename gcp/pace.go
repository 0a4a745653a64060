package gcp

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// pace is how long things may take and how they are tried again.
type pace struct {
	call     time.Duration // one call, its attempts included
	attempts int           // of a call that nobody answered
	retry    time.Duration // the first wait between them
	step     time.Duration // one step, from reading to verifying
	redo     time.Duration // the first wait before a policy that somebody else changed is read again
	redoMax  time.Duration
	flight   time.Duration // how long a request of a process that died may still be on its way
}

var (
	googlePace  = pace{30 * time.Second, 3, 200 * time.Millisecond, 2 * time.Minute, time.Second, 32 * time.Second, 5 * time.Second}
	sandboxPace = pace{30 * time.Second, 3, 100 * time.Millisecond, 2 * time.Minute, 50 * time.Millisecond, time.Second, time.Second}
)

// connecting keeps a connection that broke from sulking longer than a call waits.
var connecting = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// pause waits base·2ⁿ, at most limit, cut short at random so that several who collided part (IAM "Retry strategy").
// False when the context ended first.
func pause(ctx context.Context, base, limit time.Duration, n int) bool {
	wait := min(base<<min(n, 16), limit)
	timer := time.NewTimer(wait/2 + rand.N(wait/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

type onceKey struct{}

// once marks a call that must not be sent twice, because it writes.
func once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

// unary gives every gRPC call its deadline, and sends it again when nobody answered.
func (p pace) unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	ctx, cancel := context.WithTimeout(ctx, p.call)
	defer cancel()
	for n := 0; ; n++ {
		err := invoke(ctx, method, req, reply, cc, opts...)
		if status.Code(err) != codes.Unavailable || isOnce(ctx) || n+1 >= p.attempts || !pause(ctx, p.retry, p.call, n) {
			return err
		}
	}
}

// retrying is the same for REST, whose deadline is the http.Client's.
type retrying struct {
	base http.RoundTripper
	pace pace
}

// RoundTrip sends the request, again when nobody answered.
func (r retrying) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	for n := 0; ; n++ {
		resp, err := r.base.RoundTrip(req)
		if isOnce(ctx) || n+1 >= r.pace.attempts || !unanswered(ctx, resp, err) {
			return resp, err
		}
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // only to reuse the connection
			_ = resp.Body.Close()
		}
		if !pause(ctx, r.pace.retry, r.pace.call, n) {
			return nil, context.Cause(ctx)
		}
		if req, err = rewound(req); err != nil {
			return nil, err
		}
	}
}

func unanswered(ctx context.Context, resp *http.Response, err error) bool {
	if err != nil {
		return ctx.Err() == nil && signInTrouble(err) == ""
	}
	return resp.StatusCode == http.StatusServiceUnavailable
}

// rewound gives the request with its body from the start.
func rewound(req *http.Request) (*http.Request, error) {
	next := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return next, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the request can't be sent again")
	}
	body, err := req.GetBody()
	next.Body = body
	return next, err
}
