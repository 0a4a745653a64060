package tui

import (
	"strings"
	"testing"
)

// What another program wrote over the screen is gone after ctrl+l.
func TestRedraw(t *testing.T) {
	for _, test := range []struct{ name, rubbish string }{
		{"a line in the middle", "\x1b[10;20Hwall: the system goes down"},
		{"all over", "\x1b[H" + strings.Repeat("rubbish ", 250)},
		{"scrolled and cleared", "\x1b[5S\x1b[2J"},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
			before := term.shows("fix: 1 step")
			if _, err := term.screen.Write([]byte(test.rubbish)); err != nil {
				t.Fatal(err)
			}
			if term.screenText() == before {
				t.Fatal("nothing was written over the screen")
			}
			term.press("ctrl+l")
			if after := term.shows("fix: 1 step"); after != before {
				t.Errorf("after it the screen is\n%s", after)
			}
		})
	}
}
