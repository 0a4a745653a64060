package gcp

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"whopulls/model"
)

const (
	// quotaFrees is when a quota that is counted by the minute is free again after a refusal.
	quotaFrees = time.Minute
	// quotaWaits is how often in a row a call is waited for. A quota that is still used up then is not freed by the minute.
	quotaWaits = 3
)

// lane is where deny policies are read, one level after the other: five reads a minute are all that a project has
// (iam-facts 8.3), so they go to the levels that matter most, and none to a level that turns out not to matter.
type lane struct {
	looked  map[model.Want]bool // wants whose kept fact was looked for
	shaping int                 // reads under way that may change which levels there are
	reading int                 // reads of the lane under way, at most one
	spent   string              // why no more can be read; empty while that is possible
	ends    sync.WaitGroup      // of the lane's reads
}

// shaping are the kinds of fact that say which levels there are, and in which order they matter.
var shaping = []model.WantKind{model.WantWorkload, model.WantProject, model.WantAncestry, model.WantRepository}

// counted makes a task that n counts while it is under way.
func counted(n *int, t task) task {
	*n++
	return func(ctx context.Context) answer {
		a := t(ctx)
		put := a.put
		a.put = func(r *reading) {
			*n--
			put(r)
		}
		return a
	}
}

// startDeny takes the wants for deny policies in their order: what is kept is answered at once, the rest waits for its
// turn.
func (r *reading) startDeny(ctx context.Context, wants []model.Want) {
	for _, w := range wants {
		if w.Kind == model.WantDeny && !r.lane.looked[w] {
			r.lane.looked[w] = true
			if fact, ok := r.cloud.keptDeny(model.Resource(w.Key)); ok {
				r.settleDeny(ctx, w, fact)
			}
		}
	}
	if r.lane.shaping > 0 || r.lane.reading > 0 {
		return
	}
	for _, w := range wants {
		if w.Kind != model.WantDeny || r.started[w] {
			continue
		}
		if r.lane.spent == "" {
			r.readDeny(ctx, w)
			return
		}
		r.settleDeny(ctx, w, model.Unread[[]model.DenyPolicy](spentGap(model.Resource(w.Key), r.lane.spent)))
	}
}

// readDeny starts the lane's next read. Read does not return before it has ended: it may be telling somebody of a wait.
func (r *reading) readDeny(ctx context.Context, w model.Want) {
	r.started[w] = true
	t := r.cloud.denyTask(model.Resource(w.Key), r.situation.Question.Strict)
	r.lane.ends.Add(1)
	r.start(ctx, counted(&r.lane.reading, t), r.lane.ends.Done)
}

// settleDeny answers without a call.
func (r *reading) settleDeny(ctx context.Context, w model.Want, fact model.Fact[[]model.DenyPolicy]) {
	r.started[w] = true
	r.start(ctx, func(context.Context) answer {
		return answer{free: true, put: func(r *reading) { r.situation.Denies[model.Resource(w.Key)] = fact }}
	})
}

func (c *Cloud) keptDeny(r model.Resource) (model.Fact[[]model.DenyPolicy], bool) {
	key, lasting := c.denyKey(r)
	return kept[[]model.DenyPolicy](c.kept, kindDeny, key, lasting)
}

// spent tells whether the quota refused a read.
func spent(err error) bool { return err != nil && troubleOf(err).code == codes.ResourceExhausted }

// spentReason says that the quota is used up, empty when err says something else.
func spentReason(err error, strict bool) string {
	if !spent(err) {
		return ""
	}
	reason := "the quota of deny policy reads, 5 a minute for a project, is used up; "
	if strict {
		reason += fmt.Sprintf("%d waits of a minute did not free it", quotaWaits)
	} else {
		reason += "it is free again within a minute, and --strict waits for it"
	}
	if quota := troubleOf(err).quota; quota != "" {
		reason += " (" + quota + ")"
	}
	return reason
}

// spentGap needs no permission: only time closes it.
func spentGap(r model.Resource, reason string) model.Gap {
	return model.Gap{Resource: r, Reason: reason}
}

// patiently makes a call of the lane. Strictly, one that the quota refuses is made again when the quota is free.
func (c *Cloud) patiently(ctx context.Context, strict bool, call func() error) error {
	for n := 0; ; n++ {
		err := call()
		if !strict || n >= quotaWaits || !spent(err) {
			return err
		}
		if err := c.wait(ctx, c.kept.now().Add(quotaFrees)); err != nil {
			return err
		}
	}
}

// waitUntil waits without a word.
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

// shapes tells whether a want's fact may change which levels there are.
func shapes(w model.Want) bool { return slices.Contains(shaping, w.Kind) }
