package accessmap

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// These widths decide the layout of the map. The two places are side by side if both fit with every e-mail in
// full, else one above the other.
const (
	consumerWidth   = 80
	gapWidth        = 9
	sourceWidth     = 38
	sideBySideWidth = consumerWidth + gapWidth + sourceWidth
	maxSourceWidth  = 62
)

// drawing is a picture on its way to a canvas.
type drawing struct {
	*ui.Canvas
	styles    *ui.Styles
	picture   picture
	selected  string         // id of the chosen check
	checkRows map[string]int // where each check was drawn
	order     []string       // of the checks, which is how a click names them
	laneGap   int            // empty lines between the lanes
	textEdge  int            // the column that the lanes' texts stay away from: the frame, or the way over left of it
}

// drawMap draws the access map, with air between the lanes where the height allows. It gives the lines, and in which of
// them each check stands.
func drawMap(t *ui.Styles, p picture, selected string, width, height int) (lines []string, checkRows map[string]int) {
	d := &drawing{styles: t, picture: p, selected: selected, checkRows: map[string]int{}, order: p.checkIDs()}
	compactHeight := d.consumerHeight()
	if width < sideBySideWidth {
		compactHeight += p.sourceHeight()
	}
	if compactHeight+len(p.lanes)+1 <= height {
		d.laneGap = 1
	}
	if width >= sideBySideWidth {
		d.drawSideBySide(width)
	} else {
		d.drawStacked(width)
	}
	return d.Render(), d.checkRows
}

// placeCheck notes where a check is drawn. What stands behind it in its line belongs to it.
func (d *drawing) placeCheck(id string, x, y int) {
	d.checkRows[id] = y
	d.Mark(x, y, ui.Spot{Pane: ui.PaneRows, Row: slices.Index(d.order, id)})
}

// consumerHeight is the height of the consumer's place with its frame.
func (d *drawing) consumerHeight() int {
	height := 2 + d.laneGap*(len(d.picture.lanes)+1)
	for _, l := range d.picture.lanes {
		height += 1 + len(l.lines)
		if l.remark != "" {
			height++
		}
	}
	return height
}

func (p picture) sourceHeight() int {
	height := 2
	for _, t := range p.repositories {
		height += 1 + len(t.images)
	}
	return height
}

// drawConsumer draws the frame of the consumer project and everything in it but the ways over to the source.
func (d *drawing) drawConsumer(width int, drawArrow func(y, x int, l checkLine)) {
	d.textEdge = width - 1
	d.Box(0, 0, width, d.consumerHeight(), d.styles.Frame)
	d.drawHeading(2, 0, "consumer project  "+d.picture.consumerTitle)
	d.drawAPIState(width)
	y := 1 + d.laneGap
	for _, l := range d.picture.lanes {
		x := d.Put(2, y, cells.Fit(l.name, 8), d.styles.Title)
		d.Put(x, y, cells.Cut(l.identity, d.textEdge-x-1), d.styles.Bold)
		y++
		for _, line := range l.lines {
			x := d.drawCheck(2, y, line, width)
			if line.repositoryIndex >= 0 {
				drawArrow(y, x, line)
			} else {
				d.Put(x, y, cells.Cut(line.proof, d.textEdge-x-1), d.styles.Dim)
			}
			y++
		}
		if l.remark != "" {
			d.Put(4, y, cells.Cut(l.remark, d.textEdge-5), d.styles.Dim)
			y++
		}
		y += d.laneGap
	}
}

// drawHeading writes a place's name into its upper edge.
func (d *drawing) drawHeading(x, y int, text string) {
	kind, name, _ := strings.Cut(text, "  ")
	x = d.Put(x, y, " "+kind+" ", d.styles.Dim)
	if name != "" {
		d.Put(x, y, name+" ", d.styles.Bold)
	}
}

// drawAPIState stands in the upper edge, at the right.
func (d *drawing) drawAPIState(width int) {
	sign, _, style := d.styles.VerdictMark(d.picture.api)
	text := " " + d.apiText() + " "
	x := width - 3 - cells.Width(text) - cells.Width(sign) - 3
	d.placeCheck(d.picture.api.ID, x-1, 0)
	plain := d.styles.Plain
	if d.picture.api.ID == d.selected {
		plain, style = d.styles.Bar, d.styles.Bar
		cursor := strings.TrimRight(d.styles.Cursor(4), " ")
		d.Put(x+1-cells.Width(cursor), 0, cursor, plain)
	}
	x = d.Put(d.Put(x+1, 0, " ", plain), 0, sign, style)
	d.Put(x, 0, text, plain)
}

