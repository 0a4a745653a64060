// Package history shows what was changed, run by run, and opens the walk that takes it back.
package history

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/tui/match"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// Screen lists the runs and their changes, the newest first.
type Screen struct {
	*ui.Session
	ui.Loader
	links        Links
	origin       string
	history      ledger.History
	all          []row // the newest run first
	rows         []row // those that fit the filter
	filter       ui.Filter
	query        match.Query // what the filter asks for
	matcher      *match.Matcher
	widest       int // of all rows
	cursor       int
	offset       int // of the list
	room         int // the rows that were drawn last
	detailOffset int
	settled      string // what a look at open changes found
	looking      bool   // at changes that were left open
	err          error
}

// readMsg brings what the journal says.
type readMsg struct {
	to         *Screen
	generation int
	origin     string
	history    ledger.History
	err        error
}

// settledMsg brings what was found about the changes that were left open.
type settledMsg struct {
	to         *Screen
	generation int
	settled    []ledger.Entry
	history    ledger.History
	err        error
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.PartTextScreen
	ui.Resumable
	ui.LegendScreen
	ui.Copier
	ui.MenuOpener
	ui.Pointable
} = (*Screen)(nil)

// New opens the history.
func New(session *ui.Session, links Links) *Screen {
	return &Screen{Session: session, links: links, filter: ui.NewFilter(session.Styles), matcher: match.NewMatcher()}
}

// Init reads the journal.
func (h *Screen) Init() tea.Cmd { return h.load() }

// Resume reads the journal again: a walk has added to it.
func (h *Screen) Resume() tea.Cmd { return h.load() }

// Close ends the reading.
func (h *Screen) Close() { h.Stop() }

// Breadcrumb is the name of the place.
func (h *Screen) Breadcrumb() string { return h.Styles.Breadcrumb("history") }

func (h *Screen) load() tea.Cmd {
	ctx, generation := h.Begin(h.Context)
	return func() tea.Msg {
		cloud, err := h.links.Cloud(ctx)
		if err != nil {
			return readMsg{to: h, generation: generation, err: err}
		}
		history, err := cloud.History()
		return readMsg{h, generation, cloud.Origin(), history, err}
	}
}

// settle looks at the changes that were left open, and reads what the journal says then.
func (h *Screen) settle() tea.Cmd {
	ctx, generation := h.Begin(h.Context)
	h.looking = true
	return func() tea.Msg {
		cloud, err := h.links.Cloud(ctx)
		if err != nil {
			return settledMsg{to: h, generation: generation, err: err}
		}
		settled, looked := cloud.Reconcile(ctx)
		history, err := cloud.History()
		if err == nil {
			err = looked
		}
		return settledMsg{h, generation, settled, history, err}
	}
}

// Update takes what the journal says.
func (h *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case readMsg:
		if msg.to == h && msg.generation == h.Generation {
			return h.takeHistory(msg)
		}
	case settledMsg:
		if msg.to == h && msg.generation == h.Generation {
			h.takeSettled(msg)
		}
	}
	return nil
}

// takeHistory shows the journal, and settles in sight what a killed program left open in it.
func (h *Screen) takeHistory(msg readMsg) tea.Cmd {
	h.Busy, h.err = false, msg.err
	if msg.err != nil {
		return nil
	}
	h.origin = msg.origin
	h.show(msg.history)
	if h.ReadOnly || !slices.ContainsFunc(msg.history.Entries, h.isOpen) {
		return nil
	}
	return h.settle()
}

// isOpen reports whether how a change of this cloud ended is not known.
func (h *Screen) isOpen(e ledger.Entry) bool { return e.Target == h.origin && e.Unresolved() }

func (h *Screen) takeSettled(msg settledMsg) {
	h.Busy, h.looking, h.err = false, false, msg.err
	if len(msg.settled) > 0 {
		h.settled = settledText(msg.settled)
	}
	if len(msg.history.Entries) > 0 {
		h.show(msg.history)
	}
}

// settledText says in one line what was found.
func settledText(entries []ledger.Entry) string {
	if len(entries) == 1 {
		e := entries[0]
		return fmt.Sprintf("%s was left open and is %s now", e.ID, e.State) + messageText(e)
	}
	return text.CountNoun(len(entries), "change") + " were left open; each line shows what was found"
}

func messageText(e ledger.Entry) string {
	if e.Message == "" {
		return ""
	}
	return ": " + text.Clean(ledger.WithDeadline(e.Message, e.Until))
}

// show puts a reading into the list. The cursor keeps its row.
func (h *Screen) show(history ledger.History) {
	h.history, h.all = history, rowsOf(history)
	h.prepare()
	h.widest = h.widestRow()
	h.arrange(true)
}

// current is the row below the cursor.
func (h *Screen) current() (row, bool) {
	if h.cursor >= len(h.rows) {
		return row{}, false
	}
	return h.rows[h.cursor], true
}

