package palette

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

const (
	maxWidth    = 110 // a longer line is hard to read across
	roomyHeight = 18  // a lower palette does without blank lines
	kindWidth   = 15
	markWidth   = 2 // of the sign of the cursor
	edges       = 4 // of the frame, both sides
	title       = "Go anywhere, do anything"
)

// View draws the palette in all of the room that the screen has: it stands still while what fits gets less.
func (p *Palette) View(width, height int) string {
	inner := min(width-edges-2, maxWidth)
	ui.ResizeInput(&p.input, inner-4)
	lines := []string{p.Styles.Accent.Render(signs.Prompt+" ") + p.Styles.FieldView(&p.input)}
	if height >= roomyHeight {
		lines = append(lines, "")
	}
	const frameAndStatus = 3
	note, status := p.noteAndStatus(inner, height)
	room := max(1, height-len(lines)-frameAndStatus-len(note))
	body, part := p.body(inner, room)
	whole := p.wholeDetail(inner, room-len(body))
	for len(body) < room-len(whole) {
		body = append(body, "")
	}
	body = append(body, whole...)
	lines = append(lines, body...)
	for _, n := range append(note, cells.Justify(status, part, inner)) {
		lines = append(lines, p.Styles.Dim.Render(cells.Cut(n, inner)))
	}
	return strings.Join(ui.Centre(p.Styles.Framed(title, lines, inner), width), "\n")
}

// body is the part of the rows around the cursor, with their headings while nothing is typed, and which part it is.
func (p *Palette) body(width, room int) (lines []string, part string) {
	if len(p.rows) == 0 {
		return cells.Wrap(p.emptyText(), width), ""
	}
	all := p.lines()
	at := slices.Index(all, p.cursor)
	p.room = room
	p.offset = ui.ScrollOffset(at, p.offset, room, len(all))
	if p.offset > 0 && p.offset == at && all[at-1] == heading {
		p.offset--
	}
	end := min(len(all), p.offset+room)
	p.widest = p.widestTitle(len(all) <= room)
	for n := p.offset; n < end; n++ {
		if all[n] == heading {
			lines = append(lines, p.Styles.Dim.Render(p.headingOf(p.entryAt(all[n+1]).Section)))
			continue
		}
		lines = append(lines, ui.MarkedLine(ui.PaneRows, all[n], p.rowLine(all[n], width)))
	}
	if len(all) > room {
		part = fmt.Sprintf("lines %d to %d of %d", p.offset+1, end, len(all))
	}
	return lines, part
}

// headingOf names a section, and says what it is for where that does not show.
func (p *Palette) headingOf(s Section) string {
	if key := p.Keys.Symbol(ui.IntentChoose, true); s == Settings && key != "" {
		return string(s) + " (" + key + " opens the file)"
	}
	return string(s)
}

// widestTitle is how much room the titles take, where all are in sight. Else it is 0: the columns stand still while one scrolls.
func (p *Palette) widestTitle(allInSight bool) (width int) {
	if !allInSight {
		return 0
	}
	for n := range p.rows {
		if e := p.entryAt(n); e.shownDetail() != "" {
			width = max(width, cells.Width(e.Title))
		}
	}
	return width
}

// heading stands in the lines for that of the row behind it.
const heading = -1

// lines are the rows by their numbers, with a heading before the first of each section.
func (p *Palette) lines() (all []int) {
	section := Section("")
	for n, r := range p.rows {
		if p.query.Empty() && p.entries[r.index].Section != section {
			section = p.entries[r.index].Section
			all = append(all, heading)
		}
		all = append(all, n)
	}
	return all
}

// lookOf is how the name and the key of an entry are drawn. One that is off is faint.
func (p *Palette) lookOf(e Entry) (name, key *lipgloss.Style) {
	if e.WhyOff != "" {
		return &p.Styles.Dim, &p.Styles.Dim
	}
	return nil, &p.Styles.Key
}

