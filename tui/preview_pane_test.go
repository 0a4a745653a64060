package tui

import (
	"strings"
	"testing"

	"whopulls/model"
)

// startWithLongPreview opens a list in which more is known about the first row than fits.
func startWithLongPreview(t *testing.T, width, height int) *terminal {
	t.Helper()
	cloud := &pagedCloud{newFakeCloud(), make(chan []model.Workload, 1)}
	long := newWorkload(model.Job, "alpha", "us-east1")
	long.Condition = &model.Readiness{Message: strings.Repeat("It can't be pulled. ", 60) + "The very end."}
	cloud.pages <- []model.Workload{long, newWorkload(model.Job, "beta", "us-east1")}
	close(cloud.pages)
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, width, height)
	term.shows("2 workloads\n", "▸ alpha", "lines more, tab goes there")
	return term
}

// tab goes into the preview, where the keys that move scroll it; tab and esc go back to the list, which has not moved.
func TestTabGoesIntoThePreview(t *testing.T) {
	for _, back := range []string{"tab", "esc"} {
		t.Run(back, func(t *testing.T) {
			term := startWithLongPreview(t, 120, 24)
			term.press("tab")
			term.shows("esc to the list")
			term.press("down", "down")
			term.shows("lines 3 to", "▸ alpha")
			term.press("end")
			compareScreen(t, "preview-scrolled", term.shows("very end.", "▸ alpha"))
			term.press(back)
			term.shows("esc back")
			term.press("down")
			assertLacks(t, term.shows("▸ beta"), "lines 3 to")
		})
	}
}

// What is typed goes to the list, enter opens the row, and a narrow window has no pane to go to.
func TestThePreviewTakesNoText(t *testing.T) {
	term := startWithLongPreview(t, 120, 24)
	term.press("tab")
	term.shows("esc to the list")
	term.typeText("bet")
	term.shows("2 of 2 workloads", "▸ beta", "esc clear filter")
	term.press("esc")
	term.shows("▸ beta", "esc back")
	term.press("tab")
	term.shows("esc to the list")
	term.resize(80, 24)
	term.shows("esc back")
	term.press("tab", "up")
	term.shows("▸ alpha")
}
