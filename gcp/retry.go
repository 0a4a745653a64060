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

// timing is how long things may take and how they are tried again.
type timing struct {
	callTimeout         time.Duration // one call, its attempts included
	maxAttempts         int           // of a call whose failure may pass
	retryDelay          time.Duration // the first wait between them
	maxRetryDelay       time.Duration // the longest that is not asked for by the server
	verifyAttempts      int           // at a policy that was changed, until it shows the change
	stepTimeout         time.Duration // one step, from reading to verifying
	conflictDelay       time.Duration // the first wait before a policy that somebody else changed is read again
	maxConflictDelay    time.Duration
	searchesPerMinute   int           // of allow policies in any minute; 0: as many as there are
	assetPagesPerMinute int           // pages of assets in any minute
	inFlightGrace       time.Duration // how long a start waits for a request of a process that died
	policyArrival       time.Duration // how long after it was sent a write without an answer may still be made
	operationArrival    time.Duration // the same for a long-running operation
}

// arrivalWindow is how long after it was sent a change without an answer may still be made.
func (p timing) arrivalWindow(kind model.StepKind) time.Duration {
	if kind == model.StepEnableAPI || kind == model.StepCreateAgent {
		return p.operationArrival
	}
	return p.policyArrival
}

// A write without an answer: the longest deadline that Google's client libraries give a call that sets a policy is 60 s
// (the call options of SetIamPolicy in artifactregistry/apiv1, iam/admin/apiv1, resourcemanager/apiv3), and late adds as
// much again. Enabling an API is an operation that continues at Google after its call. A sandbox is on this machine.
var (
	googleTiming = timing{callTimeout: 30 * time.Second, maxAttempts: 5, retryDelay: 200 * time.Millisecond, maxRetryDelay: 8 * time.Second,
		stepTimeout: 2 * time.Minute, verifyAttempts: 3, conflictDelay: time.Second, maxConflictDelay: 32 * time.Second, inFlightGrace: 5 * time.Second,
		policyArrival: 2 * time.Minute, operationArrival: 10 * time.Minute,
		searchesPerMinute: 400, assetPagesPerMinute: 100} // iam-facts 7.4
	sandboxTiming = timing{callTimeout: 30 * time.Second, maxAttempts: 5, retryDelay: 100 * time.Millisecond, maxRetryDelay: time.Second,
		stepTimeout: 2 * time.Minute, verifyAttempts: 3, conflictDelay: 50 * time.Millisecond, maxConflictDelay: time.Second, inFlightGrace: time.Second,
		policyArrival: 15 * time.Second, operationArrival: 15 * time.Second}
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

type noRetryKey struct{}

// withoutRetry marks a call that must not be sent twice, because it writes.
func withoutRetry(ctx context.Context) context.Context {
	return context.WithValue(ctx, noRetryKey{}, true)
}

func isWithoutRetry(ctx context.Context) bool { return ctx.Value(noRetryKey{}) != nil }

type noQuotaRetryKey struct{}

// withoutQuotaRetry marks a call whose caller wants to hear of a used-up quota at once: a further attempt would only use up more.
func withoutQuotaRetry(ctx context.Context) context.Context {
	return context.WithValue(ctx, noQuotaRetryKey{}, true)
}

func isWithoutQuotaRetry(ctx context.Context) bool { return ctx.Value(noQuotaRetryKey{}) != nil }

// waitToRetry waits until a call that failed may be sent again. False means that it ends with this failure: it must not be
// repeated, repeating it does not help, or its time would be over before. A server that says when it wants to be asked
// again is not asked before.
func (p timing) waitToRetry(ctx context.Context, failure error, n int) bool {
	t := parseError(failure)
	if isWithoutRetry(ctx) || n+1 >= p.attemptsFor(ctx, t.code) {
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
func (p timing) attemptsFor(ctx context.Context, code codes.Code) int {
	switch code {
	case codes.Unavailable, codes.Internal:
		return p.maxAttempts
	case codes.ResourceExhausted:
		if !isWithoutQuotaRetry(ctx) {
			return p.maxAttempts
		}
	case codes.Unknown:
		return min(2, p.maxAttempts)
	}
	return 1
}
