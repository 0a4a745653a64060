package accessmap

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
)

// span is a text in a row of a line. Its column is counted from the label.
type span struct {
	x     int
	text  string
	style lipgloss.Style
}

// lineRows are the rows of a line: what it asks, and behind that its proof. What has no room in a row takes the next one.
func (d *drawing) lineRows(l picture.Line) (rows [][]span) {
	c, style := d.columns, d.styles.Plain
	if checkTarget(l.Check.ID) == d.selected {
		style = d.styles.Bar
	}
	put := func(row int, s span) {
		for len(rows) <= row {
			rows = append(rows, nil)
		}
		rows[row] = append(rows[row], s)
	}
	for i, part := range cells.Wrap(l.Label, c.labelWidth(l)) {
		put(i, span{0, cells.Pad(part, c.label), style})
	}
	last := 0
	for i, row := range d.proofRows(l) {
		last = i
		for _, s := range row {
			put(i, s)
		}
	}
	if mark, row := d.placeWas(l, rows[last], last); mark.text != "" {
		put(row, mark)
	}
	return rows
}

// proofRows are the role and its level, each whole, or what was found instead.
func (d *drawing) proofRows(l picture.Line) (rows [][]span) {
	c := d.columns
	p, x := c.proof(l), c.proofColumn()
	room := c.room - x
	if p.finding != "" {
		return d.findingRows(l)
	}
	if p.role != "" {
		for _, part := range cells.Wrap(p.role, room) {
			rows = append(rows, []span{{x, part, d.styles.Plain}})
		}
	}
	if p.where == "" {
		return rows
	}
	style := d.styles.Dim
	if l.Where.Public {
		style = d.styles.Verdicts[model.Unknown]
	}
	if d.terse {
		p.where = c.shortWhere(p, l.Where)
	}
	if len(rows) == 1 && c.end(p) <= c.room {
		rows[0] = append(rows[0], span{c.whereColumn(p.role), p.where, style})
		return rows
	}
	for _, part := range cells.Wrap(p.where, room) {
		rows = append(rows, []span{{x, part, style}})
	}
	return rows
}

// hang is where a long finding continues below its label.
const hang = 2

// findingRows are what stands in place of a role. What needs more than two rows there continues below the label. In a low window it
// has one row: the details say it whole.
func (d *drawing) findingRows(l picture.Line) (rows [][]span) {
	c, style := d.columns, d.findingStyle(l)
	finding, x := c.proof(l).finding, c.labelWidth(l)+c.gap
	room := c.room - d.leastWas(l)
	if d.terse {
		return [][]span{{{x, cells.Cut(finding, room-x), style}}}
	}
	parts, below := cells.WrapWhole(finding, room-x), x
	if tooWide := func(part string) bool { return cells.Width(part) > room-x }; len(parts) > 2 || slices.ContainsFunc(parts, tooWide) {
		first := cells.Wrap(parts[0], room-x)[0]
		parts, below = append([]string{first}, cells.Wrap(strings.TrimPrefix(finding, first), room-hang)...), hang
	}
	for _, part := range parts {
		rows = append(rows, []span{{x, part, style}})
		x = below
	}
	return rows
}

// findingStyle is that of what stands in place of a role. What is missing has the colour of its verdict.
func (d *drawing) findingStyle(l picture.Line) lipgloss.Style {
	if v := l.Check.Verdict; !l.Check.Pending() && (v == model.Missing || v == model.Denied) {
		return d.styles.Verdicts[v]
	}
	return d.styles.Plain
}

// leastWas is the room of what a line was, at its shortest.
func (d *drawing) leastWas(l picture.Line) int {
	was, changed := d.before[l.Check.ID]
	if !changed {
		return 0
	}
	return cells.Width(wasText(d.styles, was, l, true)) + 1
}

// placeWas gives what a line was, and in which of its rows. That is the last of its proof where it fits, else one of its own.
func (d *drawing) placeWas(l picture.Line, row []span, last int) (mark span, at int) {
	was, changed := d.before[l.Check.ID]
	if !changed {
		return span{}, last
	}
	end, right := 0, d.columns.room
	for _, s := range row {
		end = max(end, s.x+cells.Width(s.text))
	}
	for _, short := range []bool{false, true} {
		mark = span{text: wasText(d.styles, was, l, short), style: d.styles.Accent}
		if mark.x = right - cells.Width(mark.text); mark.x > end {
			return mark, last
		}
	}
	mark.x = max(0, mark.x)
	return mark, last + 1
}

// drawLine writes a row of a line. The first has the verdict, and the letter of the place that the line reaches.
func (d *drawing) drawLine(y int, row consumerRow) {
	l := *row.line
	at := checkTarget(l.Check.ID)
	for _, s := range row.spans {
		d.Put(labelColumn+s.x, y, s.text, s.style)
	}
	if !row.first {
		d.Mark(laneColumn, y, d.spot(at))
		return
	}
	d.mark(at, laneColumn, y)
	chip, style := d.styles.CheckChip(l.Check)
	if at == d.selected {
		style = d.styles.Bar
		d.FillRow(laneColumn-1, labelColumn, y, " ", style)
		d.Put(laneColumn-1, y, d.styles.Cursor(3), style)
	}
	d.Put(laneColumn+1, y, chip, style)
	if l.Place != picture.None {
		d.Put(d.letterColumn(), y, d.picture.Places[l.Place].Letter, d.styles.Bold)
	}
}
