package list

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/text/cells"
	"whopulls/tui/ui"
)

const (
	columnGap      = 2
	minColumnWidth = 8
	rowIndent      = 4 // before a row's first cell, for the sign of the cursor
)

// columnWidths shares a width among columns of their natural widths. What is short stays whole; the name gives way last, and
// the last columns are left out where there is no room for them.
func columnWidths(natural []int, width int) []int {
	widths := make([]int, len(natural))
	width = max(width, minColumnWidth)
	shown := len(natural)
	for shown > 1 && sumWidths(widths, natural[:shown], width, minColumnWidth) > width {
		shown--
	}
	limit := minColumnWidth
	for limit < width && sumWidths(widths, natural[:shown], width, limit+1) <= width {
		limit++
	}
	sumWidths(widths, natural[:shown], width, limit)
	clear(widths[shown:])
	return widths
}

// sumWidths sets widths of at most a limit, but half of the room for the name, and gives what they take.
func sumWidths(widths, natural []int, width, limit int) int {
	sum := -columnGap
	for n, w := range natural {
		if w == 0 {
			continue
		}
		most := limit
		if n == 0 {
			most = max(limit, width/2)
		}
		widths[n] = min(w, most)
		sum += widths[n] + columnGap
	}
	return sum
}

// naturalWidths are those of the columns as far as any item fills them.
func (p *List) naturalWidths() []int {
	widths := slices.Clone(p.Widths)
	for n := range widths {
		if n > 0 && len(p.Items) > 0 && !p.filled[n] {
			widths[n] = 0
		}
	}
	return widths
}

// look is how a row is drawn: its text, the letters that were looked for, and its note.
type look struct{ text, mark, note *lipgloss.Style }

// looks are those of a row, and of the row under the cursor.
func (p *List) looks() (plain, chosen look) {
	t := p.Styles
	return look{nil, &t.Mark, &t.Dim}, look{&t.Bar, &t.BarMark, &t.Bar}
}

// itemLine is an item as a row of its cells. The row under the cursor is a bar over the whole width.
func (p *List) itemLine(i *Item, widths []int, underCursor bool, width int) string {
	how, chosen := p.looks()
	sign := strings.Repeat(" ", rowIndent)
	if underCursor {
		how, sign = chosen, "  ▸ "
	}
	var b strings.Builder
	ui.WriteStyled(&b, how.text, sign)
	room := width - rowIndent
	if i.Note != "" {
		room -= cells.Width(i.Note) + columnGap
	}
	used := p.writeCells(&b, i, widths, room, how)
	if i.Note != "" {
		ui.WriteStyled(&b, how.text, strings.Repeat(" ", columnGap))
		ui.WriteStyled(&b, how.note, i.Note)
		used += columnGap + cells.Width(i.Note)
	}
	if underCursor {
		ui.WriteStyled(&b, how.text, strings.Repeat(" ", max(0, width-rowIndent-used)))
	}
	return b.String()
}

// writeCells writes a row's cells into a room, and gives the width that they took.
func (p *List) writeCells(b *strings.Builder, i *Item, widths []int, room int, how look) (used int) {
	marks := p.marks(i)
	last := len(i.Cells) - 1
	for last > 0 && (widths[last] == 0 || i.Cells[last] == "") {
		last--
	}
	for n := 0; n <= last && used < room; n++ {
		if widths[n] == 0 {
			continue
		}
		width := room - used // what is behind it is empty
		if n < last {
			width = min(widths[n], width)
		}
		shown := cells.Cut(i.Cells[n], width)
		ui.WriteMarked(b, shown, marks[n], how.text, how.mark)
		used += cells.Width(shown)
		if n < last {
			fill := max(0, min(width-cells.Width(shown)+columnGap, room-used))
			ui.WriteStyled(b, how.text, strings.Repeat(" ", fill))
			used += fill
		}
	}
	return used
}

// marks are the letters of a row that were looked for, by its cells.
func (p *List) marks(i *Item) [][]bool {
	if !p.results.query.Empty() {
		if marks := p.results.matcher().Marks(p.results.query, &i.searchText); marks != nil {
			return marks
		}
	}
	return make([][]bool, len(i.Cells))
}