// apiText says whether Cloud Run is on.
func (d *drawing) apiText() string {
	switch api := d.picture.api; {
	case api.Pending():
		return "Cloud Run API " + d.styles.Signs.Text(signs.More)
	case api.Verdict == model.Granted:
		return "Cloud Run API on"
	case api.Verdict == model.Missing:
		return "Cloud Run API off"
	}
	return "Cloud Run API: unknown"
}

// This is the room for the label of a check, so that the proofs are in one column. It is the longest label,
// or less in a narrow place, to leave room for the proofs.
const (
	markWidth        = 13 // of the cursor and the verdict
	labelWidth       = 23
	narrowLabelWidth = 20
)

// drawCheck writes marker, sign, word and label, and gives the column after them.
func (d *drawing) drawCheck(x, y int, l checkLine, width int) int {
	d.placeCheck(l.check.ID, x, y)
	room := labelWidth
	if width < consumerWidth {
		room = narrowLabelWidth
	}
	chip, style := d.styles.CheckChip(l.check)
	text := d.styles.Plain
	if l.check.ID == d.selected { // the way over begins behind the bar
		text, style = d.styles.Bar, d.styles.Bar
		d.FillRow(x-1, x+markWidth, y, " ", text)
		d.Put(x-1, y, d.styles.Cursor(3), text)
	}
	d.Put(x+1, y, chip, style)
	x += markWidth
	label := cells.Cut(l.label, room-1)
	d.Put(x, y, cells.Fit(label, room-1), text)
	return x + room
}

// arrow is how a verdict's connection is drawn.
type arrow struct {
	horizontal, vertical, corner, through, cross, head string
	reaches                                            bool // at the other place, as far as is known
}

var (
	arrowGranted = arrow{horizontal: signs.Horizontal, vertical: signs.Vertical, corner: signs.TopRight, through: signs.Cross, cross: signs.Cross, head: signs.HeadRight, reaches: true}
	arrowMissing = arrow{horizontal: signs.DoubleHorizontal, vertical: signs.DoubleVertical, corner: signs.DoubleTopRight, through: signs.DoubleThrough, cross: signs.DoubleAcross, head: signs.Missing}
	arrowUnknown = arrow{horizontal: signs.DottedHorizontal, vertical: signs.DottedVertical, corner: signs.TopRight, through: signs.Cross, cross: signs.Cross, head: signs.Unknown, reaches: true}
)

// arrowOf: a solid line arrives, a double one is stopped, a dotted one is not known to.
func arrowOf(c model.Check) arrow {
	switch {
	case c.Pending():
		w := arrowUnknown
		w.head = signs.Pending
		return w
	case c.Verdict == model.Granted:
		return arrowGranted
	case c.Verdict == model.Unknown:
		return arrowUnknown
	case c.Verdict == model.Denied:
		w := arrowMissing
		w.head = signs.Denied
		return w
	}
	return arrowMissing
}

// drawSideBySide draws the places side by side, each way over on its own line.
func (d *drawing) drawSideBySide(width int) {
	right := min(width-consumerWidth-gapWidth, maxSourceWidth)
	first := d.sourceListRow()
	height := max(d.consumerHeight(), first+d.picture.sourceHeight()-1)
	d.Canvas = ui.NewCanvas(width, height)
	x0 := consumerWidth + gapWidth
	d.Box(x0, 0, right, height, d.styles.Frame)
	d.Mark(x0, 0, ui.Spot{})
	d.drawHeading(x0+2, 0, d.picture.sourceTitle)
	d.drawConsumer(consumerWidth, func(y, x int, l checkLine) { d.drawArrowAcross(x, y, l, x0, right) })
	d.drawSource(x0+2, first, right)
}

