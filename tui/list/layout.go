package list

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/text/cells"
	"whopulls/tui/ui"
)

const (
	columnGap = 2
	rowIndent = 4 // before a row's first cell, for the sign of the cursor
	rowMargin = 2 // behind a row

	maxNoteRoom = 12
	shortName   = 12 // what is kept of a name before a long note

	// The least widths that columns are shown in, as far as they need them.
	minNameWidth = 30
	minCellWidth = 20
	minLastWidth = 8
)

// columnWidths shares a width among columns of their natural widths. The last ones are left out where there is no room for all.
// What is left over goes first to those that lack least.
func columnWidths(natural []int, width int) []int {
	widths := make([]int, len(natural))
	spare := 0
	for shown := len(natural); shown > 0; shown-- {
		if spare = width - leastWidths(widths, natural, shown); spare >= 0 {
			break
		}
	}
	if spare < 0 { // the name alone, in what there is
		widths[0], spare = max(width, 1), 0
	}
	lack := func(n int) int { return natural[n] - widths[n] }
	order := make([]int, 0, len(widths))
	for n, w := range widths {
		if w > 0 {
			order = append(order, n)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lack(a), lack(b)) })
	for _, n := range order {
		more := min(lack(n), spare)
		widths[n] += more
		spare -= more
	}
	return widths
}

// leastWidths sets the least widths of so many columns, the others to none, and gives what they take with the gaps between them.
func leastWidths(widths, natural []int, shown int) (sum int) {
	clear(widths)
	sum = -columnGap
	for n, need := range natural[:shown] {
		if need == 0 {
			continue
		}
		least := minCellWidth
		switch n {
		case 0:
			least = minNameWidth
		case shown - 1:
			least = minLastWidth
		}
		widths[n] = min(need, least)
		sum += widths[n] + columnGap
	}
	return sum
}

// layout gives the widths of the columns in a list of that width. There is room for short notes behind them.
func (p *List) layout(width int) []int {
	return columnWidths(p.naturalWidths(), width-rowIndent-rowMargin-p.badgeRoom()-min(p.noteWidth, maxNoteRoom))
}

// usedWidth is what the columns take of a list of that width, with room for short notes.
func (p *List) usedWidth(width int) int {
	sum := rowIndent + rowMargin + p.badgeRoom() + min(p.noteWidth, maxNoteRoom) - columnGap
	for _, w := range p.layout(width) {
		if w > 0 {
			sum += w + columnGap
		}
	}
	if p.TypedNote != "" { // a row that is typed is not there yet, and is to be read when it is
		sum = max(sum, rowIndent+shortName+columnGap+cells.Width(p.TypedNote)+rowMargin)
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

// itemLine is an item as a row of its cells.
func (p *List) itemLine(i *Item, widths []int, underCursor bool, width int) string {
	noteStyle := &p.Styles.Dim
	if verdict, ok := p.Styles.Verdicts[i.Verdict]; ok {
		noteStyle = &verdict
	}
	row := p.Styles.NewRow(rowIndent, width, underCursor)
	p.writeBadge(row, i.Badge)
	room := width - rowIndent - rowMargin - p.badgeRoom()
	note := i.Note
	switch {
	case note == "":
	case i.Section == "": // what was typed stays to be read, and the note gives way
		note = cells.Cut(note, room-columnGap-min(cells.Width(i.Cells[0]), minNameWidth))
		room -= cells.Width(note) + columnGap
	default: // its title says what it leads to, so the note gives way
		note = cells.Cut(note, max(0, room-columnGap-p.sectionWidth(i.Section)))
	}
	start := row.Used()
	p.writeCells(row, i, widths, room)
	if note != "" {
		row.FillTo(max(row.Used(), start+p.sectionWidth(i.Section)) + columnGap)
		row.Write(noteStyle, note)
	}
	return row.String()
}

// writeCells writes a row's cells into a room.
func (p *List) writeCells(row *ui.Row, i *Item, widths []int, room int) {
	marks := p.marks(i)
	last := len(i.Cells) - 1
	for last > 0 && (widths[last] == 0 || i.Cells[last] == "") {
		last--
	}
	start := row.Used()
	for n := 0; n <= last && row.Used()-start < room; n++ {
		if widths[n] == 0 {
			continue
		}
		width := room - (row.Used() - start) // what is behind it is empty
		if n < last {
			width = min(widths[n], width)
		}
		next := min(row.Used()+width+columnGap, start+room)
		row.WriteMarked(nil, cells.Cut(i.Cells[n], width), marks[n])
		if n < last {
			row.FillTo(next)
		}
	}
}

// wholeRow shows what the row under the cursor has no room for, where lines are free. In a wide window the preview has it.
func (p *List) wholeRow(width, room int) []string {
	i, ok := p.Current()
	if !ok {
		return nil
	}
	cut := cutCells(&i, p.layout(width), width-p.badgeRoom())
	label := 0
	for _, n := range cut {
		label = max(label, cells.Width(p.Columns[n]))
	}
	lines := []string{""}
	for _, n := range cut {
		name := p.Columns[n]
		for _, l := range cells.Wrap(i.Cells[n], max(1, width-rowIndent-label-columnGap-rowMargin)) {
			lines = append(lines, strings.Repeat(" ", rowIndent)+p.Styles.Dim.Render(cells.Fit(name, label+columnGap))+l)
			name = ""
		}
	}
	if len(cut) == 0 || len(lines) > room {
		return nil
	}
	return lines
}

// cutCells are the cells of a row that are cut or left out.
func cutCells(i *Item, widths []int, width int) (cut []int) {
	room := width - rowIndent - rowMargin
	if i.Note != "" {
		room -= cells.Width(i.Note) + columnGap
	}
	last := len(i.Cells) - 1
	for last > 0 && (widths[last] == 0 || i.Cells[last] == "") {
		last--
	}
	for n, c := range i.Cells {
		shown := widths[n]
		if n == last { // what is behind it is empty
			shown = room
		}
		if c != "" && (widths[n] == 0 || cells.Width(c) > min(shown, room)) {
			cut = append(cut, n)
		}
		if widths[n] > 0 {
			room -= widths[n] + columnGap
		}
	}
	return cut
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
