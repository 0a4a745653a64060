package accessmap

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// view is what is drawn: a picture, where its cursor is, and which lanes are folded.
type view struct {
	picture  picture.Picture
	selected target
	folding  folding
	before   map[string]picture.Line // what changed lines were, by their checks
}

// drawing is a view on its way to a canvas.
type drawing struct {
	*ui.Canvas
	view
	layout
	styles  *ui.Styles
	columns columns
	rows    map[target]int // where each target was drawn
	order   []target       // which is how a click names them
	rungs   map[[2]int]int // where each level of each place was drawn
	wired   *wire          // the wire of the chosen line in a narrow window
}

// drawMap draws the access map into a width. The height decides how much air and how many levels it has. It gives the lines, and in
// which of them each target stands.
func drawMap(t *ui.Styles, v view, width, height int) (lines []string, rows map[target]int) {
	d := &drawing{view: v, styles: t, rows: map[target]int{}, order: targets(v.picture, v.folding), rungs: map[[2]int]int{}}
	d.layout = layoutFor(width)
	d.fitColumns()
	d.fit(height)
	consumer := d.consumerRows()
	total := len(consumer) + 2 + d.placesHeight()
	if d.sideBySide() {
		total = max(len(consumer)+2, d.placesHeight())
	}
	d.Canvas = ui.NewCanvas(width, total)
	top := len(consumer) + 2
	if d.sideBySide() {
		top = 0
	}
	d.drawPlaces(top)
	d.drawConsumer(consumer)
	return d.Render(), d.rows
}

// fit spends the height: on all levels of the projects, on frames around them, and on air between the lanes.
func (d *drawing) fit(height int) {
	needed := func() int {
		if d.sideBySide() {
			return max(len(d.consumerRows())+2, d.placesHeight())
		}
		return len(d.consumerRows()) + 2 + d.placesHeight()
	}
	d.laneGap, d.ladders, d.framed = 1, true, true
	if needed()+roomyDetailLines <= height {
		return
	}
	d.laneGap = 0
	if needed()+roomyDetailLines <= height {
		return
	}
	d.ladders = false
	d.framed = d.sideBySide() || needed()+framedDetailLines <= height
	d.terse = needed()+minDetailLines > height
}

// The columns of a line in the consumer project: the verdict, then what it asks.
const (
	laneColumn  = 2
	labelColumn = 15
	nameWidth   = 8 // of a lane
)

// consumerRow is one row of the consumer project; the zero value is an empty one.
type consumerRow struct {
	lane   picture.Lane
	name   string // begins a lane
	who    string
	note   string // behind who
	style  *lipgloss.Style
	line   *picture.Line
	spans  []span // of a line
	first  bool   // row of a line
	remark string
	counts bool // says how many lines are granted: the lane can fold
}

// consumerRows are the rows of the consumer project between its edges.
func (d *drawing) consumerRows() (rows []consumerRow) {
	air := make([]consumerRow, d.laneGap)
	if !d.consumerTitleFits() {
		for _, part := range cells.Wrap(d.picture.Consumer.ID, d.textRoom(laneColumn+2)) {
			rows = append(rows, consumerRow{remark: part, style: &d.styles.Bold})
		}
	}
	for _, l := range d.picture.Lanes {
		rows = append(rows, air...)
		rows = append(rows, d.identityRows(l)...)
		if d.folding.folds(l) {
			continue
		}
		for i := range l.Lines {
			for n, spans := range d.lineRows(l.Lines[i]) {
				rows = append(rows, consumerRow{lane: l, line: &l.Lines[i], spans: spans, first: n == 0})
			}
		}
		if l.Remark != "" && !d.terse {
			for _, part := range wrapPhrases(l.Remark, d.textRoom(laneColumn+2)) {
				rows = append(rows, consumerRow{remark: part, style: &d.styles.Dim})
			}
		}
	}
	return append(rows, air...)
}

