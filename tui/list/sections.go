package list

import (
	"fmt"

	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// section is a part of the rows that stands under a heading.
type section struct {
	heading string
	first   int // its first row, counted through the list and the rows behind it
}

// sections are the parts of the rows that have a heading. Sorted or filtered rows are mixed, so only those behind the list keep theirs.
func (p *List) sections() []section {
	var all []section
	count := len(p.results.rows)
	if p.order == 0 && p.results.query.Empty() {
		headed := p.headedCount()
		if headed > 0 {
			all = append(all, section{p.Items[p.results.rows[0].index].Section, 0})
		}
		if headed > 0 && headed < count {
			all = append(all, section{p.Section, headed})
		}
	}
	for n := range p.lastShown {
		if s := p.lastShown[n].Section; s != "" {
			return append(all, section{s, count + n})
		}
	}
	return all
}

// headedCount is how many rows stand above the list under a heading of their own.
func (p *List) headedCount() int {
	n := 0
	for n < min(len(p.results.rows), p.topCount) && p.Items[p.results.rows[n].index].Section != "" {
		n++
	}
	return n
}

// sheet is the rows with their headings as lines that can be scrolled.
type sheet struct {
	sections []section
	rows     int  // those that scroll
	airy     bool // a blank line stands before each heading but the first
}

// sheet arranges the rows for a room. What stands behind the list is always seen, unless it would take too much of the room.
func (p *List) sheet(room int) (s sheet, pinned int) {
	s = sheet{p.sections(), len(p.results.rows) + len(p.lastShown), room >= airyRoom}
	pinned = s.lineOf(s.rows) - s.lineOf(len(p.results.rows)) + s.head(len(p.results.rows))
	if pinned > max(1, room/pinnedShare) {
		return s, 0
	}
	s.rows = len(p.results.rows)
	return s, pinned
}

const (
	airyRoom    = 12 // lines
	pinnedShare = 3
)

// head is how many lines stand before a row for its heading.
func (s sheet) head(row int) int {
	for _, part := range s.sections {
		if part.first == row {
			if s.airy && row > 0 {
				return 2
			}
			return 1
		}
	}
	return 0
}

// lineOf is the line of a row.
func (s sheet) lineOf(row int) int {
	line := row
	for _, part := range s.sections {
		if part.first <= row && part.first < s.rows {
			line += s.head(part.first)
		}
	}
	return line
}

// rowAt is the row in a line. In the line of a heading it is the one below or above.
func (s sheet) rowAt(line int, below bool) int {
	row := max(0, min(line, s.rows-1))
	for row > 0 && s.lineOf(row) > line {
		row--
	}
	if below && s.lineOf(row) < line {
		row = min(row+1, s.rows-1)
	}
	return row
}

// headLines are the lines before a row for its heading.
func (p *List) headLines(s sheet, row int) []string {
	for _, part := range s.sections {
		if part.first == row {
			lines := []string{"  " + p.Styles.Dim.Render(part.heading)}
			return append(make([]string, s.head(row)-1, 2), lines...)
		}
	}
	return nil
}

// rowLines draws the rows around the cursor, with their headings.
func (p *List) rowLines(widths []int, width, room int) []string {
	empty := p.emptyLines(width)
	room = max(1, room-len(empty))
	s, pinned := p.sheet(room)
	room = max(1, room-pinned)
	count, total := len(p.results.rows), s.lineOf(s.rows)
	part := total > room && room > 1
	if part {
		room--
	}
	p.drawn, p.room = s, room
	at := min(max(p.Cursor, 0), max(s.rows-1, 0))
	p.offset = ui.ScrollOffset(max(s.lineOf(at)-s.head(at), 0), p.offset, room, total)
	p.offset = ui.ScrollOffset(s.lineOf(at), p.offset, room, total)
	lines, first, last := p.linesFrom(s, widths, width, room)
	if part {
		lines = append(lines, "    "+p.Styles.Dim.Render(fmt.Sprintf(signs.More+" lines %d to %d of %d", min(first+1, count), min(last, count), count)))
	}
	lines = append(empty, lines...)
	for row := s.rows; row < count+len(p.lastShown); row++ {
		lines = append(append(lines, p.headLines(s, row)...), p.drawRow(row, widths, width))
	}
	return lines
}

// linesFrom draws as many lines as there is room for, from the offset on, and says which rows those are.
func (p *List) linesFrom(s sheet, widths []int, width, room int) (lines []string, first, last int) {
	first = max(0, p.offset-len(s.sections)*2)
	for first < s.rows && s.lineOf(first) < p.offset {
		first++
	}
	for last = first; last < s.rows && len(lines) < room; last++ {
		head := p.headLines(s, last)
		from := max(0, p.offset-(s.lineOf(last)-len(head)))
		lines = append(append(lines, head[min(from, len(head)):]...), p.drawRow(last, widths, width))
	}
	if over := len(lines) - room; over > 0 { // a heading took the last row's place
		lines, last = lines[:room], last-1
	}
	return lines, first, last
}

// drawRow draws a row of the list, or one behind it.
func (p *List) drawRow(row int, widths []int, width int) string {
	count := len(p.results.rows)
	item := func() *Item {
		if row < count {
			return &p.Items[p.results.rows[row].index]
		}
		return &p.lastShown[row-count]
	}
	return ui.MarkedLine(ui.PaneRows, row, p.drawItem(item(), widths, row == p.Cursor, width))
}

// cursorLine is the line that the cursor is on.
func (p *List) cursorLine() int {
	s := sheet{sections: p.sections(), rows: len(p.results.rows) + len(p.lastShown), airy: p.drawn.airy}
	return s.lineOf(max(p.Cursor, 0))
}

// sectionWidth is the width of the longest name in a section, behind which its notes stand in one column.
func (p *List) sectionWidth(name string) (width int) {
	if name == "" {
		return 0
	}
	for _, part := range [][]Item{p.Items[:p.topCount], p.lastShown} {
		for n := range part {
			if part[n].Section == name {
				width = max(width, cells.Width(part[n].Cells[0]))
			}
		}
	}
	return width
}
