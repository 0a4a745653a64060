package walk

import (
	"whopulls/model/explanation"
	"whopulls/text"
	"whopulls/tui/ui"
)

// explainBinding explains what the current step is about.
func (w *Screen) explainBinding() ui.Binding {
	return ui.Binding{Intent: ui.IntentExplain, Help: "explain", LongHelp: "explain this step: what, why, what to do"}.DisabledIf(w.whyIgnored(ui.IntentExplain))
}

// explainMenu explains what the current step is about, and copies what it has.
func (w *Screen) explainMenu() *ui.Menu {
	line, x := w.purpose.Explain(w.steps[w.current], w.situation, w.fate(w.current))
	return w.ExplanationMenu("Explain: "+text.Clean(line), x, nil, w.LinkRow(x))
}

// fate is what became of a step.
func (w *Screen) fate(index int) explanation.Fate {
	o, hasOutcome := w.outcomes[w.steps[index].ID]
	if !hasOutcome || !o.InPlace() {
		return explanation.Planned
	}
	if _, _, ok := w.inverseOf(index); ok {
		return explanation.Reversible
	}
	return explanation.Final
}