// sourceListRow is the row from which repositories and images are listed together: above the ways over where they fit,
// else below them.
func (d *drawing) sourceListRow() int {
	top, last := 1+d.laneGap, 0
	fits := true
	y := top
	for _, l := range d.picture.lanes {
		for _, line := range l.lines {
			y++
			if line.repositoryIndex >= 0 {
				fits = fits && (y < top || y >= top+d.picture.sourceHeight()-2)
				last = y
			}
		}
		y += 1 + d.laneGap
		if l.remark != "" {
			y++
		}
	}
	if fits {
		return top
	}
	return last + 2
}

// drawArrowAcross draws one way over, from a check's label through both frames to its proof. One that is stopped ends between
// the places.
func (d *drawing) drawArrowAcross(x, y int, l checkLine, x0, right int) {
	w := arrowOf(l.check)
	style := d.arrowStyle(l.check)
	d.Put(x0+5, y, cells.Cut(l.proof, right-7), style)
	d.FillRow(x, consumerWidth+gapWidth/2, y, w.horizontal, style)
	d.Put(consumerWidth-1, y, w.through, style)
	if !w.reaches {
		d.Put(consumerWidth+gapWidth/2-1, y, " "+w.head, style)
		return
	}
	d.FillRow(consumerWidth+gapWidth/2, x0+3, y, w.horizontal, style)
	d.Put(x0, y, w.through, style)
	d.Put(x0+3, y, w.head, style)
}

func (d *drawing) arrowStyle(c model.Check) lipgloss.Style {
	_, _, style := d.styles.VerdictMark(c)
	return style
}

// drawSource lists repositories and images.
func (d *drawing) drawSource(x, y, right int) {
	for _, t := range d.picture.repositories {
		d.Mark(x, y, ui.Spot{}) // not of the check that may stand left of it
		d.drawRepositoryTitle(x, y, t, right)
		for _, l := range t.images {
			y++
			d.drawImage(x, y, l, right)
		}
		y++
	}
}

func (d *drawing) drawRepositoryTitle(x, y int, t mapRepository, width int) {
	end := d.Put(x, y, cells.Cut(t.title, width-4), d.styles.Bold)
	d.Put(end+2, y, cells.Cut(t.note, width-6-(end-x)), d.styles.Dim)
}

func (d *drawing) drawImage(x, y int, l checkLine, width int) {
	d.placeCheck(l.check.ID, x, y)
	text := d.styles.Plain
	sign, _, style := d.styles.VerdictMark(l.check)
	if l.check.ID == d.selected {
		text, style = d.styles.Bar, d.styles.Bar
		d.Put(x-1, y, d.styles.Cursor(3), text)
	}
	end := d.Put(x+2, y, sign+" ", style)
	end = d.Put(end, y, cells.Cut(l.label, width-8), text)
	d.Put(end+2, y, cells.Cut(l.proof, x+width-end-6), d.styles.Dim)
}

// drawStacked draws the consumer above the source; the ways over run down at the right.
func (d *drawing) drawStacked(width int) {
	top := d.consumerHeight()
	d.Canvas = ui.NewCanvas(width, top+d.picture.sourceHeight())
	d.Box(0, top, width, d.picture.sourceHeight(), d.styles.Frame)
	d.drawHeading(2, top, d.picture.sourceTitle)
	rail := width - 3
	d.drawConsumer(width, func(y, x int, l checkLine) {
		d.drawArrowDown(x, y, l, rail, top)
		rail -= 3
	})
	y := top + 1
	for _, t := range d.picture.repositories {
		d.drawRepositoryTitle(2, y, t, width)
		y++
		for _, l := range t.images {
			d.drawImage(4, y, l, width-2)
			y++
		}
	}
}

// drawArrowDown draws one way over as a rail: out to the right, down through both frames.
func (d *drawing) drawArrowDown(x, y int, l checkLine, rail, top int) {
	w := arrowOf(l.check)
	style := d.arrowStyle(l.check)
	end := d.Put(x, y, cells.Cut(l.proof, rail-x-3), style)
	d.FillRow(end+1, rail, y, w.horizontal, style)
	d.Put(rail, y, w.corner, style)
	for row := y + 1; row < top-1; row++ {
		d.Put(rail, row, w.vertical, style)
	}
	d.Put(rail, top-1, w.cross, style)
	arrow := w.head
	if arrow == signs.HeadRight {
		arrow = signs.HeadDown
	}
	d.Put(rail, top, arrow, style)
	d.textEdge = rail
}
