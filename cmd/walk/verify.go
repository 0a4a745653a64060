package walk

import (
	"context"
	"time"

	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
)

// DryRunResult is what Cloud Run said to a deploy that changes nothing; nil if it was not asked.
func (w *Walk) DryRunResult() *view.DryRun {
	if !w.dryRunMade {
		return nil
	}
	return &view.DryRun{Accepted: w.DryRunRefusal == "", Message: w.DryRunRefusal}
}

// recheckInterval is how long to wait before effects are looked at again.
const recheckInterval = 2 * time.Second

// DryRunner makes a deploy that validates only.
type DryRunner interface {
	DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error
}

// Verify reads everything again, and again until the effects that can be observed are, or the time for that is over.
func (w *Walk) Verify(ctx context.Context, c DryRunner, v options.VerifyFlags, read func() (view.Assessment, error)) (view.Assessment, error) {
	for end := w.now().Add(v.Wait); ; {
		after, err := read()
		if err != nil {
			return after, err
		}
		if v.Verify == options.VerifyDeploy && w.request.Question.Workload != nil {
			w.runDryRun(ctx, c, w.request.Question)
		}
		w.recordEffects(after)
		left := end.Sub(w.now())
		if !w.awaitsEffect(after) || left <= 0 {
			return after, nil
		}
		if err := sleep(ctx, min(recheckInterval, left)); err != nil {
			return after, err
		}
	}
}

// runDryRun deploys without deploying.
func (w *Walk) runDryRun(ctx context.Context, c DryRunner, q model.Question) {
	w.dryRunMade, w.DryRunRefusal = true, ""
	if err := c.DryRunDeploy(ctx, q.Project, *q.Workload); err != nil {
		w.DryRunRefusal = err.Error()
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// awaitsEffect reports whether an effect that can be observed is not there yet.
func (w *Walk) awaitsEffect(after view.Assessment) bool {
	if w.dryRunMade && w.DryRunRefusal != "" {
		return true
	}
	for _, o := range w.Outcomes {
		if o.State == model.StepDone && o.Effect != model.EffectObserved && o.Observable(after.Situation.Caller) {
			return true
		}
	}
	return false
}

// effectOf is a step's effect, as far as it is known. A deploy that Cloud Run accepts from the caller observes what the caller
// needs for it.
func (w *Walk) effectOf(after view.Assessment, s model.Step) model.Effect {
	if w.dryRunMade && w.DryRunRefusal == "" && s.Observable(after.Situation.Caller) {
		return model.EffectObserved
	}
	return model.EffectOf(after.Diagnosis, s)
}
