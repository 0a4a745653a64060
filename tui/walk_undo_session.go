package tui

import (
	"fmt"
	"strconv"

	"whopulls/model"
	"whopulls/tui/ui"
)

// undoPart is what a walk that takes changes of this run back has in addition to its steps.
type undoPart struct {
	writes map[string]model.Write // the changes that are taken back, by the step's id
}

// undoSteps are what takes back the changes of this run of the program that are in place, the last one first; gone are those made
// in a cloud that ends with it. What took a change back is none of them.
func (c *changes) undoSteps(temporary bool) (steps []model.Step, writes map[string]model.Write) {
	c.mu.Lock()
	defer c.mu.Unlock()
	writes = map[string]model.Write{}
	for i := len(c.outcomes) - 1; i >= 0; i-- {
		o, w := c.outcomes[i], c.writes[i]
		if o.State != model.StepDone || o.Entry == nil || w.Undoes != "" || c.temporary[i] != temporary || c.undone[*o.Entry] {
			continue
		}
		inverse, err := o.Inverse()
		if err != nil {
			continue
		}
		inverse.ID = strconv.Itoa(len(steps) + 1)
		for id, later := range writes {
			if w.WasReplacementFor(later) {
				inverse.After = append(inverse.After, id)
			}
		}
		w.Step, w.Undoes = o.Step, *o.Entry
		steps, writes[inverse.ID] = append(steps, inverse), w
	}
	return steps, writes
}

// newUndoWalk goes through what takes changes back, as a walk goes through a plan.
func newUndoWalk(e *app, q model.Question, s model.Situation, steps []model.Step, writes map[string]model.Write) *walkScreen {
	w := newWalkScreen(e, q, s, model.Plan{Steps: steps})
	w.undoing = &undoPart{writes: writes}
	return w
}

// addDoubt puts into a question what may make a binding somebody else's; sure tells that nothing does.
func (w *walkScreen) addDoubt(d *ui.Dialog, inverse model.Step, entry string) (sure bool) {
	if cloud, err := w.awaitCloud(w.Context); err == nil {
		if ours, err := cloud.UntouchedSince(w.Context, inverse.Resource, entry); err == nil && ours {
			return true
		}
	}
	d.What += " " + inverse.UndoWarning()
	return false
}

// addDoubts does so for several steps at once.
func (w *walkScreen) addDoubts(d *ui.Dialog, steps []model.Step, entries map[string]string) (sure map[string]bool) {
	sure = map[string]bool{}
	var doubtful []model.Step
	for _, s := range steps {
		if entries[s.ID] == "" {
			continue
		}
		if sure[s.ID] = w.addDoubt(&ui.Dialog{}, s, entries[s.ID]); !sure[s.ID] {
			doubtful = append(doubtful, s)
		}
	}
	switch len(doubtful) {
	case 0:
	case 1:
		d.What += " Step " + doubtful[0].ID + ": " + doubtful[0].UndoWarning()
	default:
		d.What += fmt.Sprintf(" Of %d of them others changed the policy since: somebody may have made the same change again, and then it is theirs.", len(doubtful))
	}
	return sure
}

// undoneEntry is the journal's entry of what a step takes back; empty: it takes nothing back.
func (w *walkScreen) undoneEntry(s model.Step) string {
	if w.undoing == nil {
		return ""
	}
	return w.undoing.writes[s.ID].Undoes
}

// verbs say what the walk does to bindings.
func (w *walkScreen) verbs() verbForms {
	if w.undoing != nil {
		return verbForms{"take back", "Taking back", "taken back"}
	}
	return cleanupVerbs(w.steps)
}

// allowsBatch reports whether all steps can be made after one yes: those of a question are asked about one by one.
func (w *walkScreen) allowsBatch() bool { return w.cleanup != nil || w.undoing != nil }
