package accessmap

import (
	"slices"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/signs"
)

// arrow is how a verdict's wire is drawn.
type arrow struct {
	pieces  *pieces
	head    string // at its end
	reaches bool   // it arrives, as far as is known
}

// pieces are the signs of a wire, by the arms that they have.
type pieces struct {
	byArms [16]string
	leaves string // the edge of a place
	double bool
}

// The arms of a piece.
const (
	toLeft = 1 << iota
	toRight
	toTop
	toBottom
)

var (
	singlePieces = &pieces{leaves: signs.TeeRight, byArms: [16]string{
		toLeft: signs.Horizontal, toRight: signs.Horizontal, toLeft | toRight: signs.Horizontal,
		toTop: signs.Vertical, toBottom: signs.Vertical, toTop | toBottom: signs.Vertical,
		toLeft | toBottom: signs.TopRight, toLeft | toTop: signs.BottomRight, toRight | toBottom: signs.TopLeft, toRight | toTop: signs.BottomLeft,
		toLeft | toTop | toBottom: signs.TeeLeft, toRight | toTop | toBottom: signs.TeeRight,
		toLeft | toRight | toBottom: signs.TeeDown, toLeft | toRight | toTop: signs.TeeUp, toLeft | toRight | toTop | toBottom: signs.Cross,
	}}
	doublePieces = &pieces{leaves: signs.DoubleLeaves, double: true, byArms: [16]string{
		toLeft: signs.DoubleHorizontal, toRight: signs.DoubleHorizontal, toLeft | toRight: signs.DoubleHorizontal,
		toTop: signs.DoubleVertical, toBottom: signs.DoubleVertical, toTop | toBottom: signs.DoubleVertical,
		toLeft | toBottom: signs.DoubleTopRight, toLeft | toTop: signs.DoubleBottomRight, toRight | toBottom: signs.DoubleTopLeft, toRight | toTop: signs.DoubleBottomLeft,
		toLeft | toTop | toBottom: signs.DoubleTeeLeft, toRight | toTop | toBottom: signs.DoubleTeeRight,
		toLeft | toRight | toBottom: signs.DoubleTeeDown, toLeft | toRight | toTop: signs.DoubleTeeUp, toLeft | toRight | toTop | toBottom: signs.DoubleCross,
	}}
	dottedPieces = func() *pieces {
		p := *singlePieces
		p.byArms[toLeft], p.byArms[toRight], p.byArms[toLeft|toRight] = signs.DottedHorizontal, signs.DottedHorizontal, signs.DottedHorizontal
		p.byArms[toTop], p.byArms[toBottom], p.byArms[toTop|toBottom] = signs.DottedVertical, signs.DottedVertical, signs.DottedVertical
		return &p
	}()
)

// crossing is the sign where a level wire crosses an upright one.
func crossing(level, upright *pieces) string {
	switch {
	case level.double && upright.double:
		return signs.DoubleCross
	case level.double:
		return signs.DoubleThrough
	case upright.double:
		return signs.DoubleAcross
	}
	return signs.Cross
}

// arrowOf: a solid wire arrives, a double one is stopped, a dotted one is not known to arrive.
func arrowOf(c model.Check) arrow {
	switch {
	case c.Pending():
		return arrow{dottedPieces, signs.Pending, true}
	case c.Verdict == model.Granted:
		return arrow{singlePieces, signs.HeadRight, true}
	case c.Verdict == model.Unknown:
		return arrow{dottedPieces, signs.Unknown, true}
	case c.Verdict == model.Denied:
		return arrow{doublePieces, signs.Denied, false}
	}
	return arrow{doublePieces, signs.Missing, false}
}

// wire leads from lines at the left to one line at the right. It turns in a column between them.
type wire struct {
	from   []int
	to     int
	arrow  arrow
	style  lipgloss.Style
	column int // counted from the left edge of the gap
}

// span is the rows that the upright part takes.
func (w wire) span() (top, bottom int) {
	return min(w.to, slices.Min(w.from)), max(w.to, slices.Max(w.from))
}

// joinWires makes one wire of those that end alike in one place.
func joinWires(all []wire) (joined []wire) {
	for _, w := range all {
		at := slices.IndexFunc(joined, func(o wire) bool { return o.to == w.to && o.arrow == w.arrow })
		if at < 0 {
			joined = append(joined, w)
			continue
		}
		joined[at].from = append(joined[at].from, w.from...)
	}
	return joined
}

const (
	afterTurn = 3 // columns of a wire from its turn to the edge: the turn, a piece, the head
	mostWires = 6 // that are put in order; of more nobody finds the ends
)

// routeWires gives each wire a column of a gap, so that none lies on another and few cross. It reports whether that is possible.
func routeWires(wires []wire, gap int) ([]wire, bool) {
	spacing := 2
	room := gap - afterTurn // behind the first column, which stays free
	if spacing*(len(wires)-1) >= room {
		spacing = 1
	}
	if len(wires) > mostWires || spacing*(len(wires)-1) >= room {
		return nil, len(wires) == 0
	}
	var best []wire
	fewest := -1
	eachOrder(wires, func(order []wire) {
		for i := range order {
			order[i].column = 1 + spacing*i
		}
		if crossings, apart := countCrossings(order); apart && haveHeads(order, gap) && (fewest < 0 || crossings < fewest) {
			best, fewest = slices.Clone(order), crossings
		}
	})
	return best, fewest >= 0
}

// eachOrder goes through the orders of a few wires.
func eachOrder(wires []wire, visit func([]wire)) {
	var place func(done int)
	order := slices.Clone(wires)
	place = func(done int) {
		if done == len(order) {
			visit(order)
			return
		}
		for i := done; i < len(order); i++ {
			order[done], order[i] = order[i], order[done]
			place(done + 1)
			order[done], order[i] = order[i], order[done]
		}
	}
	place(0)
}