// rowLine is one row: kind, name, detail or why it is off, and key. Letters that were found stand out.
func (p *Palette) rowLine(n, width int) string {
	e := p.entryAt(n)
	nameStyle, keyStyle := p.lookOf(e)
	kind := ""
	if !p.query.Empty() {
		kind = cells.Fit(e.Kind, kindWidth)
	}
	name, detail := p.columns(e, width-markWidth-cells.Width(kind))
	marks := p.marks(n, e)
	row := p.Styles.NewRow(markWidth, width, n == p.cursor)
	row.Write(&p.Styles.Dim, kind)
	row.WriteMarked(nameStyle, name, marks[0])
	if detail != "" {
		row.Write(nil, "  ")
		row.WriteMarked(&p.Styles.Dim, detail, marks[1])
	}
	row.FillTo(width - cells.Width(e.Key))
	row.Write(keyStyle, e.Key)
	return row.String()
}

// wholeDetail shows the row under the cursor in full where it is cut and lines are free.
func (p *Palette) wholeDetail(width, room int) []string {
	if len(p.rows) == 0 {
		return nil
	}
	e := p.entryAt(p.cursor)
	detail := e.shownDetail()
	rowWidth := width - markWidth
	if !p.query.Empty() {
		rowWidth -= kindWidth
	}
	name, shown := p.columns(e, rowWidth)
	if strings.TrimRight(name, " ") == e.Title && shown == detail {
		return nil
	}
	lines := append(append([]string{""}, cells.Wrap(e.Title, width)...), cells.Wrap(detail, width)...)
	if len(lines) > room {
		return nil
	}
	return lines
}

// shownDetail is what stands behind the name: why an entry is off, or what there is to say about it.
func (e Entry) shownDetail() string {
	if e.WhyOff != "" {
		return e.WhyOff
	}
	return e.Detail
}

// columns cuts name and detail to the room that a row has besides its key.
func (p *Palette) columns(e Entry, room int) (name, detail string) {
	detail = e.shownDetail()
	const nameShare = 45 // of a hundred
	width := room * nameShare / 100
	if p.widest > 0 {
		width = min(width, p.widest)
	}
	if e.Key != "" {
		room -= cells.Width(e.Key) + 2
	}
	if detail == "" {
		return cells.Cut(e.Title, room), ""
	}
	width = max(width, min(cells.Width(e.Title), room-cells.Width(detail)-2))
	return cells.Fit(e.Title, width), cells.Cut(detail, room-width-2)
}

// marks are the letters that the query found in a row, of the title and of the detail.
func (p *Palette) marks(n int, e Entry) (marks [2][]bool) {
	if p.query.Empty() {
		return marks
	}
	found := p.matcher.Marks(p.query, p.textAt(n))
	marks[0] = found[0]
	if e.WhyOff == "" { // else the reason stands there
		marks[1] = found[1]
	}
	return marks
}

// noteAndStatus are the last lines: how the search beyond the library stands, and how much there is. A low palette has one line.
func (p *Palette) noteAndStatus(width, height int) (note []string, status string) {
	status = p.status()
	f, said := p.library().Further, p.furtherText()
	switch {
	case p.query.Empty() || f.Search == nil && f.WhyNot == "":
		return nil, status
	case height >= roomyHeight:
		if note = cells.Wrap(said, width); len(note) == 0 {
			note = []string{""}
		}
		return note, status
	case said != "":
		status += signs.Between + said
	}
	return nil, status
}

// status says how much was found, or could be.
func (p *Palette) status() string {
	switch {
	case p.query.Empty():
		return p.library().Summary
	case p.search.busy && p.search.first, len(p.rows) == 0 && p.further.busy:
		return "searching " + signs.More
	case len(p.search.hits) > maxShown:
		return fmt.Sprintf("%d found, the best %d are here", len(p.search.hits), maxShown)
	}
	return text.CountNoun(len(p.rows), "entry") + " found"
}

// emptyText says what is searched, where nothing of it fits.
func (p *Palette) emptyText() string {
	if p.search.busy || p.further.busy {
		return ""
	}
	return "Nothing fits. What can be found are actions, places and settings, and what lists brought since the start: a list that you open adds to it."
}
