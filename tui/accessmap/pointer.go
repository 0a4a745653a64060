package accessmap

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// drawnMap is what was drawn last of the picture: the line of each check, how many lines are seen, and how many there are.
type drawnMap struct {
	checkRows    map[string]int
	room, height int
}

// Point chooses a line that was clicked. Where it was chosen before, that opens what enter opens.
func (m *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	ids := m.picture.checkIDs()
	switch {
	case at.Pane != ui.PaneRows || at.Row >= len(ids):
		return nil, ""
	case ids[at.Row] == m.selected:
		return nil, ui.IntentWalk
	}
	m.choose(ids[at.Row])
	return nil, ""
}

// choose makes a check the chosen one.
func (m *Screen) choose(id string) { m.selected, m.userMoved, m.detailOffset = id, true, 0 }

// Wheel scrolls what is said about the chosen line, or moves the picture. The chosen line stays in sight: where it would not, the
// nearest one is chosen.
func (m *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	if at.Pane == ui.PaneText {
		m.detailOffset += lines
		return nil
	}
	row, offset := ui.ScrollBy(lines, m.drawn.checkRows[m.selected], m.offset, m.drawn.room, m.drawn.height)
	if nearest := m.nearestCheck(row, offset); nearest != m.selected {
		m.choose(nearest)
	}
	m.offset = offset
	return nil
}

// nearestCheck is the check in sight that stands nearest to a row. Where none is, it is the chosen one.
func (m *Screen) nearestCheck(row, offset int) string {
	nearest, least := m.selected, m.drawn.height
	for _, id := range m.picture.checkIDs() {
		y := m.drawn.checkRows[id]
		if distance := max(y-row, row-y); distance < least && y >= offset && y < offset+m.drawn.room {
			nearest, least = id, distance
		}
	}
	return nearest
}
