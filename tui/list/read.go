package list

import (
	"context"
	"iter"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

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

// Load begins the list again; what an older request still brings is dropped.
func (p *List) Load() tea.Cmd {
	if i, ok := p.Current(); ok && p.moved {
		p.wantedID = i.ID
	}
	ctx, generation := p.Begin(p.Context)
	p.Items = slices.Clone(p.Items[:p.topCount])
	clear(p.known)
	for n := range p.Items {
		p.Items[n].extra = true
		p.take(&p.Items[n])
	}
	p.listedCount, p.gaps, p.err, p.incomplete = 0, nil, nil, false
	p.results.sorted, p.badges.width = nil, 0
	p.findNow(true)
	if p.Preview != nil {
		p.Preview.Forget()
		p.previewed = ""
	}
	pages := make(chan pageMsg)
	return func() tea.Msg {
		guard.Go(func() { p.fetch(ctx, generation, pages) })
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

// endReading notes that all is there. Where that is nothing, the cursor goes to the rows behind the list.
func (p *List) endReading() {
	p.Busy = false
	p.RefreshLast()
}

// Resume begins a list that was below the first screen, and one that could not be read.
func (p *List) Resume() tea.Cmd {
	switch {
	case p.Generation == 0:
		return p.Init()
	case p.incomplete, p.err != nil:
		return p.Load()
	}
	p.RefreshLast()
	p.previewed = ""
	return p.showPreview()
}

// ReadAgainLater reads the list again when it is seen the next time: the screen above it may change what it has.
func (p *List) ReadAgainLater() { p.incomplete = true }

// Pause ends the reading of a list that the user leaves for the next screen. Nobody waits for the rest of it, and it would take
// places and quota from the calls of the next screen. When the list is seen again, it is read again.
func (p *List) Pause() {
	p.incomplete = p.incomplete || p.Busy
	p.Close()
}

// Close ends the reading.
func (p *List) Close() {
	p.Stop()
	if p.Preview != nil {
		p.Preview.Stop()
	}
}

// addPage puts a page behind what is there. A recent item gets its details in place.
func (p *List) addPage(msg pageMsg) tea.Cmd {
	first := len(p.Items)
	for _, i := range msg.page.Items {
		for n := range i.Cells {
			i.Cells[n] = text.Clean(i.Cells[n])
		}
		p.take(&i)
		p.listedCount++
		if at := p.findTop(i.ID); at >= 0 {
			i.Note, i.SortKey = joinNotes(p.Items[at].Note, i.Note), "" // it stays above
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
		p.err = msg.err
		p.endReading()
		return nil
	}
	p.addRows(first)
	p.findWanted(first)
	if p.OnPage != nil {
		p.OnPage()
	}
	return p.awaitPage(msg.generation, msg.rest)
}

// joinNotes puts two notes together.
func joinNotes(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + ", " + other
}

// findTop finds a recent item; -1 when it is not one.
func (p *List) findTop(id string) int {
	return slices.IndexFunc(p.Items[:p.topCount], func(i Item) bool { return id != "" && i.ID == id })
}
