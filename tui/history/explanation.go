package history

import (
	"whopulls/model/explanation"
	"whopulls/model/ledger"
	"whopulls/tui/ui"
)

// explainMenu explains the change under the cursor; nil: there is none.
func (h *Screen) explainMenu() *ui.Menu {
	if h.whyNoExplanation() != "" {
		return nil
	}
	r, _ := h.current()
	e := r.first()
	x := explanation.OfChange(e.Step(), e.Project, h.fate(e))
	return h.ExplanationMenu("Explain: "+stepText(e), x, nil, h.LinkRow(x))
}

// whyNoExplanation says why there is nothing to explain; empty: there is.
func (h *Screen) whyNoExplanation() string {
	r, ok := h.current()
	switch {
	case !ok:
		return h.whyNoRow()
	case r.isRun:
		return "choose one of the changes of this run"
	}
	return ""
}

// fate is what became of a change, and whether it can be taken back from here.
func (h *Screen) fate(e ledger.Entry) explanation.Fate {
	switch {
	case e.State == ledger.StateUndone:
		return explanation.TakenBack
	case e.State == ledger.StateFailed:
		return explanation.NotMade
	case e.State != ledger.StateDone:
		return explanation.Open
	case h.whyNoUndo() != "":
		return explanation.Final
	}
	return explanation.Reversible
}