// Handle does what a key is for.
func (h *Screen) Handle(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentFilter:
		return h.filter.Open()
	case ui.IntentClear:
		h.clearFilter()
	case ui.IntentChoose:
		if !h.Typing() {
			return h.undo()
		}
		h.filter.Keep()
	case ui.IntentUndo:
		return h.undo()
	case ui.IntentExplain: // the menu has it, where there is anything to explain
		return ui.Notice(h.whyNoExplanation())
	case ui.IntentReread:
		return h.Retry(h.err, h.load)
	case ui.IntentPageUp:
		h.detailOffset -= 3
	case ui.IntentPageDown:
		h.detailOffset += 3
	default:
		h.cursor, h.detailOffset = max(0, ui.MoveCursor(i, h.cursor, len(h.rows), 10)), 0
	}
	return nil
}

// Point puts the cursor on a row that was clicked. Where it was there before, that takes the row back, as enter does.
func (h *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	return nil, h.pointed().Point(at, ui.IntentChoose)
}

// Wheel scrolls the details, or moves the list.
func (h *Screen) Wheel(at ui.Spot, lines int) tea.Cmd {
	h.pointed().Wheel(at, lines)
	return nil
}

func (h *Screen) pointed() ui.PointedRows {
	return ui.PointedRows{Cursor: &h.cursor, Offset: &h.offset, TextOffset: &h.detailOffset, Room: h.room, Count: len(h.rows)}
}

// takenBack are the entries that an undo of a row is about, or why there is none.
func (h *Screen) takenBack(r row) ([]ledger.Entry, error) {
	if r.first().Target != h.origin {
		return nil, &ledger.NothingToUndo{Why: "changed in another cloud: " + r.first().Target, Next: "run the undo in that cloud"}
	}
	return h.history.ToUndo(h.origin, r.id())
}

// whyNoUndo says why the row below the cursor can't be taken back; empty: it can.
func (h *Screen) whyNoUndo() string {
	r, ok := h.current()
	if !ok {
		return h.whyNoRow()
	}
	if why := h.whyNotNow(); why != "" {
		return why
	}
	entries, err := h.takenBack(r)
	if err != nil {
		return model.ErrorWithHint(err)
	}
	if steps, _, left := ledger.Feasible(entries); len(steps) == 0 {
		return text.Clean(left[0].Reason.Why)
	}
	return ""
}

// whyNoRow says why there is no row.
func (h *Screen) whyNoRow() string {
	if h.isFiltered() {
		return "nothing fits the filter"
	}
	return "nothing was changed yet"
}

// whyNotNow says why nothing at all is taken back now; empty: it may be.
func (h *Screen) whyNotNow() string {
	switch {
	case h.ReadOnly:
		return ui.NothingChanged
	case h.looking:
		return "still looking at the changes that were left open"
	}
	return ""
}

// undo takes back the row under the cursor. The walk that it opens asks as every walk does.
func (h *Screen) undo() tea.Cmd {
	if why := h.whyNoUndo(); why != "" {
		return ui.Notice(why)
	}
	r, _ := h.current()
	return h.undoRow(r)
}

// MenuFor explains a change, or asks which is to be taken back.
func (h *Screen) MenuFor(i ui.Intent) *ui.Menu {
	switch i {
	case ui.IntentExplain:
		return h.explainMenu()
	case ui.IntentUndo, ui.IntentChoose:
		return h.undoMenu()
	}
	return nil
}

// undoMenu asks which is to be taken back, where the run of a change has more.
func (h *Screen) undoMenu() *ui.Menu {
	r, _ := h.current()
	why := h.whyNoUndo()
	run, changes := h.runBehind(r, why)
	if changes == 0 {
		return nil
	}
	return ui.UndoMenu(ui.MenuRow{Detail: stepText(r.first()), WhyOff: why, Take: func() tea.Cmd { return h.undoRow(r) }},
		ui.MenuRow{Detail: text.CountNoun(changes, "change") + ", last first", Take: func() tea.Cmd { return h.undoRow(run) }})
}

// whyNothing says why neither the row under the cursor nor its run can be taken back; empty: one of them can.
func (h *Screen) whyNothing() string {
	r, _ := h.current()
	why := h.whyNoUndo()
	if _, changes := h.runBehind(r, why); changes > 0 {
		return ""
	}
	return why
}

// runBehind is the run of a change, and how many changes of it can be taken back: none where that is this change alone.
func (h *Screen) runBehind(r row, whyNot string) (run row, changes int) {
	if r.isRun || len(r.entries) == 0 || h.whyNotNow() != "" {
		return row{}, 0
	}
	n := slices.IndexFunc(h.rows, func(other row) bool {
		return other.isRun && other.run == r.run && other.first().Target == r.first().Target
	})
	if n < 0 {
		return row{}, 0
	}
	entries, err := h.takenBack(h.rows[n])
	if err != nil {
		return row{}, 0
	}
	if steps, _, _ := ledger.Feasible(entries); len(steps) > 1 || whyNot != "" {
		changes = len(steps)
	}
	return h.rows[n], changes
}

// undoRow opens the walk that takes back a run or a change.
func (h *Screen) undoRow(r row) tea.Cmd {
	entries, _ := h.takenBack(r)
	steps, writes, _ := ledger.Feasible(entries)
	of := "this run"
	if !r.isRun {
		of = "this step"
	}
	return ui.Push(h.links.OpenWalk(walk.Task{Purpose: walk.Undo{Where: "history", Back: "the history", Of: of, Writes: writes}, Steps: steps}))
}
