package history

import (
	"whopulls/model/ledger"
	"whopulls/tui/ui"
)

// Copyables are what the row under the cursor has: of a change what it changed, and of both the commands that take it back.
func (h *Screen) Copyables() (all ui.Copyables) {
	r, ok := h.current()
	if !ok {
		return nil
	}
	if e := r.first(); r.isRun {
		all.Add("run", r.run)
	} else {
		all.Add("member", string(e.Member))
		all.Add("role", e.Role)
		all.Add("resource", e.Resource.Path())
		all.Add("change", e.ID)
	}
	all.Add("undo command", h.undoCommands(r)...)
	all.Add("line", h.rowText(r))
	return all
}

// undoCommands are the gcloud commands that take a row back; none where it can't be.
func (h *Screen) undoCommands(r row) []string {
	entries, err := h.takenBack(r)
	if err != nil {
		return nil
	}
	steps, _, _ := ledger.Feasible(entries)
	return ui.CommandsOf(steps)
}

// rowText is a row in words.
func (h *Screen) rowText(r row) string {
	if r.isRun {
		return h.runText(r)
	}
	e := r.first()
	return e.State.Sign() + " " + string(e.State) + "  " + stepText(e)
}
