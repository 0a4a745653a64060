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

// MenuFor explains what is under the cursor, or goes into a line.
func (m *Screen) MenuFor(i ui.Intent) *ui.Menu {
	if m.selected.check == "" {
		return m.placeMenu(i)
	}
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

// placeMenu explains a lane whose lines are folded away, or a level; nil: that is not asked for.
func (m *Screen) placeMenu(i ui.Intent) *ui.Menu {
	if i != ui.IntentExplain && (i != ui.IntentWalk || m.selected.level.Kind() != model.KindAccount) {
		return nil
	}
	if m.selected.lane != "" {
		e := explanation.OfLane(m.diagnosis, m.selected.lane)
		return m.ExplanationMenu("Explain: "+m.laneName(m.selected.lane), e, nil, m.LinkRow(e))
	}
	e, known := explanation.OfPlace(m.selected.level, m.Levels())
	if !known {
		return nil
	}
	rows := []ui.MenuRow{m.LinkRow(e)}
	if level := m.selected.level; level.Kind() != model.KindAccount {
		where := text.Clean(model.Describe(level, m.Levels()))
		rows = slices.Insert(rows, 0, ui.MenuRow{Label: "open the registry", Detail: "who may pull from " + where, Take: m.openRegistry})
	}
	return m.ExplanationMenu("Explain: "+text.Clean(model.Describe(m.selected.level, m.Levels())), e, nil, rows...)
}

// laneName is the word of a lane.
func (m *Screen) laneName(identity model.Identity) string {
	for _, l := range m.picture.Lanes {
		if l.Identity == identity {
			return l.Name
		}
	}
	return ""
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
	return append(all, model.AdviceLines(model.AdviceInApp(c.Gaps, m.KeyNames(false)))...)
}
