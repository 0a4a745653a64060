package accessmap

// layout says where the consumer project and the other places stand.
type layout struct {
	consumer              int // width of the consumer project
	gap                   int // between it and the places; 0: they stand below it
	placeLeft, placeWidth int
	laneGap               int  // empty rows between the lanes
	ladders               bool // places show all their levels
	framed                bool // places have frames
	terse                 bool // nothing stands there but identities and lines
}

// The widths that decide the layout.
const (
	sideBySideWidth = 100 // from here on the places stand at the right
	wideWidth       = 127 // from here on every address is in one row

	wideConsumer, wideGap      = 82, 8
	mostConsumer               = 100
	leastPlace, mostPlace      = 37, 70
	foldedConsumer, foldedGap  = 69, 7 // where addresses are folded
	leastFoldedPlace           = 30
	railRoom                   = 6 // right of the places in a narrow window
	letterFromEdge, railBefore = 3, 3
)

// layoutFor gives the layout of a window's width.
func layoutFor(width int) layout {
	l := layout{}
	switch {
	case width < sideBySideWidth:
		return layout{consumer: width, placeWidth: width - railRoom}
	case width < wideWidth:
		l.gap = foldedGap
		l.placeWidth = max(leastFoldedPlace, min(leastPlace, width-foldedGap-foldedConsumer))
	default:
		l.gap = wideGap
		l.placeWidth = max(leastPlace, min(mostPlace, width-wideConsumer-wideGap))
	}
	l.consumer = min(width-l.gap-l.placeWidth, mostConsumer)
	l.placeLeft = l.consumer + l.gap
	return l
}

func (l layout) sideBySide() bool { return l.gap > 0 }

// letterColumn holds the letter of the place that a line reaches.
func (l layout) letterColumn() int {
	if l.sideBySide() {
		return l.consumer - letterFromEdge
	}
	return l.rail() - 3
}

// rail is the column of the wire in a narrow window.
func (l layout) rail() int { return l.consumer - railBefore }
