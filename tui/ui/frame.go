package ui

import (
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// frameHeight is the upper and the lower edge.
const frameHeight = 2

// Framed puts lines into a frame with a title in its upper edge; inner is the width between the edges.
func (t *Styles) Framed(title string, lines []string, inner int) []string {
	title = cells.Cut(text.Clean(title), inner)
	framed := []string{t.Accent.Render(signs.TopLeft+" ") + t.Bold.Render(title) + t.Accent.Render(" "+strings.Repeat(signs.Horizontal, inner-cells.Width(title))+signs.TopRight)}
	for _, l := range lines {
		framed = append(framed, t.Accent.Render(signs.Vertical+" ")+cells.Fit(l, inner)+Spot{}.Mark()+t.Accent.Render(" "+signs.Vertical))
	}
	return append(framed, t.Accent.Render(signs.BottomLeft+strings.Repeat(signs.Horizontal, inner+2)+signs.BottomRight))
}

// Centre moves each line to the middle of a width.
func Centre(lines []string, width int) []string {
	moved := make([]string, len(lines))
	for n, l := range lines {
		moved[n] = strings.Repeat(" ", max(0, (width-cells.Width(l))/2)) + l
	}
	return moved
}

// writeMarked writes a text whose marked letters stand out. The sign that it was cut is no letter of it.
func writeMarked(b *strings.Builder, shown string, marked []bool, text, mark *lipgloss.Style) {
	letters := []rune(shown)
	for from := 0; from < len(letters); {
		is := func(n int) bool { return n < len(marked) && marked[n] && string(letters[n]) != signs.More }
		to := from + 1
		for to < len(letters) && is(to) == is(from) {
			to++
		}
		if is(from) {
			writeStyled(b, mark, string(letters[from:to]))
		} else {
			writeStyled(b, text, string(letters[from:to]))
		}
		from = to
	}
}

// writeStyled writes a text in a style; nil: as it is.
func writeStyled(b *strings.Builder, s *lipgloss.Style, text string) {
	if s == nil || text == "" {
		b.WriteString(text)
		return
	}
	b.WriteString(s.Render(text))
}
