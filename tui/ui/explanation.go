package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model/explanation"
	"whopulls/text/cells"
)

// ExplanationMenu shows an explanation in the language of the session, and leads on from there. The details stand below it, as
// they were found.
func (e *Session) ExplanationMenu(title string, x explanation.Explanation, details []string, rows ...MenuRow) *Menu {
	menu := NewMenu(title, rows...)
	menu.Body = func(t *Styles, width int) []string { return e.explanationLines(t, x, details, width) }
	return menu
}

// LinkRow copies the link of an explanation.
func (e *Session) LinkRow(x explanation.Explanation) MenuRow {
	page := x.Page(e.Language)
	return MenuRow{Label: "copy the link", Detail: page.Title, Take: func() tea.Cmd { return Copy(page.URL) }}
}

// explanationLines are the answers to the questions, and the links that there are.
func (e *Session) explanationLines(t *Styles, x explanation.Explanation, details []string, width int) (lines []string) {
	for _, s := range x.Sections(e.Language) {
		lines = append(append(append(lines, t.Bold.Render(s.Heading)), cells.Wrap(s.Text, width)...), "")
	}
	for _, d := range details {
		lines = append(lines, cells.Wrap(d, width)...)
	}
	if len(details) > 0 {
		lines = append(lines, "")
	}
	for _, link := range []explanation.Link{x.Page(e.Language), x.Lesson} {
		lines = append(lines, e.linkLines(t, link, width)...)
	}
	return lines
}

// linkLines are an address as text. A terminal that takes links opens the whole from each of its lines (OSC 8).
func (e *Session) linkLines(t *Styles, link explanation.Link, width int) []string {
	if link.URL == "" {
		return nil
	}
	style := t.Dim
	if e.Links {
		style = style.Hyperlink(link.URL, "id="+linkID(link.Title))
	}
	lines := cells.Wrap(link.URL, width)
	for i, line := range lines {
		lines[i] = style.Render(line)
	}
	return lines
}

// linkID makes an OSC 8 id of a title. A colon or a semicolon in it would end the id: they separate parameters.
func linkID(title string) string {
	parts := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(parts, "-")
}
