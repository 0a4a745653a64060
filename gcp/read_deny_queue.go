package gcp

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"whopulls/gcp/cache"
	"whopulls/gcp/transport"
	"whopulls/model"
)

const (
	// quotaPeriod is when a quota that is counted by the minute is free again after a refusal.
	quotaPeriod = time.Minute
	// maxQuotaWaits is how often in a row a call is waited for. A quota that is still used up then is not freed by the minute.
	maxQuotaWaits = 3
)

// denyQueue reads deny policies, one level after the other. A project may read five a minute (iam-facts 8.3).
// So the levels that matter most come first, and a level that turns out not to matter is left out.
type denyQueue struct {
	cacheChecked   map[model.Want]bool // wants whose kept fact was looked for
	hierarchyReads int                 // reads under way that may change which levels there are
	running        int                 // reads of the lane under way, at most one
	quotaExhausted string              // why no more can be read; empty while that is possible
	reads          sync.WaitGroup      // of the lane's reads
}

// hierarchyKinds are the kinds of fact that say which levels there are, and in which order they matter.
var hierarchyKinds = []model.WantKind{model.WantWorkload, model.WantProject, model.WantAncestry, model.WantRepository}

// countRunning makes a task that n counts while it is under way.
func countRunning(n *int, t task) task {
	*n++
	return func(ctx context.Context) taskResult {
		a := t(ctx)
		put := a.apply
		a.apply = func(r *readRun) {
			*n--
			put(r)
		}
		return a
	}
}

// startDenyReads takes the wants for deny policies in their order: what is kept is answered at once, the rest waits for its
// turn.
func (r *readRun) startDenyReads(ctx context.Context, wants []model.Want) {
	for _, w := range wants {
		if w.Kind == model.WantDeny && !r.denyQueue.cacheChecked[w] {
			r.denyQueue.cacheChecked[w] = true
			if fact, ok := r.cloud.cachedDeny(w.Resource); ok {
				r.answerDeny(ctx, w, fact)
			}
		}
	}
	if r.denyQueue.hierarchyReads > 0 || r.denyQueue.running > 0 {
		return
	}
	for _, w := range wants {
		if w.Kind != model.WantDeny || r.started[w] {
			continue
		}
		if r.denyQueue.quotaExhausted == "" {
			r.readDeny(ctx, w)
			return
		}
		r.answerDeny(ctx, w, model.Unread[[]model.DenyPolicy](quotaGap(w.Resource, r.denyQueue.quotaExhausted, r.situation.Question.Strict)))
	}
}

// readDeny starts the lane's next read. Read does not return before it has ended: it may be telling somebody of a wait.
func (r *readRun) readDeny(ctx context.Context, w model.Want) {
	r.started[w] = true
	t := r.cloud.share([]model.Want{w}, r.cloud.denyTask(w.Resource, r.situation.Question.Strict))
	r.denyQueue.reads.Add(1)
	r.startTask(ctx, countRunning(&r.denyQueue.running, t), r.denyQueue.reads.Done)
}

// answerDeny answers without a call.
func (r *readRun) answerDeny(ctx context.Context, w model.Want, fact model.Fact[[]model.DenyPolicy]) {
	r.started[w] = true
	r.startTask(ctx, func(context.Context) taskResult {
		return taskResult{noCall: true, apply: func(r *readRun) { r.situation.Denies[w.Resource] = fact }}
	})
}

func (c *Cloud) cachedDeny(r model.Resource) (model.Fact[[]model.DenyPolicy], bool) {
	key, persistent := c.denyKey(r)
	return cache.Get[[]model.DenyPolicy](c.cache, cache.Deny, key, persistent)
}

// isQuotaExhausted reports whether the quota refused a read.
func isQuotaExhausted(err error) bool {
	return err != nil && transport.ParseError(err).Code == codes.ResourceExhausted
}

// quotaExhaustedReason says that the quota is used up, empty if err says something else.
func quotaExhaustedReason(err error, strict bool) string {
	if !isQuotaExhausted(err) {
		return ""
	}
	reason := "the quota of deny policy reads, 5 a minute for a project, is used up; "
	if strict {
		reason += fmt.Sprintf("%d waits of a minute did not free it", maxQuotaWaits)
	} else {
		reason += "it is free again within a minute"
	}
	if quota := transport.ParseError(err).QuotaLimit; quota != "" {
		reason += " (" + quota + ")"
	}
	return reason
}

// quotaGap needs no permission: only time closes it. A strict question has waited already.
func quotaGap(r model.Resource, reason string, strict bool) model.Gap {
	g := model.Gap{Resource: r, Reason: reason, Cause: model.GapQuota}
	if !strict {
		g.Next, g.NextInApp = "--strict waits for it", "read it again then ({reread})"
	}
	return g
}

// retryOnQuota makes a call of the lane. Strictly, one that the quota refuses is made again when the quota is free.
func (c *Cloud) retryOnQuota(ctx context.Context, strict bool, call func() error) error {
	for n := 0; ; n++ {
		err := call()
		if !strict || n >= maxQuotaWaits || !isQuotaExhausted(err) {
			return err
		}
		if err := c.waitForQuota(ctx, c.now().Add(quotaPeriod)); err != nil {
			return err
		}
	}
}

// waitUntil waits silently.
func waitUntil(ctx context.Context, until time.Time) error {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// changesHierarchy reports whether a want's fact may change which levels there are.
func changesHierarchy(w model.Want) bool { return slices.Contains(hierarchyKinds, w.Kind) }
