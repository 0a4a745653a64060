package tui

import (
	"context"
	"iter"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// item is one line to pick: its cells, and what it stands for.
type item struct {
	cells []string
	text  string // the cells in small letters, to be searched
	name  int    // how much of the text is the first cell
	value any
	id    string // tells the item of a list from the others, where one may be recent
	order string // its place in a list that is sorted; empty: as the list brings it
	mark  string // faint, behind the cells
	apart bool   // not one that the list has brought, and not counted
}

// source reads a list page by page.
type source func(ctx context.Context, cloud Cloud) iter.Seq2[model.ListPage[item], error]

// picker is a list that fills as pages arrive and narrows as the user types.
type picker struct {
	*env
	reading
	question string         // what is asked, above the list
	instead  string         // what to do when the list is empty
	noun     string         // what one of the items is called
	where    string         // crumb
	base     model.Question // what the screens so far have found out; zero: the one before this says it
	columns  []string
	widths   []int
	source   source
	chosen   func(item) tea.Cmd
	pasted   func(model.Image) tea.Cmd                 // nil: a pasted text is only a filter
	drawn    func(i item, here bool, width int) string // draws a line; nil: as a row of cells

	items   []item
	lead    int // items that stand above the list: recent ones, and what is no part of it
	listed  int // items that are counted
	gaps    []model.Gap
	failure error
	cut     bool // the reading was ended before its end
	filter  textinput.Model
	hits    hits
	cursor  int // in the hits
	offset  int
}

// pagesMsg brings a page to the picker that asked; the channel has the rest.
type pagesMsg struct {
	to         *picker
	generation int
	page       model.ListPage[item]
	err        error
	rest       <-chan pagesMsg
}

// doneMsg says that the last page was there.
type doneMsg struct {
	to         *picker
	generation int
}

func newPicker(e *env, question, noun string, columns ...string) *picker {
	p := &picker{env: e, question: clean(question), noun: noun, columns: columns, filter: e.looks.input("type to filter")}
	p.filter.SetVirtualCursor(true)
	p.filter.SetWidth(widestFilter)
	p.widths = make([]int, len(columns))
	p.measure(columns)
	return p
}

// onTop puts a line above the list. With an id it is a recent one: it takes its place in the list's count once the list
// has brought it.
func (p *picker) onTop(i item) {
	i.cells = append(i.cells, make([]string, len(p.columns)-len(i.cells))...)
	i.apart = true
	i.index()
	p.measure(i.cells)
	p.items = append(p.items, i)
	p.lead++
}

// index makes the text that the filter searches.
func (i *item) index() {
	i.text = strings.ToLower(strings.Join(i.cells, " "))
	i.name = len(strings.ToLower(i.cells[0]))
}

// measure widens the columns to hold these cells.
func (p *picker) measure(cells []string) {
	for n, c := range cells {
		p.widths[n] = max(p.widths[n], ansi.StringWidth(c))
	}
}

func (p *picker) init() tea.Cmd {
	p.filter.Focus()
	return p.load()
}

// load begins the list anew; what an older request still brings is dropped.
func (p *picker) load() tea.Cmd {
	ctx, generation := p.begin(p.ctx)
	p.items = slices.Clone(p.items[:p.lead])
	for n := range p.items {
		p.items[n].apart = true
	}
	p.listed, p.gaps, p.failure, p.cut = 0, nil, nil, false
	p.narrow()
	pages := make(chan pagesMsg)
	return func() tea.Msg {
		go p.fetch(ctx, generation, pages)
		return p.await(generation, pages)()
	}
}

// await waits for the next page, or says that the last one was there.
func (p *picker) await(generation int, pages <-chan pagesMsg) tea.Cmd {
	page := next(pages)
	return func() tea.Msg {
		if msg := page(); msg != nil {
			return msg
		}
		return doneMsg{p, generation}
	}
}

func (p *picker) fetch(ctx context.Context, generation int, pages chan pagesMsg) {
	defer close(pages)
	send := func(page model.ListPage[item], err error) bool {
		select {
		case pages <- pagesMsg{p, generation, page, err, pages}:
			return err == nil
		case <-ctx.Done():
			return false
		}
	}
	cloud, err := p.cloud(ctx)
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

func (p *picker) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case pagesMsg:
		if msg.to == p && msg.generation == p.generation {
			return p.take(msg)
		}
	case doneMsg:
		if msg.to == p && msg.generation == p.generation {
			p.busy = false
		}
	case hitsMsg:
		if msg.to == p && msg.version == p.hits.version {
			p.found(msg)
		}
	}
	return nil
}

// resumed begins a list that was below the first screen, and one that could not be read.
func (p *picker) resumed() tea.Cmd {
	switch {
	case p.generation == 0:
		return p.init()
	case p.cut, p.failure != nil:
		return p.load()
	}
	return nil
}

// left ends the reading of a list that the user goes on from: nobody waits for the rest of it, and it would take the
// calls' places and quota from what comes next. Back here it is read anew.
func (p *picker) left() {
	p.cut = p.cut || p.busy
	p.stop()
}

// take puts a page behind what is there. A recent item gets its details in place.
func (p *picker) take(msg pagesMsg) tea.Cmd {
	first := len(p.items)
	for _, i := range msg.page.Items {
		for n := range i.cells {
			i.cells[n] = clean(i.cells[n])
		}
		i.index()
		p.measure(i.cells)
		p.listed++
		if at := p.leading(i.id); at >= 0 {
			i.mark, i.order = p.items[at].mark, "" // it stays above
			p.items[at] = i
			continue
		}
		p.items = append(p.items, i)
	}
	for _, g := range msg.page.Gaps { // several lists of one kind may say the same
		if !slices.ContainsFunc(p.gaps, func(other model.Gap) bool { return gapText(other) == gapText(g) }) {
			p.gaps = append(p.gaps, g)
		}
	}
	if msg.err != nil {
		p.failure, p.busy = msg.err, false
		return nil
	}
	p.grow(first)
	return p.await(msg.generation, msg.rest)
}

// leading finds a recent item; -1 when it is none.
func (p *picker) leading(id string) int {
	return slices.IndexFunc(p.items[:p.lead], func(i item) bool { return id != "" && i.id == id })
}

func (p *picker) typed(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && p.pasted != nil {
		if image, err := model.ParseImage(paste.Content); err == nil && image.Registry == model.ArtifactRegistry {
			return p.pasted(image)
		}
	}
	before := p.filter.Value()
	var cmd tea.Cmd
	p.filter, cmd = p.filter.Update(cleanInput(msg))
	if p.filter.Value() != before {
		return tea.Batch(cmd, p.search())
	}
	return cmd
}

func (p *picker) knows() model.Question { return p.base }

func (p *picker) handle(i intent) tea.Cmd {
	p.settle()
	switch i {
	case intentChoose:
		if p.cursor < len(p.hits.all) {
			return p.chosen(p.items[p.hits.all[p.cursor].at])
		}
	case intentReread:
		return p.again(p.failure, p.load)
	case intentClear:
		p.filter.SetValue("")
		p.narrow()
	default:
		p.cursor = moved(i, p.cursor, len(p.hits.all), 10)
	}
	return nil
}

// moved gives the cursor after a movement through count lines.
func moved(i intent, cursor, count, page int) int {
	switch i {
	case intentUp:
		cursor--
	case intentDown:
		cursor++
	case intentPageUp:
		cursor -= page
	case intentPageDown:
		cursor += page
	case intentFirst:
		cursor = 0
	case intentLast:
		cursor = count - 1
	}
	return max(0, min(cursor, count-1))
}
