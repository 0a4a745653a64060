package ui

import (
	"testing"

	"charm.land/lipgloss/v2"

	"whopulls/text/cells"
)

// What is put over a part of a wide character takes the character away. The row keeps its width.
func TestCanvasKeepsItsColumns(t *testing.T) {
	for _, test := range []struct {
		name, over string
		at         int
		want       string
	}{
		{"its first half", "x", 2, "漢x 名|"},
		{"its second half", "x", 3, "漢 x名|"},
		{"halves of two", "xy", 3, "漢 xy |"},
		{"another one over halves of two", "長", 1, " 長 名|"},
		{"all of it", "長", 2, "漢長名|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := NewCanvas(7, 1)
			c.Put(0, 0, "漢字名|", lipgloss.NewStyle())
			c.Put(test.at, 0, test.over, lipgloss.NewStyle())
			if got := c.Render()[0]; got != test.want || cells.Width(got) != 7 {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A mark that begins a text has no letter of its own. It takes none from the text before it.
func TestCanvasJoinsNoTexts(t *testing.T) {
	for _, test := range []struct{ name, before, behind, want string }{
		{"a mark that takes a column", "ǅ", "\u0903|", "ǅ |"},
		{"behind a blank", " ", "\u0903|", "  |"},
		{"a colour of the skin, of two columns", "👍", "\U0001f3fb|", "👍  |"},
		{"letters", "字", "b|", "字b|"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := NewCanvas(5, 1)
			c.Put(c.Put(0, 0, test.before, lipgloss.NewStyle()), 0, test.behind, lipgloss.NewStyle())
			if got := c.Render()[0]; got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
