package tui

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// The widths that decide how the map is laid out: side by side when both places fit with every e-mail in full, else
// one above the other.
const (
	leftPlace   = 80
	gapPlace    = 9
	rightPlace  = 38
	sideBySide  = leftPlace + gapPlace + rightPlace
	widestRight = 62
)

// drawing is a picture on its way to a canvas.
type drawing struct {
	*canvas
	looks    *theme
	picture  picture
	selected string         // id of the chosen check
	rows     map[string]int // where each check was drawn
	apart    int            // empty lines between the lanes
	edge     int            // the column that the lanes' texts stay away from: the frame, or the way over left of it
}

// drawMap draws the access map, with air between the lanes where the height allows. It gives the lines and the line of
// the chosen check.
func drawMap(t *theme, p picture, selected string, width, height int) (lines []string, at int) {
	d := &drawing{looks: t, picture: p, selected: selected, rows: map[string]int{}}
	tight := d.consumerHeight()
	if width < sideBySide {
		tight += p.sourceHeight()
	}
	if tight+len(p.lanes)+1 <= height {
		d.apart = 1
	}
	if width >= sideBySide {
		d.wide(width)
	} else {
		d.tall(width)
	}
	return d.lines(), d.rows[selected]
}

// consumerHeight is the height of the consumer's place with its frame.
func (d *drawing) consumerHeight() int {
	height := 2 + d.apart*(len(d.picture.lanes)+1)
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
	for _, t := range p.targets {
		height += 1 + len(t.images)
	}
	return height
}

// consumerPlace draws the frame of the consumer project and everything in it but the ways over to the source.
func (d *drawing) consumerPlace(width int, reach func(y, x int, l line)) {
	d.edge = width - 1
	d.box(0, 0, width, d.consumerHeight(), d.looks.frame)
	d.heading(2, 0, "consumer project  "+d.picture.consumer)
	d.apiState(width)
	y := 1 + d.apart
	for _, l := range d.picture.lanes {
		x := d.put(2, y, pad(l.name, 8), d.looks.title)
		d.put(x, y, cut(l.who, d.edge-x-1), d.looks.bold)
		y++
		for _, line := range l.lines {
			x := d.check(2, y, line, width)
			if line.target >= 0 {
				reach(y, x, line)
			} else {
				d.put(x, y, cut(line.proof, d.edge-x-1), d.looks.dim)
			}
			y++
		}
		if l.remark != "" {
			d.put(4, y, cut(l.remark, d.edge-5), d.looks.dim)
			y++
		}
		y += d.apart
	}
}

// heading writes a place's name into its upper edge.
func (d *drawing) heading(x, y int, text string) {
	kind, name, _ := strings.Cut(text, "  ")
	x = d.put(x, y, " "+kind+" ", d.looks.dim)
	if name != "" {
		d.put(x, y, name+" ", d.looks.bold)
	}
}

// apiState stands in the upper edge, at the right.
func (d *drawing) apiState(width int) {
	sign, _, style := d.looks.mark(d.picture.api)
	text := map[string]string{"✓": " Cloud Run API on ", "✗": " Cloud Run API off ", "·": " Cloud Run API … "}[sign]
	if text == "" {
		text = " Cloud Run API: unknown "
	}
	x := width - 3 - ansi.StringWidth(text) - 4
	d.rows[d.picture.api.ID] = 0
	if d.picture.api.ID == d.selected {
		d.put(x-1, 0, " ▸", d.looks.accent)
	}
	x = d.put(d.put(x+1, 0, " ", d.looks.plain), 0, sign, style)
	d.put(x, 0, text, d.looks.plain)
}

// The room for what a check asks, so that the proofs stand in one column: the longest question, or in a narrow place
// less, for the sake of the proofs.
const (
	labelWidth  = 23
	labelNarrow = 20
)

// check writes marker, sign, word and label, and gives the column after them.
func (d *drawing) check(x, y int, l line, width int) int {
	d.rows[l.check.ID] = y
	chosen := l.check.ID == d.selected
	marker, text := "  ", d.looks.plain
	if chosen {
		marker, text = "▸ ", d.looks.bold
	}
	sign, word, style := d.looks.mark(l.check)
	x = d.put(x, y, marker, d.looks.accent)
	x = d.put(x, y, pad(sign+" "+word, 11), style)
	room := labelWidth
	if width < leftPlace {
		room = labelNarrow
	}
	return d.put(x, y, pad(cut(l.label, room-1), room), text)
}

// way is how a verdict's connection is drawn.
type way struct {
	across, down, corner, through, cross, arrow string
	arrives                                     bool // at the other place, as far as is known
}

var (
	wayGranted = way{across: "─", down: "│", corner: "╮", through: "┼", cross: "┼", arrow: "▶", arrives: true}
	wayMissing = way{across: "═", down: "║", corner: "╗", through: "╪", cross: "╫", arrow: "✗"}
	wayUnknown = way{across: "┄", down: "┊", corner: "╮", through: "┼", cross: "┼", arrow: "?", arrives: true}
)

