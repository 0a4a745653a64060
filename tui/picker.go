package tui

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

// item is one line to pick: its cells, and what it stands for.
type item struct {
	cells      []string
	searchText string // the cells in small letters, to be searched
	nameLength int    // how much of the text is the first cell
	value      any
	id         string // tells the item of a list from the others, where one may be recent
	sortKey    string // its place in a list that is sorted; empty: as the list brings it
	note       string // faint, behind the cells
	extra      bool   // not one that the list has brought, and not counted
}

// pageSource reads a list page by page.
type pageSource func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error]

// picker is a list that fills as pages arrive and narrows as the user types.
type picker struct {
	*app
	ui.Loader
	heading      string         // what is asked, above the list
	emptyHint    string         // what to do when the list is empty
	noun         string         // what one of the items is called
	trail        string         // crumb
	knownSoFar   model.Question // what the screens so far have found out; zero: the one before this says it
	columns      []string
	widths       []int
	source       pageSource
	onChoose     func(item) tea.Cmd
	onPasteImage func(model.Image) tea.Cmd                 // nil: a pasted text is only a filter
	drawItem     func(i item, here bool, width int) string // draws a line; nil: as a row of cells

	items       []item
	topCount    int // items that stand above the list: recent ones, and what is no part of it
	listedCount int // items that are counted
	gaps        []model.Gap
	err         error
	incomplete  bool // the reading was ended before its end
	filter      textinput.Model
	matches     matches
	cursor      int // in the hits
	offset      int
}

// pageMsg brings a page to the picker that asked; the channel has the rest.
type pageMsg struct {
	to         *picker
	generation int
	page       model.ListPage[item]
	err        error
	rest       <-chan pageMsg
}

// lastPageMsg says that the last page was there.
type lastPageMsg struct {
	to         *picker
	generation int
}

// What the root looks for on a list.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Pausable
	ui.Resumable
	ui.Questioner
} = (*picker)(nil)

func newPicker(e *app, heading, noun string, columns ...string) *picker {
	p := &picker{app: e, heading: text.Clean(heading), noun: noun, columns: columns, filter: e.Styles.NewInput("type to filter")}
	p.filter.SetVirtualCursor(true)
	p.filter.SetWidth(maxFilterWidth)
	p.widths = make([]int, len(columns))
	p.measure(columns)
	return p
}

// addTop puts a line above the list. With an id it is a recent one: it takes its place in the list's count once the list
// has brought it.
func (p *picker) addTop(i item) {
	i.cells = append(i.cells, make([]string, len(p.columns)-len(i.cells))...)
	i.extra = true
	i.buildSearchText()
	p.measure(i.cells)
	p.items = append(p.items, i)
	p.topCount++
}

// buildSearchText makes the text that the filter searches.
func (i *item) buildSearchText() {
	i.searchText = strings.ToLower(strings.Join(i.cells, " "))
	i.nameLength = len(strings.ToLower(i.cells[0]))
}

// measure widens the columns to hold these cells.
func (p *picker) measure(columns []string) {
	for n, c := range columns {
		p.widths[n] = max(p.widths[n], cells.Width(c))
	}
}

func (p *picker) Init() tea.Cmd {
	p.filter.Focus()
	return p.load()
}

// load begins the list anew; what an older request still brings is dropped.
func (p *picker) load() tea.Cmd {
	ctx, generation := p.Begin(p.Context)
	p.items = slices.Clone(p.items[:p.topCount])
	for n := range p.items {
		p.items[n].extra = true
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
func (p *picker) awaitPage(generation int, pages <-chan pageMsg) tea.Cmd {
	page := ui.Receive(pages)
	return func() tea.Msg {
		if msg := page(); msg != nil {
			return msg
		}
		return lastPageMsg{p, generation}
	}
}

func (p *picker) fetch(ctx context.Context, generation int, pages chan pageMsg) {
	defer close(pages)
	send := func(page model.ListPage[item], err error) bool {
		select {
		case pages <- pageMsg{p, generation, page, err, pages}:
			return err == nil
		case <-ctx.Done():
			return false
		}
	}
	cloud, err := p.awaitCloud(ctx)
	if err != nil {
		send(model.ListPage[item]{}, err)
		return
	}
	for page, err := range p.source(ctx, cloud) {
		if !send(page, err) {
			return
		}
	}
}

func (p *picker) Update(msg tea.Msg) tea.Cmd {
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
func (p *picker) Resume() tea.Cmd {
	switch {
	case p.Generation == 0:
		return p.Init()
	case p.incomplete, p.err != nil:
		return p.load()
	}
	return nil
}

// Pause ends the reading of a list that the user goes on from: nobody waits for the rest of it, and it would take the
// calls' places and quota from what comes next. Back here it is read anew.
func (p *picker) Pause() {
	p.incomplete = p.incomplete || p.Busy
	p.Stop()
}

// addPage puts a page behind what is there. A recent item gets its details in place.
func (p *picker) addPage(msg pageMsg) tea.Cmd {
	first := len(p.items)
	for _, i := range msg.page.Items {
		for n := range i.cells {
			i.cells[n] = text.Clean(i.cells[n])
		}
		i.buildSearchText()
		p.measure(i.cells)
		p.listedCount++
		if at := p.findTop(i.id); at >= 0 {
			i.note, i.sortKey = p.items[at].note, "" // it stays above
			p.items[at] = i
			continue
		}
		p.items = append(p.items, i)
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
	return p.awaitPage(msg.generation, msg.rest)
}

// findTop finds a recent item; -1 when it is none.
func (p *picker) findTop(id string) int {
	return slices.IndexFunc(p.items[:p.topCount], func(i item) bool { return id != "" && i.id == id })
}

func (p *picker) HandleText(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && p.onPasteImage != nil {
		if image, err := model.ParseImage(paste.Content); err == nil && image.Registry == model.ArtifactRegistry {
			return p.onPasteImage(image)
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

func (p *picker) Knows() model.Question { return p.knownSoFar }

func (p *picker) Handle(i ui.Intent) tea.Cmd {
	p.finishSearch()
	switch i {
	case ui.IntentChoose:
		if p.cursor < len(p.matches.all) {
			return p.onChoose(p.items[p.matches.all[p.cursor].index])
		}
	case ui.IntentReread:
		return p.Retry(p.err, p.load)
	case ui.IntentClear:
		p.filter.SetValue("")
		p.applyFilter()
	default:
		p.cursor = ui.MoveCursor(i, p.cursor, len(p.matches.all), 10)
	}
	return nil
}
