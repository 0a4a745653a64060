package cmd

import (
	"context"
	"time"

	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
)

// dryRunResult is what Cloud Run said to a deploy that changes nothing; nil if it was not asked.
func (w *walk) dryRunResult() *view.DryRun {
	if !w.dryRunMade {
		return nil
	}
	return &view.DryRun{Accepted: w.dryRunRefusal == "", Message: w.dryRunRefusal}
}

// recheckInterval is how long to wait before effects are looked at again.
const recheckInterval = 2 * time.Second

// effectReader shows whether a change has taken effect.
type effectReader interface {
	assessor
	dryRunner
}

// dryRunner makes a deploy that validates only.
type dryRunner interface {
	DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error
}

// verifyEffects reads everything again, and again until the effects that can be observed are, or the time for that is over.
func (p *program) verifyEffects(ctx context.Context, c effectReader, r options.Request, v options.VerifyFlags, w *walk) (assessment, error) {
	for end := p.now().Add(v.Wait); ; {
		after, err := p.assess(ctx, c, r)
		if err != nil {
			return after, err
		}
		if v.Verify == options.VerifyDeploy && r.Question.Workload != nil {
			w.runDryRun(ctx, c, r.Question)
		}
		w.recordEffects(after)
		left := end.Sub(p.now())
		if !w.awaitsEffect(after) || left <= 0 {
			return after, nil
		}
		if err := sleep(ctx, min(recheckInterval, left)); err != nil {
			return after, err
		}
	}
}

// runDryRun deploys without deploying.
func (w *walk) runDryRun(ctx context.Context, c dryRunner, q model.Question) {
	w.dryRunMade, w.dryRunRefusal = true, ""
	if err := c.DryRunDeploy(ctx, q.Project, *q.Workload); err != nil {
		w.dryRunRefusal = err.Error()
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
func (w *walk) awaitsEffect(after assessment) bool {
	if w.dryRunMade && w.dryRunRefusal != "" {
		return true
	}
	for _, o := range w.outcomes {
		if o.State == model.StepDone && o.Effect != model.EffectObserved && o.Observable(after.Situation.Caller) {
			return true
		}
	}
	return false
}

// effectOf is a step's effect, as far as it is known. A deploy that Cloud Run accepts from the caller observes what the caller
// needs for it.
func (w *walk) effectOf(after assessment, s model.Step) model.Effect {
	if w.dryRunMade && w.dryRunRefusal == "" && s.Observable(after.Situation.Caller) {
		return model.EffectObserved
	}
	return model.EffectOf(after.Diagnosis, s)
}