// identityRows name a lane and who it is. A folded lane has its name alone.
func (d *drawing) identityRows(l picture.Lane) (rows []consumerRow) {
	folded, counts := d.folding.folds(l), d.folding.canFold(l)
	who := l.Who
	if !l.Known && d.reading() {
		who = signs.More
	}
	room := d.textRoom(laneColumn + nameWidth)
	if counts {
		room -= cells.Width(d.foldedText(l)) + 4
	}
	add := func(text string, style *lipgloss.Style) {
		for _, part := range foldMail(text, room) {
			rows = append(rows, consumerRow{lane: l, who: part, style: style, counts: counts && len(rows) == 0})
		}
	}
	add(who, &d.styles.Bold)
	rows[0].name = l.Name
	switch last := &rows[len(rows)-1]; {
	case l.Note == "" || folded:
	case cells.Width(last.who)+2+cells.Width(l.Note) <= room:
		last.note = l.Note
	case !d.terse:
		add(l.Note, &d.styles.Dim)
	}
	if l.Account != "" && !folded && (!d.terse || cells.Width(l.Account) <= room) {
		add(l.Account, &d.styles.Plain)
	}
	return rows
}

// reading reports whether the picture is not whole yet.
func (d *drawing) reading() bool {
	for l := range d.picture.Lines() {
		if l.Check.Pending() {
			return true
		}
	}
	return false
}

// foldMail breaks an address that is too long for its room behind the @, and then behind dots.
func foldMail(who string, room int) []string {
	at := strings.Index(who, "@") + 1
	if cells.Width(who) <= room || at == 0 {
		return cells.Wrap(who, room)
	}
	return append(cells.Wrap(who[:at], room), cells.Wrap(who[at:], room)...)
}

// wrapPhrases breaks a sentence that is too long for its room behind its colon first.
func wrapPhrases(sentence string, room int) []string {
	before, after, found := strings.Cut(sentence, ": ")
	if !found || cells.Width(sentence) <= room {
		return cells.Wrap(sentence, room)
	}
	return append(cells.Wrap(before+":", room), cells.Wrap(after, room)...)
}

// drawConsumer draws the frame of the consumer project, everything in it, and the wires that leave it.
func (d *drawing) drawConsumer(rows []consumerRow) {
	d.Box(0, 0, d.consumer, len(rows)+2, d.styles.Frame)
	id := d.picture.Consumer.ID
	if !d.consumerTitleFits() {
		id = ""
	}
	x := d.drawHeading(d.Put(2, 0, " "+consumerLetter, d.styles.Bold), 0, d.consumerKind(), id)
	if number := d.picture.Consumer.Number; id != "" && number != "" && d.apiColumn()-x > cells.Width(number)+2 {
		d.Put(x, 0, " "+number+" ", d.styles.Bold)
	}
	d.drawAPIState()
	starts := map[target]int{}
	for i, row := range rows {
		if row.line != nil && row.first {
			starts[checkTarget(row.line.Check.ID)] = i + 1
		}
	}
	wires := d.wires(starts)
	if !d.sideBySide() && len(wires) == 1 {
		d.wired = &wires[0]
	}
	for i, row := range rows {
		d.drawConsumerRow(row, i+1)
	}
	if d.wired != nil {
		d.drawWireDown(*d.wired, len(rows)+1)
	} else {
		d.drawWires(wires, d.consumer, d.gap)
	}
}

// consumerLetter is that of the project at the left: the other places have the next ones.
const consumerLetter = "A"

// consumerKind is what the project at the left is called.
func (d *drawing) consumerKind() string {
	const long, short = "consumer project", "consumer"
	if len(long)+cells.Width(d.picture.Consumer.ID)+10 <= d.apiColumn() {
		return long
	}
	return short
}

// consumerTitleFits reports whether the upper edge has room for the name of the project.
func (d *drawing) consumerTitleFits() bool {
	return len(d.consumerKind())+cells.Width(d.picture.Consumer.ID)+10 <= d.apiColumn()
}

