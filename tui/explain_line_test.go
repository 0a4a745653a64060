package tui

import (
	"fmt"
	"testing"
)

// A line is explained in every window: what it is, why it is needed and what to do, with one link and the way on.
func TestTheExplanationInEveryWindow(t *testing.T) {
	for _, size := range menuSizes {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("e")
			compareScreen(t, "explain-line-"+name, term.shows("╭ Explain: pull the image", "What is this?", "▸ fix: 1 step", "copy the link", "read an error message"))
			term.choose("copy the link")
			term.shows("sent to the clipboard:", "#other-projects")
			term.press("e")
			term.choose("fix: 1 step")
			term.shows("○ to do")
		})
	}
}

// Each line of the map is explained, also where it is granted, and a text that is longer than the window scrolls.
func TestEachLineIsExplained(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	term.shows("fix: 1 step")
	term.press("home", "e")
	term.shows("Explain: Cloud Run API", "What is this?")
	term.press("pgdown", "pgdown", "pgdown")
	term.shows("What to do", "Nothing.")
	term.press("esc", "end", "e")
	term.shows("Explain: image")
}
