// Package list shows a list that fills as pages arrive and narrows as the user types. The screens that offer a choice use it.
package list

import (
	"cmp"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// Item is one line to pick: its cells, and what it stands for.
type Item struct {
	Cells      []string
	Value      any
	ID         string           // tells the item of a list from the others, where one may be recent
	Alias      string           // another name of the same, as a project's number
	SortKey    string           // its place in a list that is sorted; empty: as the list brings it
	Note       string           // faint, behind the cells
	Badge      Badge            // before the cells; zero: none
	Section    string           // of an item above or behind the list: the heading that it stands under; empty: none
	Verdict    model.Verdict    // that the note has the colour of; empty: none
	Shown      func(State) bool // of an item behind the list: whether it stands there now; nil: always
	searchText match.Text
	extra      bool // not one that the list has brought, and not counted
}

// State is how far a list is.
type State struct {
	Empty bool // everything was read, and there is nothing
	Off   bool // the API that lists it is off
}

// Previewer is a value about which the preview shows something else: what it is about.
type Previewer interface {
	Previewed() (id string, value any)
}

// Preview shows more about the item under the cursor, in a pane of its own. It reads only what rests there.
type Preview interface {
	Show(id string, value any) tea.Cmd
	Update(msg tea.Msg) tea.Cmd
	Lines(width, height int) []string
	Forget() // what was read, since the list is read again
	Stop()   // what is being read
}

// List is a list that fills as pages arrive and narrows as the user types.
type List struct {
	*ui.Session
	ui.Loader
	Heading      string             // what is asked, above the list
	EmptyHint    string             // what to do when the list is empty
	EmptyText    func(State) string // what an empty list says instead; nil: that there is nothing which may be seen
	Section      string             // the heading of the list's own items, where others stand above them under theirs
	noun         string             // what one of the items is called
	Trail        string             // crumb
	KnownSoFar   model.Question     // what the screens so far have found out; zero: the one before this says it
	Columns      []string
	Widths       []int
	filled       []bool // the columns that any item fills
	badges       badges
	pane         pane
	Progress     string  // how far the badges are, above the list
	noteWidth    int     // of the longest note, with the gap before it
	Orders       []Order // ways to sort it, after its own
	LooseColumns int     // how many of the first columns the letters of a word may be spread over; 0: all
	Source       Source
	OnChoose     func(Item) tea.Cmd
	DrawItem     func(i Item, here bool, width int) string // draws a line; nil: as a row of cells
	OnPage       func()                                    // called when a page has arrived; may be nil
	Typed        func(text string) (i Item, why string)    // what was typed as an item that the list lacks, or why it can be none; nil: never
	TypedNote    string                                    // the note of such a row, which the preview leaves room for
	Preview      Preview                                   // nil: none

	Items       []Item
	topCount    int             // items that stand above the list: recent ones
	known       map[string]bool // the names of all items
	listedCount int             // items that are counted
	gaps        []model.Gap
	err         error
	incomplete  bool // the reading was ended before its end
	filter      textinput.Model
	results     results
	queued      []ui.Intent // keys that came while a search was under way
	order       int         // in the orders; 0: the list's own
	last        []Item      // rows that stand behind the list
	lastShown   []Item      // those of them that fit the filter
	whyNotTyped string      // why what was typed can be no item
	Cursor      int         // in the rows; -1: on none
	moved       bool        // a person put the cursor where it is; until then it is at the top
	offset      int         // the first line shown
	room        int         // lines for the rows when it was drawn
	drawn       sheet       // the rows as lines, then
	wantedID    string      // the item that was under the cursor before the list was read again
	previewed   string      // the id of the item that the preview shows
}

// What the root looks for on a list.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Pausable
	ui.Resumable
	ui.Questioner
	ui.Pointable
} = (*List)(nil)

// New is an empty list: what to choose, what one item is called, and the names of the columns.
func New(e *ui.Session, heading, noun string, columns ...string) *List {
	p := &List{Session: e, Heading: text.Clean(heading), noun: noun, Columns: columns, filter: e.Styles.NewInput("type to filter")}
	p.filter.SetVirtualCursor(true)
	p.filter.SetWidth(maxFilterWidth)
	p.Widths, p.filled = make([]int, len(columns)), make([]bool, len(columns))
	p.measure(columns)
	clear(p.filled)
	p.known = map[string]bool{}
	p.Cursor = -1
	return p
}

// AddTop puts a recent item above the list: it takes its place in the list's count once the list has brought it.
func (p *List) AddTop(i Item) {
	i = p.prepared(i)
	p.take(&i)
	p.Items = append(p.Items, i)
	p.topCount++
}

// SetRecent puts items above the list in place of those that have a heading of their own. The cursor stays on its row.
func (p *List) SetRecent(items []Item) {
	recent := make([]Item, 0, len(items)+p.topCount)
	for _, i := range items {
		i = p.prepared(i)
		p.take(&i)
		recent = append(recent, i)
	}
	for _, i := range p.Items[:p.topCount] {
		if i.Section == "" {
			recent = append(recent, i)
		}
	}
	p.Items, p.topCount, p.results.sorted = append(recent, p.Items[p.topCount:]...), len(recent), nil // every index is another one
	p.findNow(true)
}

// AddLast puts a row behind the list, which is no part of it: a way on that is seldom meant.
func (p *List) AddLast(i Item) {
	i = p.prepared(i)
	i.searchText = match.NewText(i.Cells...)
	p.last = append(p.last, i)
}

