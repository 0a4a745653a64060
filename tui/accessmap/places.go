package accessmap

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// imageIndent is where the texts below the name of a level begin, and proofIndent where those below an image do.
const (
	imageIndent = 4
	proofIndent = 6
)

// placeRow is one row of a place.
type placeRow struct {
	rung      int // index of the level that begins here; picture.None: none does
	indent    int
	text      string
	style     lipgloss.Style
	note      string // behind the text
	noteStyle lipgloss.Style
	level     *picture.Rung // that the cursor can stand on
	image     *picture.Line
}

// placeRows are the rows of a place between its edges, for a width.
func (d *drawing) placeRows(at int, width int) (rows []placeRow) {
	place := d.picture.Places[at]
	if !d.titleFits(at) && ownRung(place) == picture.None {
		rows = d.wrapped(placeRow{rung: picture.None, text: place.Name, style: d.styles.Bold}, 0, 0, width)
	}
	for i, r := range place.Rungs {
		if !d.shows(at, i) {
			continue
		}
		first := placeRow{rung: i, text: rungText(r, width, !d.framed), style: d.styles.Plain}
		if r.Resource != "" {
			first.level = &place.Rungs[i]
		}
		if r.Name != "" {
			rows = append(rows, d.wrapped(first, 0, imageIndent, width)...)
		}
		for _, note := range d.rungNotes(r, width) {
			if last := &rows[len(rows)-1]; last.rung == i && last.note == "" && cells.Width(last.text)+2+cells.Width(note.text) <= width {
				last.note, last.noteStyle = note.text, note.style
				continue
			}
			rows = append(rows, d.wrapped(note, imageIndent, imageIndent, width)...)
		}
		for n := range r.Images {
			rows = append(rows, d.imageRows(&place.Rungs[i].Images[n], imageRung(r, i, n), width)...)
		}
	}
	return rows
}

// wrapped is a row whose text begins in a column, and below it what does not fit in it. That hangs further right.
func (d *drawing) wrapped(first placeRow, column, hang, width int) []placeRow {
	if column+cells.Width(first.text) <= width {
		return []placeRow{first}
	}
	blanks := len(first.text) - len(strings.TrimLeft(first.text, " "))
	parts := cells.Wrap(first.text, width-hang)
	first.text = first.text[:blanks] + parts[0]
	rows := []placeRow{first}
	for _, part := range parts[1:] {
		rows = append(rows, placeRow{rung: picture.None, indent: hang, text: part, style: first.style})
	}
	return rows
}

// imageRows are an image with its proof, which stands below it where it does not fit behind it. A digest gives way in a low window.
func (d *drawing) imageRows(l *picture.Line, rung, width int) []placeRow {
	label, proofs := l.Label, d.imageProof(*l)
	if l.Place != picture.None {
		label += "  " + d.picture.Places[l.Place].Letter
	}
	row := placeRow{rung: rung, indent: imageIndent - 2, image: l, text: label, style: d.styles.Plain, note: strings.Join(proofs, " ")}
	if proofIndent+cells.Width(label)+2+cells.Width(row.note) <= width {
		return []placeRow{row}
	}
	if !d.framed && !isDigest(*l) {
		return d.wrapped(row, proofIndent, proofIndent, width)
	}
	row.note = ""
	rows := d.wrapped(row, proofIndent, proofIndent, width)
	for _, proof := range proofs {
		if d.ladders || !isDigest(*l) {
			below := placeRow{rung: picture.None, indent: proofIndent, text: proof, style: d.styles.Dim}
			rows = append(rows, d.wrapped(below, proofIndent, proofIndent, width)...)
		}
	}
	return rows
}

// isDigest reports whether the proof of an image is its digest.
func isDigest(l picture.Line) bool {
	return l.Check.BaseID() == model.CheckImage && l.Check.Verdict == model.Granted
}

