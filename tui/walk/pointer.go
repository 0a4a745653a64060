package walk

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// Point goes to a step that was clicked. Where it was there before, that asks about the change, as the key does.
func (w *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	chosen := ui.IntentGrant
	if w.finished() {
		chosen = ""
	}
	return nil, w.pointed().Point(at, chosen)
}

// Wheel scrolls the text about a step, or moves the steps.
func (w *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	w.pointed().Wheel(at, lines)
	return nil
}

func (w *Screen) pointed() ui.PointedRows {
	return ui.PointedRows{Cursor: &w.current, Offset: &w.listOffset, TextOffset: &w.offset, Room: w.listRoom, Count: len(w.steps)}
}
