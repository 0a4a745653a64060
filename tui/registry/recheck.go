package registry

import (
	"context"
	"maps"
	"slices"
	"sync"

	"whopulls/model"
	"whopulls/tui/ui"
)

// Recheck judges bindings again, each just before its change. What is used by now stays, and so does what can't be seen.
type Recheck struct {
	Cloud    ui.Connection[Cloud]
	Bindings map[string]model.StaleBinding // as they were judged before, by the step's id

	mu    sync.Mutex
	tried map[string]bool // the ids of the steps that were tried, also of those taken back since
}

// LookAgain says why a step's binding stays; unset: it is as it was judged before.
func (r *Recheck) LookAgain(ctx context.Context, step model.Step) model.SkipReason {
	r.markTried(step)
	cloud, err := r.Cloud(ctx)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	before := r.Bindings[step.ID]
	s, err := cloud.RereadBindings(ctx, before.Resource)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	return model.Recheck(before, model.FindStale(s))
}

func (r *Recheck) markTried(step model.Step) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tried == nil {
		r.tried = map[string]bool{}
	}
	r.tried[step.ID] = true
}

// triedBindings are the bindings whose change was tried, whatever became of it.
func (r *Recheck) triedBindings() (bindings []model.StaleBinding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(r.tried)) {
		bindings = append(bindings, r.Bindings[id])
	}
	return bindings
}
