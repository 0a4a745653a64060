package tui

import (
	"fmt"
	"testing"
)

// The cursor goes to a repository as to a line. Enter opens its registry.
func TestARepositoryOnTheMap(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("end", "up")
			compareScreen(t, fmt.Sprintf("map-repository-%d", size[0]), term.shows("▸ repository myrepo", "It belongs to project myproject-b", "enter registry"))
			term.press("e")
			term.shows("╭ Explain: repository myrepo")
			term.press("esc", "y")
			term.shows("projects/myproject-b/locations/asia-northeast1/repositories/myrepo")
			term.press("esc", "enter")
			term.shows("Who may pull from repository myrepo of myproject-b?")
			term.press("esc")
			term.shows("▸ repository myrepo", "enter registry")
		})
	}
}

// A folded lane says who it is, and enter shows its lines.
func TestAFoldedLane(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.press("home", "down")
	compareScreen(t, "map-folded", term.shows("▸ ✓ 3 of 3 granted", "Everything that it needs is granted.", "enter unfold"))
	term.press("e")
	term.shows("╭ Explain: DEPLOYS")
	term.press("esc", "y")
	term.shows("sent to the clipboard: dev@example.com")
	term.press("enter")
	term.shows("▸ ✓ 3 of 3 granted", "update the job", "act as the runner", "read the image", "enter fold")
	term.press("enter") // the same key folds it
	assertLacks(t, term.shows("▸ ✓ 3 of 3 granted", "enter unfold"), "update the job")
	term.press("enter", "down", "down", "down", "down")
	term.shows("▸ ✓ granted  have its role here", "update the job") // it stays open
}

// The levels above a repository have their registries too.
func TestLevelsOnTheMap(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 120, 36)
	term.shows("fix: 1 step")
	term.press("end", "up", "up")
	term.shows("▸ project myproject-b", "A role here reaches every repository", "enter registry")
	term.press("e")
	term.shows("╭ Explain: project myproject-b", "open the registry")
	term.press("esc", "enter")
	term.shows("Who may pull from the repositories of myproject-b?")
	term.press("esc")
	term.shows("▸ project myproject-b", "✗ missing\n") // the cursor is back once all was read again
	term.press("up")
	compareScreen(t, "map-folder", term.shows("▸ folder apps", "It stands above project myproject-b", "enter registry"))
	term.press("up")
	term.shows("▸ organization example.com", "enter registry")
	term.press("y")
	term.shows("organizations/100000000001")
}
