package gcp

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// pace is how long things may take and how they are tried again.
type pace struct {
	call     time.Duration // one call, its attempts included
	attempts int           // of a call whose failure may pass
	retry    time.Duration // the first wait between them
	retryMax time.Duration // the longest that is not asked for by the server
	looks    int           // at a policy that was changed, until it shows the change
	step     time.Duration // one step, from reading to verifying
	redo     time.Duration // the first wait before a policy that somebody else changed is read again
	redoMax  time.Duration
	searches int           // of allow policies in any minute; 0: as many as there are
	assets   int           // pages of assets in any minute
	flight   time.Duration // how long a start waits for a request of a process that died
	late     time.Duration // how long after it was sent a write without an answer may still be made
	lateLong time.Duration // the same for a long-running operation
}

// arrival is how long after it was sent a change without an answer may still be made.
func (p pace) arrival(kind model.StepKind) time.Duration {
	if kind == model.StepEnableAPI || kind == model.StepCreateAgent {
		return p.lateLong
	}
	return p.late
}

// A write without an answer: the longest deadline that Google's client libraries give a call that sets a policy is 60 s
// (the call options of SetIamPolicy in artifactregistry/apiv1, iam/admin/apiv1, resourcemanager/apiv3), and late adds as
// much again. Enabling an API is an operation that continues at Google after its call. A sandbox is on this machine.
var (
	googlePace = pace{call: 30 * time.Second, attempts: 5, retry: 200 * time.Millisecond, retryMax: 8 * time.Second,
		step: 2 * time.Minute, looks: 3, redo: time.Second, redoMax: 32 * time.Second, flight: 5 * time.Second,
		late: 2 * time.Minute, lateLong: 10 * time.Minute,
		searches: 400, assets: 100} // iam-facts 7.4
	sandboxPace = pace{call: 30 * time.Second, attempts: 5, retry: 100 * time.Millisecond, retryMax: time.Second,
		step: 2 * time.Minute, looks: 3, redo: 50 * time.Millisecond, redoMax: time.Second, flight: time.Second,
		late: 15 * time.Second, lateLong: 15 * time.Second}
)

// connecting keeps a connection that broke from sulking longer than a call waits.
var connecting = grpc.ConnectParams{
	Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 2 * time.Second},
	MinConnectTimeout: 5 * time.Second,
}

// backoffOf is base·2ⁿ, at most limit, cut short at random so that several who collided part (IAM "Retry strategy").
func backoffOf(base, limit time.Duration, n int) time.Duration {
	wait := min(base<<min(n, 16), limit)
	return wait/2 + rand.N(wait/2+1)
}

// pause waits so long before the n-th repetition. False when the context ended first.
func pause(ctx context.Context, base, limit time.Duration, n int) bool {
	return sleep(ctx, backoffOf(base, limit, n))
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

type onceKey struct{}

// once marks a call that must not be sent twice, because it writes.
func once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

type atOnceKey struct{}

// atOnce marks a call whose caller wants to hear of a used-up quota at once: a further attempt would only use up more.
func atOnce(ctx context.Context) context.Context { return context.WithValue(ctx, atOnceKey{}, true) }

func isAtOnce(ctx context.Context) bool { return ctx.Value(atOnceKey{}) != nil }

// resend waits until a call that failed may be sent again. False means that it ends with this failure: it must not be
// repeated, repeating it does not help, or its time would be over before. A server that says when it wants to be asked
// again is not asked before.
func (p pace) resend(ctx context.Context, failure error, n int) bool {
	t := troubleOf(failure)
	if isOnce(ctx) || n+1 >= p.most(ctx, t.code) {
		return false
	}
	wait := backoffOf(p.retry, p.retryMax, n)
	if t.after > 0 {
		wait = t.after + backoffOf(p.retry, p.retry, 0) // apart from the others who were told the same
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	return sleep(ctx, wait)
}

// most is how often a call is sent at most that ended with a code. UNKNOWN is what a gateway between makes of an answer
// that it has no word for, and a server of a fault of its own.
func (p pace) most(ctx context.Context, code codes.Code) int {
	switch code {
	case codes.Unavailable, codes.Internal:
		return p.attempts
	case codes.ResourceExhausted:
		if !isAtOnce(ctx) {
			return p.attempts
		}
	case codes.Unknown:
		return min(2, p.attempts)
	}
	return 1
}