// textRoom is the room of a text in the consumer project that begins in a column.
func (d *drawing) textRoom(x int) int {
	if d.sideBySide() {
		return d.consumer - 2 - x
	}
	return d.rail() - 1 - x
}

// textEdge is the column that a row's texts stay away from: the frame, or the wire before it.
func (d *drawing) textEdge(y int) int {
	if d.wired != nil && y > d.wired.from[0] {
		return d.rail()
	}
	return d.consumer - 1
}

func (d *drawing) drawConsumerRow(row consumerRow, y int) {
	edge := d.textEdge(y)
	switch {
	case row.line != nil:
		d.drawLine(y, row)
		return
	case row.remark != "":
		d.Put(laneColumn+2, y, row.remark, *row.style)
		return
	case row.style == nil:
		return
	}
	d.Put(laneColumn, y, cells.Fit(row.name, nameWidth), d.styles.Title)
	if row.counts {
		edge = d.drawFolded(row.lane, y, edge)
	}
	x := d.Put(laneColumn+nameWidth, y, cells.Cut(row.who, edge-laneColumn-nameWidth-1), *row.style)
	d.Put(x+2, y, row.note, d.styles.Dim)
}

// drawFolded counts the lines of a lane that folds at the right end of its row, and gives the column where that begins.
func (d *drawing) drawFolded(l picture.Lane, y, edge int) (x int) {
	text := d.foldedText(l)
	style := d.styles.Chips[model.Granted]
	at := target{lane: l.Identity}
	x = edge - cells.Width(text) - 3
	d.mark(at, x, y)
	if at == d.selected {
		style = d.styles.Bar
		d.Put(x+1, y, d.styles.Cursor(2), style)
	}
	d.Put(x+3, y, text, style)
	return x
}

// foldedText counts the lines of a lane that folds.
func (d *drawing) foldedText(l picture.Lane) string {
	return fmt.Sprintf("%s %d of %d granted ", d.styles.VerdictSign(model.Granted), l.Granted(), len(l.Lines))
}

// mark notes where a target is drawn. What stands behind it in its row belongs to it.
func (d *drawing) mark(at target, x, y int) {
	d.rows[at] = y
	d.Mark(x, y, d.spot(at))
}

// spot is what a click on a target names.
func (d *drawing) spot(at target) ui.Spot {
	return ui.Spot{Pane: ui.PaneRows, Row: slices.Index(d.order, at)}
}

// drawHeading writes a place's kind and name into its upper edge, and gives the column behind them.
func (d *drawing) drawHeading(x, y int, kind, name string) int {
	x = d.Put(x, y, " "+kind+" ", d.styles.Dim)
	if name == "" {
		return x
	}
	return d.Put(x, y, name+" ", d.styles.Bold)
}

// apiColumn is where the state of the Cloud Run API begins.
func (d *drawing) apiColumn() int {
	return d.consumer - 7 - cells.Width(d.apiText()) - 2
}

// drawAPIState stands in the upper edge, at the right.
func (d *drawing) drawAPIState() {
	at := checkTarget(d.picture.API.Check.ID)
	sign, _, style := d.styles.VerdictMark(d.picture.API.Check)
	x := d.apiColumn()
	d.mark(at, x-1, 0)
	plain := d.styles.Plain
	if at == d.selected {
		plain, style = d.styles.Bar, d.styles.Bar
		cursor := strings.TrimRight(d.styles.Cursor(4), " ")
		d.Put(x+1-cells.Width(cursor), 0, cursor, plain)
	}
	x = d.Put(d.Put(x+1, 0, " ", plain), 0, sign, style)
	d.Put(x, 0, " "+d.apiText()+" ", plain)
}

// apiText says whether Cloud Run is on.
func (d *drawing) apiText() string {
	switch api := d.picture.API.Check; {
	case api.Pending():
		return "Cloud Run API " + d.styles.Signs.Text(signs.More)
	case api.Verdict == model.Granted:
		return "Cloud Run API on"
	case api.Verdict == model.Missing:
		return "Cloud Run API off"
	}
	return "Cloud Run API: unknown"
}
