package accessmap

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// Google's pages about what the lines ask for.
const (
	pageOtherProjects = "https://docs.cloud.google.com/run/docs/deploying#other-projects"
	pageRoles         = "https://docs.cloud.google.com/run/docs/reference/iam/roles"
	pageReadImages    = "https://docs.cloud.google.com/artifact-registry/docs/access-control"
)

// pageOf is the page about a line.
func pageOf(c model.Check) string {
	switch c.BaseID() {
	case model.CheckPull, model.CheckImage:
		return pageOtherProjects
	case model.CheckReadImage, model.CheckUpstream:
		return pageReadImages
	}
	return pageRoles
}

// stillUnknown is why a line is not explained yet.
const stillUnknown = "still reading: the line is known when everything has arrived"

// MenuFor explains the chosen line, or goes into it.
func (m *Screen) MenuFor(i ui.Intent) *ui.Menu {
	c, known := m.diagnosis.CheckByID(m.selected)
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
	page := pageOf(c)
	rows := []ui.MenuRow{
		{Label: "copy the link", Detail: page, Take: func() tea.Cmd { return ui.Copy(page) }},
		{Label: "read an error message", Detail: "what gcloud or the console said", Take: func() tea.Cmd { return ui.Push(m.OpenExplain(m.question)) }},
	}
	if step := m.step(c.ID); step != nil {
		rows = slices.Insert(rows, 0, ui.MenuRow{Label: m.enterBinding().Help, Detail: step.Title, Take: m.walk})
	}
	menu := ui.NewMenu("Explain: "+text.Clean(m.diagnosis.CheckLabel(c)), rows...)
	menu.Body = func(t *ui.Styles, width int) []string { return m.explanation(t, c, width) }
	return menu
}

// explanation answers three questions about a line.
func (m *Screen) explanation(t *ui.Styles, c model.Check, width int) (lines []string) {
	for n, part := range []struct {
		heading string
		answer  []string
	}{
		{"What is this?", []string{m.identityText(c), "The line asks for " + checkQuestion(c) + "."}},
		{"Why is it needed?", []string{c.WhyNeeded()}},
		{"What to do", m.whatToDo(c)},
	} {
		if n > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, t.Bold.Render(part.heading))
		for _, paragraph := range part.answer {
			if paragraph != "" {
				lines = append(lines, cells.Wrap(paragraph, width)...)
			}
		}
	}
	return append(lines, "", t.Dim.Render(pageOf(c)))
}

// identityText says who the line is about; empty where it is about no identity.
func (m *Screen) identityText(c model.Check) string {
	return strings.ReplaceAll(identityTexts[c.Identity], "PROJECT", text.Clean(m.diagnosis.Consumer.ID))
}

// whatToDo is the verdict's reason, and what closes the line where it is open.
func (m *Screen) whatToDo(c model.Check) (all []string) {
	if c.Verdict == model.Granted {
		return []string{"Nothing. " + c.Reason}
	}
	return append([]string{c.Reason}, m.remedies(c)...)
}
