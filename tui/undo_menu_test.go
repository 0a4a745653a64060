package tui

import (
	"fmt"
	"slices"
	"testing"
)

// Where a step and everything of its run can be taken back, u asks which, in every window. Nothing is changed by the menu.
func TestTheUndoMenuInEveryWindow(t *testing.T) {
	for _, size := range menuSizes {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, size[0], size[1])
			term.press("down", "u")
			compareScreen(t, "undo-"+name, term.shows("╭ Undo", "▸ this step", "everything of this run  2 changes"))
			term.press("esc")
			assertLacks(t, term.shows("What whopulls changed"), "╭ Undo")
			if len(cloud.writes) > 0 {
				t.Errorf("%d changes were made", len(cloud.writes))
			}
		})
	}
}

// Each row of the menu takes back what it says.
func TestUndoOfAStepOrItsRun(t *testing.T) {
	for row, want := range map[string][]string{"this step": {"granted001"}, "everything of this run": {"granted002", "granted001"}} {
		t.Run(row, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, 80, 24)
			term.press("down", "u")
			term.choose(row)
			if len(want) > 1 {
				term.shows("What this run changed", "0 of 2 taken back")
				term.press("a")
			}
			term.shows("?", "▸ No")
			term.answerYes()
			term.shows("✓ taken back")
			if !slices.Equal(cloud.undoneEntries, want) {
				t.Errorf("taken back %v, want %v", cloud.undoneEntries, want)
			}
		})
	}
}
