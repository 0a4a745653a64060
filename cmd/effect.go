package cmd

import (
	"context"
	"time"

	"whopulls/model"
)

// rehearsal is what Cloud Run said to a deploy that changes nothing.
type rehearsal struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
}

func (w *walk) rehearsal() *rehearsal {
	if !w.rehearsed {
		return nil
	}
	return &rehearsal{w.refused == "", w.refused}
}

// lookAgain is how long to wait before effects are looked at again.
const lookAgain = 2 * time.Second

// observe reads everything again, and again until the effects that can be observed are, or the time for that is over.
func (p *program) observe(ctx context.Context, c cloud, r request, w *walk) (finding, error) {
	for end := p.now().Add(r.wait); ; {
		after, err := p.look(ctx, c, r)
		if err != nil {
			return after, err
		}
		if r.verify == verifyDeploy && r.question.Workload != nil {
			w.rehearse(ctx, c, r.question)
		}
		w.effects(after)
		left := end.Sub(p.now())
		if !w.awaits(after) || left <= 0 {
			return after, nil
		}
		if err := sleep(ctx, min(lookAgain, left)); err != nil {
			return after, err
		}
	}
}

// rehearse deploys without deploying.
func (w *walk) rehearse(ctx context.Context, c cloud, q model.Question) {
	w.rehearsed, w.refused = true, ""
	if refused := c.DryRunDeploy(ctx, q.Project, *q.Workload); refused != nil {
		w.refused = refused.Error()
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

// awaits tells whether an effect that can be observed is not there yet.
func (w *walk) awaits(after finding) bool {
	if w.rehearsed && w.refused != "" {
		return true
	}
	for _, o := range w.outcomes {
		if o.State == model.StepDone && o.Effect != model.EffectObserved && o.Observable(after.situation.Caller) {
			return true
		}
	}
	return false
}

// effect is what is known of a step's effect. A deploy that Cloud Run accepts from the caller observes what the caller
// needs for it.
func (w *walk) effect(after finding, s model.Step) model.Effect {
	if w.rehearsed && w.refused == "" && s.Observable(after.situation.Caller) {
		return model.EffectObserved
	}
	return model.EffectOf(after.diagnosis, s)
}

// viewRehearsal says what Cloud Run answered.
func viewRehearsal(p *printer, w *walk) {
	if w.refused == "" {
		p.hang([]span{{good, "✓ "}}, text("Cloud Run accepts a deploy of the workload as it is (validate-only: nothing was deployed)."))
		return
	}
	p.hang([]span{{bad, "✗ "}}, text("Cloud Run refuses a deploy of the workload as it is (validate-only): "+w.refused))
}
