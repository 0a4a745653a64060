// Package list shows a list that fills as pages arrive and narrows as the user types. The screens that offer a choice use it.
package list

import (
	"context"
	"iter"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// Item is one line to pick: its cells, and what it stands for.
type Item struct {
	Cells      []string
	searchText string // the cells in lower case, to be searched
	nameLength int    // how much of the text is the first cell
	Value      any
	ID         string // tells the item of a list from the others, where one may be recent
	SortKey    string // its place in a list that is sorted; empty: as the list brings it
	Note       string // faint, behind the cells
	extra      bool   // not one that the list has brought, and not counted
}

// Source reads a list page by page, once the cloud is connected.
type Source func(ctx context.Context) (iter.Seq2[model.ListPage[Item], error], error)

// From makes a source of what a connected cloud lists.
func From[C any](cloud ui.Connection[C], list func(context.Context, C) iter.Seq2[model.ListPage[Item], error]) Source {
	return func(ctx context.Context) (iter.Seq2[model.ListPage[Item], error], error) {
		c, err := cloud(ctx)
		if err != nil {
			return nil, err
		}
		return list(ctx, c), nil
	}
}

// List is a list that fills as pages arrive and narrows as the user types.
type List struct {
	*ui.Session
	ui.Loader
	Heading      string         // what is asked, above the list
	EmptyHint    string         // what to do when the list is empty
	noun         string         // what one of the items is called
	Trail        string         // crumb
	KnownSoFar   model.Question // what the screens so far have found out; zero: the one before this says it
	Columns      []string
	Widths       []int
	Source       Source
	OnChoose     func(Item) tea.Cmd
	OnPasteImage func(model.Image) tea.Cmd                 // nil: a pasted text is only a filter
	DrawItem     func(i Item, here bool, width int) string // draws a line; nil: as a row of cells
	OnPage       func()                                    // called when a page has arrived; may be nil

	Items       []Item
	topCount    int // items that stand above the list: recent ones, and what is no part of it
	listedCount int // items that are counted
	gaps        []model.Gap
	err         error
	incomplete  bool // the reading was ended before its end
	filter      textinput.Model
	matches     matches
	Cursor      int // in the hits
	offset      int
}

// pageMsg brings a page to the list that asked; the channel has the rest.
type pageMsg struct {
	to         *List
	generation int
	page       model.ListPage[Item]
	err        error
	rest       <-chan pageMsg
}

// lastPageMsg says that the last page was there.
type lastPageMsg struct {
	to         *List
	generation int
}

// What the root looks for on a list.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Pausable
	ui.Resumable
	ui.Questioner
} = (*List)(nil)

// New is an empty list: what to choose, what one item is called, and the names of the columns.
func New(e *ui.Session, heading, noun string, columns ...string) *List {
	p := &List{Session: e, Heading: text.Clean(heading), noun: noun, Columns: columns, filter: e.Styles.NewInput("type to filter")}
	p.filter.SetVirtualCursor(true)
	p.filter.SetWidth(maxFilterWidth)
	p.Widths = make([]int, len(columns))
	p.measure(columns)
	return p
}

// AddTop puts a line above the list. With an id it is a recent one: it takes its place in the list's count once the list
// has brought it.
func (p *List) AddTop(i Item) {
	i.Cells = append(i.Cells, make([]string, len(p.Columns)-len(i.Cells))...)
	i.extra = true
	i.buildSearchText()
	p.measure(i.Cells)
	p.Items = append(p.Items, i)
	p.topCount++
}

// buildSearchText makes the text that the filter searches.
func (i *Item) buildSearchText() {
	i.searchText = strings.ToLower(strings.Join(i.Cells, " "))
	i.nameLength = len(strings.ToLower(i.Cells[0]))
}

// measure widens the columns to hold these cells.
func (p *List) measure(columns []string) {
	for n, c := range columns {
		p.Widths[n] = max(p.Widths[n], cells.Width(c))
	}
}

// SetPlaceholder says what can be typed, where nothing is.
func (p *List) SetPlaceholder(text string) { p.filter.Placeholder = text }

// Init reads the list.
func (p *List) Init() tea.Cmd {
	p.filter.Focus()
	return p.Load()
}

// Load begins the list again; what an older request still brings is dropped.
func (p *List) Load() tea.Cmd {
	ctx, generation := p.Begin(p.Context)
	p.Items = slices.Clone(p.Items[:p.topCount])
	for n := range p.Items {
		p.Items[n].extra = true
	}
	p.listedCount, p.gaps, p.err, p.incomplete = 0, nil, nil, false
	p.applyFilter()
	pages := make(chan pageMsg)
	return func() tea.Msg {
		go p.fetch(ctx, generation, pages)
		return p.awaitPage(generation, pages)()
	}
}

// awaitPage waits for the next page, or says that the last one was there.
func (p *List) awaitPage(generation int, pages <-chan pageMsg) tea.Cmd {
	page := ui.Receive(pages)
	return func() tea.Msg {
		if msg := page(); msg != nil {
			return msg
		}
		return lastPageMsg{p, generation}
	}
}

