package gcp

import (
	"time"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// timing is how long changes and scans may take, and how they are tried again.
type timing struct {
	calls               transport.Timing
	verifyAttempts      int           // how often a changed policy is read until it shows the change
	stepTimeout         time.Duration // one step, from reading to verifying
	conflictDelay       time.Duration // the first wait before a policy that somebody else changed is read again
	maxConflictDelay    time.Duration
	searchesPerMinute   int           // searches of allow policies in any minute; 0: no limit
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

// These times are for a write without an answer. Google's client libraries limit a call that sets a policy to
// 60 s (call options of SetIamPolicy in artifactregistry/apiv1, iam/admin/apiv1, resourcemanager/apiv3). The
// windows are twice as long. To enable an API is an operation that continues at Google after its call. A
// sandbox is on this machine.
var (
	googleTiming = timing{calls: transport.GoogleTiming, stepTimeout: 2 * time.Minute, verifyAttempts: 3,
		conflictDelay: time.Second, maxConflictDelay: 32 * time.Second, inFlightGrace: 5 * time.Second,
		policyArrival: 2 * time.Minute, operationArrival: 10 * time.Minute,
		searchesPerMinute: 400, assetPagesPerMinute: 100} // iam-facts 7.4
	sandboxTiming = timing{calls: transport.SandboxTiming, stepTimeout: 2 * time.Minute, verifyAttempts: 3,
		conflictDelay: 50 * time.Millisecond, maxConflictDelay: time.Second, inFlightGrace: time.Second,
		policyArrival: 15 * time.Second, operationArrival: 15 * time.Second}
)

// throttle shows what is known so far, and not so often that the showing slows the scan.
type throttle struct {
	shown time.Time
	took  time.Duration
}

// The least time between two showings, and how many times as long as one takes.
const (
	foundInterval = 300 * time.Millisecond
	foundShare    = 10
)

// offer shows what is known, unless that was just done. Nothing is put together for nobody.
func (t *throttle) offer(show func(model.StaleList), known func() model.StaleList) {
	began := time.Now()
	if show == nil || began.Sub(t.shown) < max(foundInterval, foundShare*t.took) {
		return
	}
	show(known())
	t.shown = time.Now()
	t.took = t.shown.Sub(began)
}

// reset lets the next offer be shown at once.
func (t *throttle) reset() { *t = throttle{} }