// prepared is an item that the list does not bring.
func (p *List) prepared(i Item) Item {
	i.Cells = append(i.Cells, make([]string, len(p.Columns)-len(i.Cells))...)
	i.extra = true
	return i
}

// take makes an item ready to be searched and found, and the columns wide enough for it.
func (p *List) take(i *Item) {
	i.searchText = p.searchTextOf(i)
	if i.Section == "" {
		p.measure(i.Cells)
	}
	if i.Note != "" && i.Section == "" {
		p.noteWidth = max(p.noteWidth, cells.Width(i.Note)+columnGap)
	}
	for _, name := range []string{i.ID, i.Alias} {
		if name != "" {
			p.known[name] = true
		}
	}
}

// looseColumns is how many columns the letters of a word may be spread over.
func (p *List) looseColumns() int { return cmp.Or(p.LooseColumns, len(p.Columns)) }

// measure widens the columns to hold these cells.
func (p *List) measure(columns []string) {
	for n, c := range columns {
		p.filled[n] = p.filled[n] || c != ""
		if len(c) > p.Widths[n] { // a text is never wider than it is long
			p.Widths[n] = max(p.Widths[n], cells.Width(c))
		}
	}
}

// SetPlaceholder says what can be typed, where nothing is.
func (p *List) SetPlaceholder(text string) { p.filter.Placeholder = text }

// Init reads the list.
func (p *List) Init() tea.Cmd {
	p.filter.Focus()
	return p.Load()
}

// Update takes a page, or what a search found.
func (p *List) Update(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case pageMsg:
		if msg.to == p && msg.generation == p.Generation {
			cmd = p.addPage(msg)
		}
	case lastPageMsg:
		if msg.to == p && msg.generation == p.Generation {
			p.endReading()
		}
	case resultsMsg:
		if msg.to == p && msg.version == p.results.version {
			cmd = p.takeResults(msg)
		}
	default:
		if p.Preview != nil {
			cmd = p.Preview.Update(msg)
		}
	}
	return tea.Batch(cmd, p.showPreview())
}

// IsAnswer reports whether a pasted thing may be one of the list's. In a list of projects that is the name of one. In the others
// it is the short name of an image.
func (p *List) IsAnswer(t pasted.Thing, content string) bool {
	if p.Typed != nil {
		i, _ := p.Typed(content)
		return i.Value != nil
	}
	content = strings.TrimSpace(content)
	return t.Image.Registry == model.DockerHub && t.Image.Text == content && !strings.HasPrefix(content, "docker.io/")
}

// SetFilter begins the list with a filter.
func (p *List) SetFilter(text string) { p.filter.SetValue(text) }

// HandleText filters the list.
func (p *List) HandleText(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	if len(p.queued) > 0 { // they meant what was typed before
		p.FinishSearch()
		cmds = append(cmds, p.handleQueued())
	}
	before := p.filter.Value()
	p.pane.focused = false
	var cmd tea.Cmd
	p.filter, cmd = p.filter.Update(ui.CleanInput(msg))
	if p.filter.Value() != before {
		p.wantedID, p.moved = "", false
		cmds = append(cmds, p.find(false))
	}
	return tea.Batch(append(cmds, cmd, p.showPreview())...)
}

// Knows is what was picked before this list.
func (p *List) Knows() model.Question { return p.KnownSoFar }

// Handle moves, chooses, sorts, reads again, or clears the filter. A key that comes while a search is under way waits for it:
// the choice means what fits the filter that was typed.
func (p *List) Handle(i ui.Intent) tea.Cmd {
	if p.results.pending {
		p.queued = append(p.queued, i)
		return nil
	}
	return tea.Batch(p.handle(i), p.showPreview())
}

func (p *List) handle(i ui.Intent) tea.Cmd {
	if p.inPane() && p.handlePane(i) {
		return nil
	}
	p.wantedID, p.moved = "", p.Cursor >= 0 && (p.moved || i != ui.IntentReread)
	switch i {
	case ui.IntentPane:
		return p.enterPane()
	case ui.IntentChoose:
		if i, ok := p.Current(); ok {
			return p.OnChoose(i)
		}
		return ui.Notice(p.whyNoChoice())
	case ui.IntentReread:
		return p.Retry(p.err, p.Load)
	case ui.IntentSort:
		return p.sortNext()
	case ui.IntentClear:
		p.filter.SetValue("")
		return p.find(true)
	default:
		p.Cursor = ui.MoveCursor(i, p.Cursor, len(p.results.rows)+len(p.lastShown), 10)
		p.moved = p.Cursor >= 0
	}
	return nil
}

// handleQueued does what was asked for while a search was under way.
func (p *List) handleQueued() tea.Cmd {
	var cmds []tea.Cmd
	for queued := p.queued; len(queued) > 0; queued = queued[1:] {
		cmds = append(cmds, p.handle(queued[0]))
	}
	p.queued = nil
	return tea.Sequence(cmds...)
}

// showPreview shows more about the item under the cursor, where there is room for it.
func (p *List) showPreview() tea.Cmd {
	if p.Preview == nil || !hasPreviewRoom(p.WindowWidth) {
		return nil
	}
	i, _ := p.Current()
	if i.ID == p.previewed {
		return nil
	}
	p.previewed, p.pane.offset = i.ID, 0
	if about, ok := i.Value.(Previewer); ok {
		return p.Preview.Show(about.Previewed())
	}
	return p.Preview.Show(i.ID, i.Value)
}
