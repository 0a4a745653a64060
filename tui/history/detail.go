package history

import (
	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/tui/ui"
)

// detail is what there is to say about the row below the cursor: each change in full, and what would take it back.
func (h *Screen) detail(width int) []string {
	r, ok := h.current()
	if !ok {
		return nil
	}
	b := &ui.Block{Styles: h.Styles, Width: width}
	b.Para("run    ", r.run+"  "+h.runText(r))
	for _, e := range r.entries {
		b.Blank()
		h.addEntry(b, e)
	}
	b.Blank()
	h.addUndo(b, r)
	return b.Lines
}

// addEntry is one change: its resource, role and member, and how it ended.
func (h *Screen) addEntry(b *ui.Block, e ledger.Entry) {
	b.Add("  " + h.style(e.State).Render(e.State.Sign()+" "+string(e.State)) + "  " + h.Styles.Dim.Render(e.ID))
	b.Para("on     ", model.Describe(e.Resource, nil))
	if e.Role != "" {
		b.Para("role   ", e.Role)
	}
	if e.Member != "" {
		b.Para("member ", string(e.Member))
	}
	if e.Condition != nil {
		b.Para("where  ", e.Condition.Text())
	}
	if e.Message != "" && e.State != ledger.StateDone {
		b.Para("why    ", ledger.WithDeadline(e.Message, e.Until))
	}
}

// addUndo is what an undo of the row would do, with the commands that do the same, or why there is none.
func (h *Screen) addUndo(b *ui.Block, r row) {
	entries, err := h.takenBack(r)
	if err != nil {
		b.Para("undo   ", "no: "+model.ErrorWithHint(err))
		return
	}
	steps, _, left := ledger.Feasible(entries)
	for _, s := range steps {
		b.Para("undo   ", s.Title)
		for _, c := range s.Gcloud {
			b.Command(text.Clean(c))
		}
	}
	for _, o := range left {
		b.Para("stays  ", o.Step.Heading()+": "+o.Reason.Why)
	}
}
