package registry

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/text"
	"whopulls/tui/ui"
)

// MenuFor explains the binding under the cursor: who its member is, whether it is needed, and what to do. It leads on from there.
func (r *Screen) MenuFor(i ui.Intent) *ui.Menu {
	b, ok := r.current()
	if i != ui.IntentExplain || !ok || b.Status == "" {
		return nil
	}
	e := explanation.OfBinding(b.StaleBinding, r.Levels(), r.whyNoUndo() == "")
	rows := []ui.MenuRow{{Label: "copy the member", Detail: text.Clean(string(b.Member)), Take: func() tea.Cmd { return ui.Copy(string(b.Member)) }}}
	rows = append(rows, r.LinkRow(e))
	if r.whyNoRemoval() == "" {
		rows = append([]ui.MenuRow{{Label: r.enterHelp(), Detail: "each change asks first", Take: r.openRemoval}}, rows...)
	}
	return r.ExplanationMenu("Explain: "+b.columns[columnConsumer], e, r.advice(b), rows...)
}

// whyNoExplanation says why there is nothing to explain; empty: there is.
func (r *Screen) whyNoExplanation() string {
	b, ok := r.current()
	switch {
	case !ok:
		return noBinding
	case b.Status == "":
		return stillReading
	}
	return ""
}

// advice is what would show what could not be seen.
func (r *Screen) advice(b *binding) []string {
	if b.section != unclear {
		return nil
	}
	return model.AdviceLines(model.AdviceInApp(b.Gaps, r.KeyNames(false)))
}
