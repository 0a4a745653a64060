package accessmap

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// drawnMap is what was drawn last of the picture: the line of each target, how many lines are seen, and how many there are.
type drawnMap struct {
	rows         map[target]int
	room, height int
}

// Point chooses a line that was clicked. Where it was chosen before, that opens what enter opens.
func (m *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	all := targets(m.picture, m.folding)
	switch {
	case at.Pane != ui.PaneRows || at.Row >= len(all):
		return nil, ""
	case all[at.Row] == m.selected:
		return nil, ui.IntentWalk
	}
	m.choose(all[at.Row])
	return nil, ""
}

// choose puts the cursor somewhere.
func (m *Screen) choose(at target) {
	m.selected, m.wanted, m.userMoved, m.detailOffset = at, target{}, true, 0
	m.unfold(at)
}

// Wheel scrolls what is said about the chosen line, or moves the picture. The chosen line stays in sight: where it would not, the
// nearest one is chosen.
func (m *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	if at.Pane == ui.PaneText {
		m.detailOffset += lines
		return nil
	}
	row, offset := ui.ScrollBy(lines, m.drawn.rows[m.selected], m.offset, m.drawn.room, m.drawn.height)
	if nearest := m.nearest(row, offset); nearest != m.selected {
		m.choose(nearest)
	}
	m.offset = offset
	return nil
}

// nearest is the target in sight that stands nearest to a row. Where none is, it is the chosen one.
func (m *Screen) nearest(row, offset int) target {
	nearest, least := m.selected, m.drawn.height
	for _, at := range m.drawnTargets() {
		y := m.drawn.rows[at]
		if distance := max(y-row, row-y); distance < least && y >= offset && y < offset+m.drawn.room {
			nearest, least = at, distance
		}
	}
	return nearest
}

// drawnTargets are what the cursor can go to: in a low window not every level is drawn.
func (m *Screen) drawnTargets() []target {
	return slices.DeleteFunc(targets(m.picture, m.folding), func(at target) bool {
		_, drawn := m.drawn.rows[at]
		return at.level != "" && !drawn && at != m.selected
	})
}
