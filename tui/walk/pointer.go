package walk

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// Point goes to a step that was clicked. Where it was there before, that asks about the change, as the key does.
func (w *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	switch {
	case at.Pane != ui.PaneRows:
		return nil, ""
	case at.Row != w.current:
		w.current, w.offset = at.Row, 0
		return nil, ""
	case w.finished():
		return nil, ""
	}
	return nil, ui.IntentGrant
}

// Wheel scrolls the text about a step, or moves the steps.
func (w *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	if at.Pane == ui.PaneText {
		w.offset += lines
		return nil
	}
	before := w.current
	w.current, w.listOffset = ui.ScrollBy(lines, w.current, w.listOffset, w.listRoom, len(w.steps))
	if w.current != before {
		w.offset = 0
	}
	return nil
}
