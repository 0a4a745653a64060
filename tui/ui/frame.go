package ui

import (
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"whopulls/text"
	"whopulls/text/cells"
)

// frameHeight is the upper and the lower edge.
const frameHeight = 2

// Framed puts lines into a frame with a title in its upper edge; inner is the width between the edges.
func (t *Styles) Framed(title string, lines []string, inner int) []string {
	title = cells.Cut(text.Clean(title), inner)
	framed := []string{t.Accent.Render("╭ ") + t.Bold.Render(title) + t.Accent.Render(" "+strings.Repeat("─", inner-cells.Width(title))+"╮")}
	for _, l := range lines {
		framed = append(framed, t.Accent.Render("│ ")+cells.Fit(l, inner)+t.Accent.Render(" │"))
	}
	return append(framed, t.Accent.Render("╰"+strings.Repeat("─", inner+2)+"╯"))
}

// Centre moves each line to the middle of a width.
func Centre(lines []string, width int) []string {
	moved := make([]string, len(lines))
	for n, l := range lines {
		moved[n] = strings.Repeat(" ", max(0, (width-cells.Width(l))/2)) + l
	}
	return moved
}

// Marked draws a text in a style, with the letters set apart that a search found in it.
func (t *Styles) Marked(s string, marks []bool, style lipgloss.Style) string {
	found := style.Underline(true).Foreground(t.Accent.GetForeground())
	var b strings.Builder
	for s != "" {
		isMarked, end := len(marks) > 0 && marks[0], 0
		for end < len(s) && (len(marks) > 0 && marks[0]) == isMarked {
			_, size := utf8.DecodeRuneInString(s[end:])
			end += size
			marks = marks[min(1, len(marks)):]
		}
		if isMarked {
			b.WriteString(found.Render(s[:end]))
		} else {
			b.WriteString(style.Render(s[:end]))
		}
		s = s[end:]
	}
	return b.String()
}
