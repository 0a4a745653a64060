package registry

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// changes are what the journal has of the bindings that were found.
type changes struct {
	history ledger.History
	origin  string
	last    map[string]string // the id of the last change that stands, by the binding's id
}

// readChanges finds the changes of this cloud that stand. Without a journal there are none: the list is as good without it.
func readChanges(cloud Cloud) changes {
	history, err := cloud.History()
	if err != nil {
		return changes{}
	}
	c := changes{history, cloud.Origin(), map[string]string{}}
	for _, e := range history.Entries {
		if e.Target == c.origin && e.State == ledger.StateDone {
			c.last[bindingID(model.StaleBinding{Resource: e.Resource, Role: e.Role, Member: e.Member, Condition: e.Condition})] = e.ID
		}
	}
	return c
}

// undoing are the steps that take the last change of a binding back, or why there are none.
func (c changes) undoing(b *binding) (steps []model.Step, writes map[string]model.Write, why string) {
	id, changed := c.last[b.id]
	if !changed {
		return nil, nil, "the journal has no change of this binding"
	}
	entries, err := c.history.ToUndo(c.origin, id)
	if err != nil {
		return nil, nil, model.ErrorWithHint(err)
	}
	steps, writes, left := ledger.Feasible(entries)
	if len(steps) == 0 {
		return nil, nil, text.Clean(left[0].Reason.Why)
	}
	return steps, writes, ""
}

// whyNoUndo says why the binding under the cursor has no change to take back; empty: it has.
func (r *Screen) whyNoUndo() string {
	b, ok := r.current()
	switch {
	case r.ReadOnly:
		return ui.NothingChanged
	case !ok:
		return noBinding
	case r.Busy:
		return stillReading
	}
	_, _, why := r.result.changes.undoing(b)
	return why
}

// undo opens the walk that takes the last change of the binding under the cursor back.
func (r *Screen) undo() tea.Cmd {
	if why := r.whyNoUndo(); why != "" {
		return ui.Notice(why)
	}
	b, _ := r.current()
	steps, writes, _ := r.result.changes.undoing(b)
	r.undone = []model.StaleBinding{b.StaleBinding}
	return ui.Push(r.links.OpenWalk(walk.Task{Purpose: walk.Undo{Where: trail(r.question, r.result.levels), Back: "the list", Of: "this binding", Writes: writes}, Steps: steps}))
}
