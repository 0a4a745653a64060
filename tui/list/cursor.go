package list

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// spot is what the cursor is on: an item by its index, or a row behind the list by its id. An index of -1 is no item.
type spot struct {
	index int
	last  string
}

// spot is what is under the cursor now.
func (p *List) spot() spot {
	at := p.Cursor - len(p.results.rows)
	switch {
	case p.Cursor >= 0 && at < 0:
		return spot{index: int(p.results.rows[p.Cursor].index)}
	case p.Cursor >= 0 && at < len(p.lastShown):
		return spot{-1, p.lastShown[at].ID}
	}
	return spot{index: -1}
}

// moveTo puts the cursor on what it was on, and reports whether that is still there. A row that was typed may have become an
// item of the list.
func (p *List) moveTo(s spot) bool {
	at := -1
	switch {
	case s.index >= 0:
		at = slices.IndexFunc(p.results.rows, func(r row) bool { return int(r.index) == s.index })
	case s.last != "":
		if n := slices.IndexFunc(p.lastShown, func(i Item) bool { return i.ID == s.last }); n >= 0 {
			at = len(p.results.rows) + n
		} else {
			at = slices.IndexFunc(p.results.rows, func(r row) bool { return p.Items[r.index].ID == s.last })
		}
	}
	if at >= 0 {
		p.Cursor = at
	}
	return at >= 0
}

// firstRow is where the cursor begins: on the best of what fits. While a list is still being read and nothing is there, that is
// nowhere: what stands behind the list is seldom meant.
func (p *List) firstRow() int {
	switch count := len(p.results.rows); {
	case count == 0 && (len(p.lastShown) == 0 || p.filter.Value() == "" && (p.Busy || p.Generation == 0)):
		return -1
	case count > 0 && p.order == 0:
		return p.plainestRow(count)
	}
	return 0
}

// plainestRow is the first row, or the one behind the list in which the typed words stand more plainly. A person who types the words of a row
// means it, and not an item that has their letters somewhere.
func (p *List) plainestRow(count int) int {
	if p.results.query.Empty() {
		return 0
	}
	m, best, at := p.results.matcher(), p.results.rows[0].rank, 0
	for n := range p.lastShown {
		if rank, ok := m.Match(p.results.query, &p.lastShown[n].searchText); ok && rank.FitsBetter(best) {
			best, at = rank, count+n
		}
	}
	return at
}

// stays reports whether the cursor stays on its row when the rows change. Until a person has put it there, it is at the top: which
// row came first says nothing.
func (p *List) stays() bool { return p.moved && p.wantedID == "" }

// findWanted puts the cursor back on the item that it was on before the list was read again, once that has arrived.
func (p *List) findWanted(from int) {
	if p.wantedID == "" {
		return
	}
	if n := slices.IndexFunc(p.Items[from:], func(i Item) bool { return i.ID == p.wantedID }); n >= 0 {
		p.wantedID = ""
		p.moveTo(spot{index: from + n})
	}
}

// Point puts the cursor on a row that was clicked. While a search is under way the rows are about to change.
func (p *List) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	if at.Pane != ui.PaneRows || p.results.pending {
		return nil, ""
	}
	if at.Row == p.Cursor {
		return nil, ui.IntentChoose
	}
	p.wantedID, p.moved, p.Cursor, p.pane.focused = "", true, at.Row, false
	return p.showPreview(), ""
}

// Wheel moves the list. The cursor stays where it is, as long as that is in sight.
func (p *List) Wheel(at ui.Spot, lines int) tea.Cmd {
	if at.Pane == ui.PanePreview {
		p.scrollPane(lines)
		return nil
	}
	if p.results.pending {
		return nil
	}
	s, row := p.drawn, min(p.Cursor, p.drawn.rows-1)
	before := s.lineOf(row)
	line, offset := ui.ScrollBy(lines, before, p.offset, p.room, s.lineOf(s.rows))
	if offset == p.offset {
		return nil
	}
	moved := row
	if line != before {
		moved = s.rowAt(line, line > before)
	}
	for lines > 0 && moved < s.rows-1 && s.lineOf(moved)-s.head(moved) < offset { // its heading would pull the list back
		moved++
	}
	if moved != row {
		p.Cursor = moved
	}
	p.offset, p.wantedID, p.moved = offset, "", true
	return p.showPreview()
}

// Current is the item under the cursor.
func (p *List) Current() (i Item, ok bool) {
	at := p.Cursor - len(p.results.rows)
	switch {
	case p.Cursor < 0 || at >= len(p.lastShown):
		return Item{}, false
	case at >= 0:
		return p.lastShown[at], true
	}
	return p.Items[p.results.rows[p.Cursor].index], true
}

// state is how far the list is.
func (p *List) state() State {
	off := slices.ContainsFunc(p.gaps, func(g model.Gap) bool { return g.DisabledAPI != "" })
	return State{Empty: !p.Busy && p.Generation > 0 && p.err == nil && p.listedCount == 0 && (off || len(p.gaps) == 0), Off: off && p.listedCount == 0}
}

// RefreshLast shows the rows behind the list that belong there now.
func (p *List) RefreshLast() { p.setRows(p.results.rows, p.stays()) }

// lastRows are the rows behind the list that are shown: what was typed where the list lacks it, and what fits the filter.
func (p *List) lastRows() []Item {
	var shown []Item
	typed := p.filter.Value()
	p.whyNotTyped = ""
	if p.Typed != nil && typed != "" {
		var i Item
		if i, p.whyNotTyped = p.Typed(typed); p.whyNotTyped == "" && i.ID != "" && !p.known[i.ID] {
			shown = append(shown, p.prepared(i))
		}
	}
	for _, i := range p.last {
		if i.Shown != nil && !i.Shown(p.state()) {
			continue
		}
		if _, ok := p.results.matcher().Match(p.results.query, &i.searchText); ok {
			shown = append(shown, i)
		}
	}
	return shown
}