// countCrossings counts where wires cross, and reports whether each has its own cells.
func countCrossings(wires []wire) (crossings int, apart bool) {
	for i, left := range wires {
		for _, right := range wires[i+1:] {
			if left.to == right.to && left.arrow.reaches && !right.arrow.reaches {
				return 0, false
			}
			if slices.Contains(right.from, left.to) {
				return 0, false
			}
			top, bottom := left.span()
			for _, y := range right.from {
				if y > top && y < bottom {
					crossings++
				}
			}
			if top, bottom = right.span(); left.to > top && left.to < bottom {
				crossings++
			}
		}
	}
	return crossings, true
}

// headColumn is where a wire ends: at the edge, or before another wire that ends in the same place and comes nearer. It reports
// whether there is a free cell.
func headColumn(wires []wire, w wire, gap int) (column int, free bool) {
	nearest := gap
	for _, o := range wires {
		if o.to == w.to && o.column > w.column {
			nearest = min(nearest, o.column)
		}
	}
	if nearest == gap {
		return gap - 1, true
	}
	for column = w.column + 1; column < nearest; column++ {
		if !slices.ContainsFunc(wires, func(o wire) bool { return o.column == column && o.passes(w.to) }) {
			return column, true
		}
	}
	return column, false
}

// haveHeads reports whether each wire has a free cell to end in.
func haveHeads(wires []wire, gap int) bool {
	return !slices.ContainsFunc(wires, func(w wire) bool {
		_, free := headColumn(wires, w, gap)
		return !free
	})
}

// passes reports whether the upright part of a wire takes a cell of a row.
func (w wire) passes(y int) bool {
	top, bottom := w.span()
	return y >= top && y <= bottom
}

// drawWires draws wires through a gap whose first column is x. They begin in the edge before it.
func (d *drawing) drawWires(wires []wire, x, gap int) {
	for _, w := range wires {
		top, bottom := w.span()
		for y := top; y <= bottom; y++ {
			d.Put(x+w.column, y, w.turn(y), w.style)
		}
	}
	for _, w := range wires {
		for _, y := range w.from {
			d.Put(x-1, y, w.arrow.pieces.leaves, w.style)
			d.drawLevel(wires, w, x, x+w.column, y, x)
		}
		column, _ := headColumn(wires, w, gap)
		end := x + column
		d.drawLevel(wires, w, x+w.column+1, end, w.to, x)
		d.Put(end, w.to, w.arrow.head, w.style)
	}
}

// turn is the piece of a wire in its column.
func (w wire) turn(y int) string {
	top, bottom := w.span()
	arms := 0
	if slices.Contains(w.from, y) {
		arms |= toLeft
	}
	if y == w.to {
		arms |= toRight
	}
	if y > top {
		arms |= toTop
	}
	if y < bottom {
		arms |= toBottom
	}
	return w.arrow.pieces.byArms[arms]
}

// drawLevel draws a level part of a wire, and where it crosses the upright parts of others.
func (d *drawing) drawLevel(wires []wire, w wire, from, end, y, x int) {
	for column := from; column < end; column++ {
		sign := w.arrow.pieces.byArms[toLeft|toRight]
		for _, o := range wires {
			if top, bottom := o.span(); x+o.column == column && y > top && y < bottom {
				sign = crossing(w.arrow.pieces, o.arrow.pieces)
			}
		}
		d.Put(column, y, sign, w.style)
	}
}

// wires are those of the lines that pull, and that of the chosen line. Where they have no room, and in a narrow window, it is that of
// the chosen line alone.
func (d *drawing) wires(starts map[target]int) []wire {
	var all, chosen []wire
	for _, lane := range d.picture.Lanes {
		for _, l := range lane.Lines {
			from, drawn := starts[checkTarget(l.Check.ID)]
			isChosen := d.selected.check == l.Check.ID
			if !drawn || l.Place == picture.None || !isChosen && lane.Identity != model.Puller {
				continue
			}
			_, _, style := d.styles.VerdictMark(l.Check)
			w := wire{from: []int{from}, to: d.rungs[[2]int{l.Place, l.Rung}], arrow: arrowOf(l.Check), style: style}
			all = append(all, w)
			if isChosen {
				chosen = append(chosen, w)
			}
		}
	}
	if !d.sideBySide() {
		return chosen
	}
	if routed, ok := routeWires(joinWires(all), d.gap); ok {
		return routed
	}
	routed, _ := routeWires(chosen, d.gap)
	return routed
}

// drawWireDown draws the one wire of a narrow window: to the right, down through the lower edge, and back to its place.
func (d *drawing) drawWireDown(w wire, bottom int) {
	p, rail := w.arrow.pieces, d.rail()
	d.FillRow(d.letterColumn()+2, rail, w.from[0], p.byArms[toLeft|toRight], w.style)
	d.Put(rail, w.from[0], p.byArms[toLeft|toBottom], w.style)
	for y := w.from[0] + 1; y < w.to; y++ {
		d.Put(rail, y, p.byArms[toTop|toBottom], w.style)
	}
	d.Put(rail, bottom, crossing(singlePieces, p), w.style)
	d.Put(rail, w.to, p.byArms[toLeft|toTop], w.style)
	end := d.placeLeft + d.placeWidth
	d.FillRow(end+1, rail, w.to, p.byArms[toLeft|toRight], w.style)
	head := w.arrow.head
	if head == signs.HeadRight {
		head = signs.HeadLeft
	}
	d.Put(end, w.to, head, w.style)
}
