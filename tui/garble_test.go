package tui

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"whopulls/model"
	"whopulls/model/garble"
)

// garbledCloud is a cloud whose last look fails on demand, and which says nothing but nonsense.
type garbledCloud struct {
	*fakeCloud
	lookFails bool
}

func (b *garbledCloud) RereadBindings(ctx context.Context, r model.Resource) (model.Situation, error) {
	if b.lookFails {
		return model.Situation{}, errors.New(garble.Nonsense)
	}
	s, err := b.fakeCloud.RereadBindings(ctx, r)
	return garble.Sentences(s), err
}

func (b *garbledCloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	outcomes, err := b.fakeCloud.Perform(ctx, g, ws)
	return garble.Sentences(outcomes), err
}

// decisions are everything that the walk decides by what became of its steps.
func decisions(w *walkScreen) string {
	ids := func(steps []model.Step) (ids []string) {
		for _, s := range steps {
			ids = append(ids, s.ID)
		}
		return ids
	}
	back, kept := w.undoSteps()
	told := fmt.Sprintf("remaining %v, returnable %v, kept %d;", ids(w.remainingSteps()), ids(back), kept)
	for i, s := range w.steps {
		w.current = i
		told += fmt.Sprintf(" %s: stayed %v, hangs %v, unsure %v, undo %v, hindered %v;", s.ID, w.wasKept(s), w.whyDependedOn(s) != "", w.mayHaveDependent(s), w.whyNoUndo() == "", w.whyBlocked(s) != "")
	}
	return told
}

// What a walk of removals offers and refuses is the same when every sentence in it is nonsense: of steps that were made,
// left out, that wait, that could not be looked at again, that are used by now, that the caller may not make, or that failed.
func TestAWalkDecidesByNoSentence(t *testing.T) {
	ends := map[string]func(w *walkScreen, cloud *garbledCloud, s model.Step){
		"made": func(w *walkScreen, _ *garbledCloud, s model.Step) {
			w.outcomes[s.ID] = w.recheckAndWrite(t.Context(), w.gate(""), s, false)
		},
		"left out": func(w *walkScreen, _ *garbledCloud, s model.Step) {
			w.current = slices.IndexFunc(w.steps, func(o model.Step) bool { return o.ID == s.ID })
			w.skip()
		},
		"not seen": func(w *walkScreen, c *garbledCloud, s model.Step) {
			c.lookFails = true
			w.outcomes[s.ID] = w.recheckAndWrite(t.Context(), w.gate(""), s, false)
			c.lookFails = false
		},
		"used": func(w *walkScreen, c *garbledCloud, s model.Step) {
			c.startUsing("old-campaign-2019")
			w.outcomes[s.ID] = w.recheckAndWrite(t.Context(), w.gate(""), s, false)
		},
		"refused": func(w *walkScreen, _ *garbledCloud, s model.Step) {
			w.outcomes[s.ID] = model.Outcome{Step: s, State: model.StepNotAllowed, Message: "x"}
		},
		"failed": func(w *walkScreen, _ *garbledCloud, s model.Step) {
			w.outcomes[s.ID] = model.Outcome{Step: s, State: model.StepFailed, Message: "x"}
		},
		"waiting": func(w *walkScreen, _ *garbledCloud, s model.Step) {
			w.startBatch(batch{approved: map[string]bool{s.ID: true}})
			w.links.Writes.Wait()
		},
		"untouched": func(*walkScreen, *garbledCloud, model.Step) {},
	}
	names := slices.Sorted(maps.Keys(ends))
	for _, grant := range names {
		for _, revoke := range names {
			walks := map[bool]string{}
			for _, garbled := range []bool{false, true} {
				cloud := &garbledCloud{fakeCloud: newStaleCloud()}
				var writes sync.WaitGroup
				e := newRoot(t.Context(), Options{Connect: func(context.Context) (Cloud, error) { return cloud, nil }}, &writes).app
				e.dial()
				s, err := cloud.fakeCloud.RereadBindings(t.Context(), repoName.Resource())
				if err != nil {
					t.Fatal(err)
				}
				var bindings []model.StaleBinding
				for _, b := range model.FindStale(s).Bindings {
					if b.Replace != "" || b.Removable {
						bindings = append(bindings, b)
					}
				}
				steps, byStep := model.StaleSteps(bindings)
				look := &recheck{cloud: func(context.Context) (cleanupCloud, error) { return cloud, nil }, bindings: byStep}
				w := e.openWalk(walkTask{Purpose: newRemovals(e.Session, look, s, steps), Situation: s, Steps: steps}).(*walkScreen)
				at := slices.IndexFunc(w.steps, func(s model.Step) bool { return s.Kind == model.StepGrant })
				for i, end := range []string{grant, revoke} { // the broad role is revoked because the narrow one was granted
					ends[end](w, cloud, w.steps[at+i])
				}
				w.batch, w.writing = nil, false
				if garbled {
					w.outcomes, w.steps, look.bindings = garble.Sentences(w.outcomes), garble.Sentences(w.steps), garble.Sentences(look.bindings)
				}
				walks[garbled] = decisions(w)
			}
			if walks[true] != walks[false] {
				t.Errorf("the grant %s, the revoke %s:\n%s\nwith nonsense for sentences\n%s", grant, revoke, walks[false], walks[true])
			}
		}
	}
}
