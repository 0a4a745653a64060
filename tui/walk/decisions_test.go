package walk

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"whopulls/model"
	"whopulls/model/garble"
)

// decisions are everything that the walk decides by what became of its steps.
func decisions(w *Screen) string {
	ids := func(steps []model.Step) (ids []string) {
		for _, s := range steps {
			ids = append(ids, s.ID)
		}
		return ids
	}
	back, permanent := w.undoSteps()
	all := fmt.Sprintf("remaining %v, undoable %v, permanent %d;", ids(w.remainingSteps()), ids(back), permanent)
	for i, s := range w.steps {
		w.current = i
		all += fmt.Sprintf(" %s: kept %v, depended on %v, may be depended on %v, undo %v, blocked %v;",
			s.ID, w.wasKept(s), w.whyDependedOn(s) != "", w.mayHaveDependent(s), w.whyNoUndo() == "", w.whyBlocked(s) != "")
	}
	return all
}

// stepEnds are what may become of a step.
var stepEnds = map[string]func(w *Screen, p *judgedPurpose, s model.Step){
	"made": tryStep,
	"left out": func(w *Screen, _ *judgedPurpose, s model.Step) {
		w.current = slices.IndexFunc(w.steps, func(o model.Step) bool { return o.ID == s.ID })
		w.skip()
	},
	"not seen": func(w *Screen, p *judgedPurpose, s model.Step) {
		p.unknown = true
		tryStep(w, p, s)
		p.unknown = false
	},
	"used": func(w *Screen, p *judgedPurpose, s model.Step) {
		for i := range p.now.Bindings {
			p.now.Bindings[i].Status, p.now.Bindings[i].Reason = model.StaleActive, "a project uses it"
		}
		tryStep(w, p, s)
	},
	"refused": func(w *Screen, _ *judgedPurpose, s model.Step) {
		w.outcomes[s.ID] = model.Outcome{Step: s, State: model.StepNotAllowed, Message: "x"}
	},
	"failed": func(w *Screen, _ *judgedPurpose, s model.Step) {
		w.outcomes[s.ID] = model.Outcome{Step: s, State: model.StepFailed, Message: "x"}
	},
	"waiting": func(w *Screen, _ *judgedPurpose, s model.Step) {
		w.startBatch(batch{approved: map[string]bool{s.ID: true}})
		w.links.Writes.Wait()
	},
	"untouched": func(*Screen, *judgedPurpose, model.Step) {},
}

func tryStep(w *Screen, _ *judgedPurpose, s model.Step) {
	w.outcomes[s.ID] = w.recheckAndWrite(w.Context, w.gate(""), s, false)
}

// decidedAfter gives the decisions after the grant and the removal that depends on it, with sentences or with nonsense for them.
func decidedAfter(t *testing.T, grant, revoke string, garbled bool) string {
	t.Helper()
	w, p := newJudgedWalk(t, &fakeCloud{garbled: garbled})
	p.garbled = garbled
	for i, end := range []string{grant, revoke} {
		stepEnds[end](w, p, w.steps[i])
	}
	w.batch, w.writing = nil, false
	if garbled {
		w.outcomes, w.steps, p.before = garble.Sentences(w.outcomes), garble.Sentences(w.steps), garble.Sentences(p.before)
	}
	return decisions(w)
}

// What a walk offers and refuses is the same when every sentence in it is nonsense: of steps that were made, left out, that wait,
// that could not be looked at again, that are used by now, that the caller may not make, or that failed.
func TestAWalkDecidesByNoSentence(t *testing.T) {
	names := slices.Sorted(maps.Keys(stepEnds))
	for _, grant := range names {
		for _, revoke := range names {
			t.Run(grant+", then "+revoke, func(t *testing.T) {
				said, nonsense := decidedAfter(t, grant, revoke, false), decidedAfter(t, grant, revoke, true)
				if said != nonsense {
					t.Errorf("%s\nwith nonsense for sentences\n%s", said, nonsense)
				}
			})
		}
	}
}
