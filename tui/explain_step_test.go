package tui

import (
	"fmt"
	"testing"

	language "whopulls/model/words"
)

// A step of the walk is explained as its line of the map is, and what to do follows what became of it.
func TestAStepIsExplained(t *testing.T) {
	for _, size := range menuSizes {
		for _, spoken := range language.Languages {
			name := fmt.Sprintf("%s-%dx%d", spoken, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Language: spoken}, size[0], size[1])
				term.shows("fix: 1 step")
				term.press("enter")
				term.shows("○ to do")
				term.press("e")
				compareScreen(t, "explain-step-"+name, term.shows("╭ Explain: pull the image", "copy the link"))
				term.press("esc", "enter")
				term.shows("Change the policy")
				term.answerYes()
				term.shows("✓ granted")
				term.press("e")
				compareScreen(t, "explain-step-done-"+name, term.shows("╭ Explain: pull the image", "copy the link"))
			})
		}
	}
}

// A removal is explained as its binding, a change of the history by itself, and a run there not at all.
func TestChangesAreExplained(t *testing.T) {
	t.Run("removal", func(t *testing.T) {
		term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
		term.press("space", "enter")
		term.shows("clean up")
		term.press("e")
		compareScreen(t, "explain-step-removal", term.shows("╭ Explain: Remove reader", "It can be removed"))
	})
	t.Run("history", func(t *testing.T) {
		cloud := newFakeCloud()
		cloud.journal = earlierRuns(t)
		term := beginHistory(t, cloud, Options{}, 80, 24)
		term.press("e")
		term.shows("choose one of the changes of this run")
		term.press("down", "e")
		compareScreen(t, "explain-step-history", term.shows("╭ Explain: Grant reader", "It can be taken back"))
	})
}
