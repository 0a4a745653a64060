package accessmap

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/text"
	"whopulls/tui/ui"
)

// stillUnknown is why a line is not explained yet.
const stillUnknown = "still reading: the line is known when everything has arrived"

// whyNoExplanation says why there is nothing to explain under the cursor.
func (m *Screen) whyNoExplanation() string {
	if m.selected.check == "" {
		return "no line is under the cursor"
	}
	return stillUnknown
}

// MenuFor explains the chosen line, or goes into it.
func (m *Screen) MenuFor(i ui.Intent) *ui.Menu {
	c, known := m.diagnosis.CheckByID(m.selected.check)
	switch {
	case !known || c.Pending():
		return nil
	case i == ui.IntentExplain:
		return m.explainMenu(c)
	case i == ui.IntentWalk:
		return m.enterMenu(c)
	}
	return nil
}

// explainMenu says what a line is, why it is needed and what to do. It leads on from there.
func (m *Screen) explainMenu(c model.Check) *ui.Menu {
	e := m.explanation(c)
	rows := []ui.MenuRow{m.LinkRow(e), {Label: "read an error message", Detail: "what gcloud or the console said", Take: func() tea.Cmd { return ui.Push(m.OpenExplain(m.question)) }}}
	if step := m.step(c.ID); step != nil {
		rows = slices.Insert(rows, 0, ui.MenuRow{Label: m.enterBinding().Help, Detail: step.Title, Take: m.walk})
	}
	return m.ExplanationMenu("Explain: "+text.Clean(m.diagnosis.CheckLabel(c)), e, m.advice(c), rows...)
}

// explanation explains a line with what the plan has for it.
func (m *Screen) explanation(c model.Check) explanation.Explanation {
	return explanation.OfCheck(m.diagnosis, c, explanation.Remedy{Step: m.step(c.ID), Ask: stepClosing(m.plan.Ask, c.ID)})
}

// advice is what helps a line that no step closes, as it was found: with its commands.
func (m *Screen) advice(c model.Check) (all []string) {
	if c.Verdict == model.Granted || m.step(c.ID) != nil {
		return nil
	}
	all = append(all, c.Advice...)
	return append(all, model.AdviceLines(model.AdviceInApp(c.Gaps))...)
}