// wayOf: a solid line arrives, a double one is stopped, a dotted one is not known to.
func wayOf(c model.Check) way {
	switch {
	case c.Pending():
		w := wayUnknown
		w.arrow = "·"
		return w
	case c.Verdict == model.Granted:
		return wayGranted
	case c.Verdict == model.Unknown:
		return wayUnknown
	case c.Verdict == model.Denied:
		w := wayMissing
		w.arrow = "⊘"
		return w
	}
	return wayMissing
}

// wide draws the places side by side, each way over on its own line.
func (d *drawing) wide(width int) {
	right := min(width-leftPlace-gapPlace, widestRight)
	first := d.sourceStart()
	height := max(d.consumerHeight(), first+d.picture.sourceHeight()-1)
	d.canvas = newCanvas(width, height)
	x0 := leftPlace + gapPlace
	d.box(x0, 0, right, height, d.looks.frame)
	d.heading(x0+2, 0, d.picture.source)
	d.consumerPlace(leftPlace, func(y, x int, l line) { d.over(x, y, l, x0, right) })
	d.sourceRows(x0+2, first, right)
}

// sourceStart is the row from which repositories and images are listed together: above the ways over where they fit,
// else below them.
func (d *drawing) sourceStart() int {
	top, last := 1+d.apart, 0
	fits := true
	y := top
	for _, l := range d.picture.lanes {
		for _, line := range l.lines {
			y++
			if line.target >= 0 {
				fits = fits && (y < top || y >= top+d.picture.sourceHeight()-2)
				last = y
			}
		}
		y += 1 + d.apart
		if l.remark != "" {
			y++
		}
	}
	if fits {
		return top
	}
	return last + 2
}

// over draws one way over, from a check's label through both frames to its proof. One that is stopped ends between
// the places.
func (d *drawing) over(x, y int, l line, x0, right int) {
	w := wayOf(l.check)
	style := d.wayStyle(l.check)
	d.put(x0+5, y, cut(l.proof, right-7), style)
	d.across(x, leftPlace+gapPlace/2, y, w.across, style)
	d.put(leftPlace-1, y, w.through, style)
	if !w.arrives {
		d.put(leftPlace+gapPlace/2-1, y, " "+w.arrow, style)
		return
	}
	d.across(leftPlace+gapPlace/2, x0+3, y, w.across, style)
	d.put(x0, y, w.through, style)
	d.put(x0+3, y, w.arrow, style)
}

func (d *drawing) wayStyle(c model.Check) lipgloss.Style {
	_, _, style := d.looks.mark(c)
	return style
}

// sourceRows lists repositories and images.
func (d *drawing) sourceRows(x, y, right int) {
	for _, t := range d.picture.targets {
		d.targetTitle(x, y, t, right)
		for _, l := range t.images {
			y++
			d.imageRow(x, y, l, right)
		}
		y++
	}
}

func (d *drawing) targetTitle(x, y int, t target, width int) {
	end := d.put(x, y, cut(t.title, width-4), d.looks.bold)
	d.put(end+2, y, cut(t.note, width-6-(end-x)), d.looks.dim)
}

func (d *drawing) imageRow(x, y int, l line, width int) {
	d.rows[l.check.ID] = y
	text := d.looks.plain
	if l.check.ID == d.selected {
		d.put(x, y, "▸", d.looks.accent)
		text = d.looks.bold
	}
	sign, _, style := d.looks.mark(l.check)
	end := d.put(x+2, y, sign+" ", style)
	end = d.put(end, y, cut(l.label, width-8), text)
	d.put(end+2, y, cut(l.proof, x+width-end-6), d.looks.dim)
}

// tall draws the consumer above the source; the ways over run down at the right.
func (d *drawing) tall(width int) {
	top := d.consumerHeight()
	d.canvas = newCanvas(width, top+d.picture.sourceHeight())
	d.box(0, top, width, d.picture.sourceHeight(), d.looks.frame)
	d.heading(2, top, d.picture.source)
	rail := width - 3
	d.consumerPlace(width, func(y, x int, l line) {
		d.down(x, y, l, rail, top)
		rail -= 3
	})
	y := top + 1
	for _, t := range d.picture.targets {
		d.targetTitle(2, y, t, width)
		y++
		for _, l := range t.images {
			d.imageRow(4, y, l, width-2)
			y++
		}
	}
}

// down draws one way over as a rail: out to the right, down through both frames.
func (d *drawing) down(x, y int, l line, rail, top int) {
	w := wayOf(l.check)
	style := d.wayStyle(l.check)
	end := d.put(x, y, cut(l.proof, rail-x-3), style)
	d.across(end+1, rail, y, w.across, style)
	d.put(rail, y, w.corner, style)
	for row := y + 1; row < top-1; row++ {
		d.put(rail, row, w.down, style)
	}
	d.put(rail, top-1, w.cross, style)
	arrow := w.arrow
	if arrow == "▶" {
		arrow = "▼"
	}
	d.put(rail, top, arrow, style)
	d.edge = rail
}