func (p *List) fetch(ctx context.Context, generation int, pages chan pageMsg) {
	defer close(pages)
	send := func(page model.ListPage[Item], err error) bool {
		select {
		case pages <- pageMsg{p, generation, page, err, pages}:
			return err == nil
		case <-ctx.Done():
			return false
		}
	}
	list, err := p.Source(ctx)
	if err != nil {
		send(model.ListPage[Item]{}, err)
		return
	}
	for page, err := range list {
		if !send(page, err) {
			return
		}
	}
}

// Update takes a page, or what a search found.
func (p *List) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case pageMsg:
		if msg.to == p && msg.generation == p.Generation {
			return p.addPage(msg)
		}
	case lastPageMsg:
		if msg.to == p && msg.generation == p.Generation {
			p.Busy = false
		}
	case matchesMsg:
		if msg.to == p && msg.version == p.matches.version {
			p.takeMatches(msg)
		}
	}
	return nil
}

// Resume begins a list that was below the first screen, and one that could not be read.
func (p *List) Resume() tea.Cmd {
	switch {
	case p.Generation == 0:
		return p.Init()
	case p.incomplete, p.err != nil:
		return p.Load()
	}
	return nil
}

// Pause ends the reading of a list that the user leaves for the next screen. Nobody waits for the rest, and
// it would take connections and quota from what comes next. Back here it is read again.
func (p *List) Pause() {
	p.incomplete = p.incomplete || p.Busy
	p.Stop()
}

// addPage puts a page behind what is there. A recent item gets its details in place.
func (p *List) addPage(msg pageMsg) tea.Cmd {
	first := len(p.Items)
	for _, i := range msg.page.Items {
		for n := range i.Cells {
			i.Cells[n] = text.Clean(i.Cells[n])
		}
		i.buildSearchText()
		p.measure(i.Cells)
		p.listedCount++
		if at := p.findTop(i.ID); at >= 0 {
			i.Note, i.SortKey = p.Items[at].Note, "" // it stays above
			p.Items[at] = i
			continue
		}
		p.Items = append(p.Items, i)
	}
	for _, g := range msg.page.Gaps { // several lists of one kind may say the same
		if !slices.ContainsFunc(p.gaps, func(other model.Gap) bool { return ui.GapText(other) == ui.GapText(g) }) {
			p.gaps = append(p.gaps, g)
		}
	}
	if msg.err != nil {
		p.err, p.Busy = msg.err, false
		return nil
	}
	p.matchNewItems(first)
	if p.OnPage != nil {
		p.OnPage()
	}
	return p.awaitPage(msg.generation, msg.rest)
}

// Current is the item under the cursor.
func (p *List) Current() (i Item, ok bool) {
	if p.Cursor >= len(p.matches.all) {
		return Item{}, false
	}
	return p.Items[p.matches.all[p.Cursor].index], true
}

// Shown are the items that fit the filter, in the order in which they stand.
func (p *List) Shown() []Item {
	shown := make([]Item, 0, len(p.matches.all))
	for _, m := range p.matches.all {
		shown = append(shown, p.Items[m.index])
	}
	return shown
}

// Replace puts other items instead of those that there are. The cursor goes to the best fit.
func (p *List) Replace(items []Item) {
	p.Items = items
	p.matches.version++
	p.setMatches(findMatches(p.filter.Value(), p.Items, 0), nil)
}

// Sort gives items in the order in which a list without a filter has them.
func Sort(items []Item) []Item {
	sorted := make([]Item, 0, len(items))
	for _, m := range findMatches("", items, 0) {
		sorted = append(sorted, items[m.index])
	}
	return sorted
}

// findTop finds a recent item; -1 when it is not one.
func (p *List) findTop(id string) int {
	return slices.IndexFunc(p.Items[:p.topCount], func(i Item) bool { return id != "" && i.ID == id })
}

// HandleText filters the list. A pasted image reference is an answer where the list takes one.
func (p *List) HandleText(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && p.OnPasteImage != nil {
		if image, err := model.ParseImage(paste.Content); err == nil && image.Registry == model.ArtifactRegistry {
			return p.OnPasteImage(image)
		}
	}
	before := p.filter.Value()
	var cmd tea.Cmd
	p.filter, cmd = p.filter.Update(ui.CleanInput(msg))
	if p.filter.Value() != before {
		return tea.Batch(cmd, p.search())
	}
	return cmd
}

// Knows is what was picked before this list.
func (p *List) Knows() model.Question { return p.KnownSoFar }

// Handle moves, chooses, reads again, or clears the filter.
func (p *List) Handle(i ui.Intent) tea.Cmd {
	p.FinishSearch()
	switch i {
	case ui.IntentChoose:
		if i, ok := p.Current(); ok {
			return p.OnChoose(i)
		}
	case ui.IntentReread:
		return p.Retry(p.err, p.Load)
	case ui.IntentClear:
		p.filter.SetValue("")
		p.applyFilter()
	default:
		p.Cursor = ui.MoveCursor(i, p.Cursor, len(p.matches.all), 10)
	}
	return nil
}