// imageProof is the digest of an image, or what was found instead, and what it was.
func (d *drawing) imageProof(l picture.Line) (parts []string) {
	p := d.columns.proof(l)
	parts = []string{p.finding, p.role, p.where}
	if was, changed := d.before[l.Check.ID]; changed {
		parts = append(parts, wasText(d.styles, was, l, false))
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// imageRung is the level that begins with an image: one that has no name of its own.
func imageRung(r picture.Rung, rung, image int) int {
	if r.Name == "" && image == 0 {
		return rung
	}
	return picture.None
}

// rungNotes say what a level is and who has which role on it.
func (d *drawing) rungNotes(r picture.Rung, width int) (notes []placeRow) {
	if !d.framed || r.Name == "" {
		return nil
	}
	if r.Note != "" {
		notes = append(notes, placeRow{rung: picture.None, indent: imageIndent, text: fitNote(r.Note, width-imageIndent), style: d.styles.Dim})
	}
	for _, h := range r.Holders {
		style := d.styles.Verdicts[model.Granted]
		if h.Public {
			style = d.styles.Verdicts[model.Unknown]
		}
		notes = append(notes, placeRow{rung: picture.None, indent: imageIndent, text: d.holderText(h, width-imageIndent), style: style})
	}
	return notes
}

// fitNote leaves out the last parts of a note that is too long.
func fitNote(note string, width int) string {
	for cells.Width(note) > width {
		at := strings.LastIndex(note, signs.Between)
		if at < 0 {
			break
		}
		note = note[:at]
	}
	return note
}

// holderText says who has which role.
func (d *drawing) holderText(h picture.Holder, width int) string {
	who := string(h.Identity)
	switch {
	case h.Public && h.Role == "":
		return "! everybody may read"
	case h.Public:
		who = "! everybody"
	case h.Identity == model.Puller:
		who = "service agent"
	}
	if text := who + " has " + h.Role; d.columns.short == wholeRole && cells.Width(text) <= width {
		return text
	}
	text := who + " has " + lastPart.role(h.Role)
	if h.Identity == model.Puller && cells.Width(text) > width {
		return strings.TrimPrefix(text, "service ")
	}
	return text
}

// rungText names a level, with a sign before one above the project. An account that is short or too long loses what its project says.
func rungText(r picture.Rung, width int, short bool) string {
	before, kind := "  ", string(r.Kind)
	if r.Inherited {
		before = signs.Inherits + " "
	}
	text := before + kind + " " + r.Name
	if name, _, ok := strings.Cut(r.Name, "@"); ok && r.Kind == model.KindAccount && (short || cells.Width(text) > width) {
		text = before + "account " + name
	}
	return text
}

// shows reports whether a level is drawn: all are where there is room, else those that have something to say.
func (d *drawing) shows(place, rung int) bool {
	r := d.picture.Places[place].Rungs[rung]
	if r.Kind == model.KindRepository || r.Kind == model.KindAccount || len(r.Images) > 0 || d.ladders || !d.titleFits(place) && rung == ownRung(d.picture.Places[place]) {
		return true
	}
	for l := range d.picture.Lines() {
		if d.framed && l.Place == place && l.Rung == rung {
			return true
		}
	}
	return d.framed && len(r.Holders) > 0
}

// placesHeight is the height of all places.
func (d *drawing) placesHeight() (height int) {
	for i := range d.picture.Places {
		if d.framed {
			height += len(d.placeRows(i, d.placeWidth-4)) + 2
		} else {
			height += d.looseHeight(i)
		}
	}
	return height
}

// drawPlaces draws the places one below the other.
func (d *drawing) drawPlaces(y int) {
	for i := range d.picture.Places {
		if d.framed {
			y = d.drawPlace(i, y)
		} else {
			y = d.drawLoose(i, y)
		}
	}
}

// drawPlace draws a place in its frame, and gives the row below it.
func (d *drawing) drawPlace(at, y int) int {
	x, rows := d.placeLeft, d.placeRows(at, d.placeWidth-4)
	d.Box(x, y, d.placeWidth, len(rows)+2, d.styles.Frame)
	d.drawPlaceTitle(at, x+2, y, x+d.placeWidth-1)
	d.titleStandsFor(at, y)
	for i, row := range rows {
		d.Mark(x, y+1+i, ui.Spot{}) // not of the line that may stand left of it
		d.drawPlaceRow(at, row, x+2, y+1+i, x+d.placeWidth-2)
	}
	d.Mark(x, y, ui.Spot{})
	d.Mark(x, y+len(rows)+1, ui.Spot{})
	return y + len(rows) + 2
}

// titleStandsFor takes the title of a place for its levels, until they are drawn.
func (d *drawing) titleStandsFor(at, y int) {
	for i := range d.picture.Places[at].Rungs {
		d.rungs[[2]int{at, i}] = y
	}
}

// drawPlaceRow draws a row, and gives the column behind it.
func (d *drawing) drawPlaceRow(at int, row placeRow, x, y, end int) int {
	if row.rung != picture.None {
		d.rungs[[2]int{at, row.rung}] = y
	}
	x += row.indent
	switch {
	case row.image != nil:
		return d.drawImage(row, x+2, y, end)
	case row.level != nil:
		x = d.drawLevelName(target{level: row.level.Resource, place: d.picture.Places[at].Letter}, row.text, x, y, end)
	default:
		x = d.Put(x, y, cells.Cut(row.text, end-x), row.style)
	}
	if row.note == "" {
		return x
	}
	return d.Put(x+2, y, cells.Cut(row.note, end-x-2), row.noteStyle)
}

// drawLevelName draws a level. The cursor stands in its first column, before the name or the sign of one above the project.
func (d *drawing) drawLevelName(at target, name string, x, y, end int) int {
	d.mark(at, x, y)
	style := d.styles.Plain
	if at == d.selected {
		style = d.styles.Bar
		name = d.styles.Cursor(2) + strings.TrimLeft(strings.TrimPrefix(name, signs.Inherits), " ")
	}
	return d.Put(x, y, cells.Cut(name, end-x), style)
}

// drawImage draws an image with its verdict; its sign stands at x.
func (d *drawing) drawImage(row placeRow, x, y, end int) int {
	at := checkTarget(row.image.Check.ID)
	d.mark(at, x-2, y)
	text := row.style
	sign, _, style := d.styles.VerdictMark(row.image.Check)
	if at == d.selected {
		text, style = d.styles.Bar, d.styles.Bar
		d.Put(x-2, y, d.styles.Cursor(2), text)
	}
	x = d.Put(x, y, sign+" ", style)
	x = d.Put(x, y, cells.Cut(row.text, end-x), text)
	switch room := end - x - 2; {
	case room >= cells.Width(row.note):
	case room < leastProof, isDigest(*row.image):
		return x
	}
	return d.Put(x+2, y, cells.Cut(row.note, end-x-2), d.styles.Dim)
}

// leastProof is how much of a proof says anything.
const leastProof = 11

// looseRows are the rows of a place without a frame, and whether they stand in one row behind its title.
func (d *drawing) looseRows(at int) (rows []placeRow, inTitle bool) {
	p := d.picture.Places[at]
	rows = d.placeRows(at, d.placeWidth-4)
	images, width := 0, cells.Width(string(p.Kind))+cells.Width(p.Name)+looseIndent
	for i := range rows {
		if image := rows[i].image; image != nil {
			images++
			width += cells.Width(rows[i].text) + imageIndent
			if !isDigest(*image) {
				width += 2 + cells.Width(rows[i].note)
			}
			continue
		}
		width += cells.Width(rows[i].text) + imageIndent
	}
	return rows, !p.Same && d.titleFits(at) && images <= 1 && len(rows)-images <= 1 && width <= d.placeWidth
}

// looseIndent is where the levels of a place without a frame begin.
const looseIndent = 5

func (d *drawing) looseHeight(at int) int {
	if rows, inTitle := d.looseRows(at); !inTitle {
		return 1 + len(rows)
	}
	return 1
}

// drawLoose draws a place without a frame, and gives the row below it.
func (d *drawing) drawLoose(at, y int) int {
	end := d.placeLeft + d.placeWidth - 1
	x := d.drawPlaceTitle(at, d.placeLeft, y, end)
	d.titleStandsFor(at, y)
	rows, inTitle := d.looseRows(at)
	for _, row := range rows {
		if inTitle {
			row.indent = 0
			x = d.drawPlaceRow(at, row, x, y, end)
			continue
		}
		y++
		d.drawPlaceRow(at, row, d.placeLeft+looseIndent-2, y, end)
	}
	return y + 1
}
