// Package palette finds anything and does anything: this screen's actions, places, accounts, settings, and whatever was read. It is
// held over a screen, as a dialog is, and knows nothing but the entries that it is given.
package palette

import (
	"slices"
	"strconv"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/text/signs"
	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// Section is the heading under which an entry stands while nothing is typed.
type Section string

// The sections, in their order.
const (
	Here     Section = "THIS SCREEN"
	Recent   Section = "RECENT"
	Places   Section = "PLACES"
	WorkAs   Section = "WORK AS A GCLOUD CONFIGURATION OR ACCOUNT"
	Settings Section = "SETTINGS"
	Moving   Section = "MOVING"
)

// Entry is one thing to choose.
type Entry struct {
	ID      string // tells it from the others, whatever its title becomes
	Section Section
	Kind    string // what it is, in a word
	Title   string
	Detail  string
	Key     string         // that does the same without the palette
	WhyOff  string         // why it can't be chosen now; empty: it can
	Open    func() tea.Cmd // what choosing it does
}

// looksLike reports whether two entries read the same.
func (e Entry) looksLike(other Entry) bool {
	return e.ID == other.ID && e.Section == other.Section && e.Kind == other.Kind && e.Title == other.Title &&
		e.Detail == other.Detail && e.Key == other.Key && e.WhyOff == other.WhyOff
}

// text is what is searched. The words of a place must stand there as they are typed: its sentence has letters enough for any word.
func (e Entry) text() match.Text {
	if e.Section == Places {
		return match.NewLooseText(0, e.Title, e.Detail, e.Kind)
	}
	return match.NewText(e.Title, e.Detail, e.Kind)
}

// Text is something as it is searched.
type Text = match.Text

// Library is what only typing finds: too much to make entries of beforehand.
type Library struct {
	Len     int
	Text    func(i int) *match.Text // as it is searched: title, detail, kind; safe for use in several goroutines
	Entry   func(i int) Entry
	Summary string // how much of what there is
	Further Further
}

// Palette is what is typed, what fits, and where the cursor is.
type Palette struct {
	*ui.Session
	library  func() Library // as it is now
	entries  []Entry
	texts    []match.Text // of the entries
	input    textinput.Model
	query    match.Query
	matcher  *match.Matcher
	rows     []row
	search   search
	further  further
	cursor   int
	offset   int  // the first line shown
	room     int  // how many lines were drawn last
	widest   int  // the widest title that was drawn last
	moved    bool // the cursor was moved since something was typed
	choosing bool // the choice waits for what the search finds
}

// row is an entry, or something of the library, that is shown.
type row struct {
	found bool // of the library
	index int
	rank  match.Rank
}

// ChosenMsg says that a choice that had to wait can be made.
type ChosenMsg struct{ From *Palette }

// New is an open palette. The library is asked for again with each search.
func New(e *ui.Session, library func() Library) *Palette {
	p := &Palette{Session: e, library: library, input: e.Styles.NewInput("type an action, a project, a workload, an image " + signs.More), matcher: match.NewMatcher()}
	p.input.SetVirtualCursor(true)
	p.input.Focus()
	return p
}

// SetEntries takes the entries as they are now. The cursor stays on the entry that it is on.
func (p *Palette) SetEntries(entries []Entry) {
	if slices.EqualFunc(p.entries, entries, Entry.looksLike) {
		p.entries = entries // what they open may be another
		return
	}
	p.keepingCursor(func() {
		p.entries, p.texts = entries, make([]match.Text, len(entries))
		for n, e := range entries {
			p.texts[n] = e.text()
		}
		p.arrange()
	})
}

// keepingCursor changes the rows and leaves the cursor on the same entry, as long as that is there.
func (p *Palette) keepingCursor(change func()) {
	before, had := p.current()
	change()
	if !had {
		p.cursor = 0
		return
	}
	for n := range p.rows {
		if p.idAt(n) == before.ID {
			p.cursor = n
			return
		}
	}
	p.cursor = max(0, min(p.cursor, len(p.rows)-1))
}

// idAt is the id of the entry in a row.
func (p *Palette) idAt(n int) string {
	if r := p.rows[n]; !r.found {
		return p.entries[r.index].ID
	}
	return foundID(p.rows[n].index)
}

// foundID is the id of something of the library, which only grows.
func foundID(index int) string { return "found " + strconv.Itoa(index) }

// entryAt is the entry in a row.
func (p *Palette) entryAt(n int) Entry {
	r := p.rows[n]
	if !r.found {
		return p.entries[r.index]
	}
	e := p.search.library.Entry(r.index)
	e.ID = foundID(r.index)
	return e
}

// textAt is a row as it is searched.
func (p *Palette) textAt(n int) *match.Text {
	if r := p.rows[n]; r.found {
		return p.search.library.Text(r.index)
	}
	return &p.texts[p.rows[n].index]
}

// current is the entry under the cursor.
func (p *Palette) current() (Entry, bool) {
	if p.cursor >= len(p.rows) {
		return Entry{}, false
	}
	return p.entryAt(p.cursor), true
}

// Choose gives the entry under the cursor. While what was typed is still searched for, the choice waits: a ChosenMsg says when.
func (p *Palette) Choose() (Entry, bool) {
	if p.search.busy && p.search.first {
		p.choosing = true
		return Entry{}, false
	}
	return p.current()
}

// HandleText takes what is typed or pasted.
func (p *Palette) HandleText(msg tea.Msg) tea.Cmd {
	before := p.input.Value()
	p.input, _ = p.input.Update(ui.CleanInput(msg))
	if p.input.Value() == before {
		return nil
	}
	return p.typed()
}

// Typed is what stands in the line.
func (p *Palette) Typed() string { return p.input.Value() }

// typed begins to look for what stands in the line.
func (p *Palette) typed() tea.Cmd {
	p.query, p.choosing, p.moved, p.cursor, p.offset = match.Parse(p.input.Value()), false, false, 0, 0
	cmd := p.find(true)
	p.arrange()
	return tea.Batch(cmd, p.findFurther())
}

// Handle moves the cursor, or clears the line.
func (p *Palette) Handle(i ui.Intent) tea.Cmd {
	if i == ui.IntentClear {
		p.input.SetValue("")
		return p.typed()
	}
	p.cursor, p.moved, p.choosing = ui.MoveCursor(i, p.cursor, len(p.rows), page), true, false
	return nil
}

// Point puts the cursor on a row that was clicked. It reports whether it was there before.
func (p *Palette) Point(at ui.Spot) (chosen bool) {
	if at.Pane != ui.PaneRows {
		return false
	}
	chosen = at.Row == p.cursor
	p.cursor, p.moved, p.choosing = at.Row, true, false
	return chosen
}

// Wheel moves the rows. The cursor stays where it is, as long as that is in sight.
func (p *Palette) Wheel(by int) {
	all := p.lines()
	before := p.offset
	at, offset := ui.ScrollBy(by, slices.Index(all, p.cursor), before, p.room, len(all))
	if offset == before {
		return
	}
	if all[at] == heading {
		at++ // a row stands behind each
	}
	p.cursor, p.offset, p.moved, p.choosing = all[at], offset, true, false
}

// page is how far a page key moves.
const page = 10

// Bindings are the keys of the palette.
func (p *Palette) Bindings() []ui.Binding {
	under, found := p.current()
	return append([]ui.Binding{
		ui.BindChoose.HiddenIf(!found && !p.search.busy || under.WhyOff != ""),
		ui.MoveIn(len(p.rows)),
		{Intent: ui.IntentBack, Help: "close"},
		ui.Binding{Intent: ui.IntentClear, Help: "clear"}.HiddenIf(p.input.Value() == ""),
		{Intent: ui.IntentPalette, Help: "close", Hidden: true},
		{Intent: ui.IntentStop, Keys: []string{ui.InterruptKey}, Help: "quit"},
	}, ui.PagingBindings...)
}

// Close ends the searches under way.
func (p *Palette) Close() {
	p.search.stop()
	p.further.stop()
}
