package tui

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/sahilm/fuzzy"

	"whopulls/model"
	"whopulls/model/failure"
)

// item is one line to pick: its cells, and what it stands for.
type item struct {
	cells []string
	value any
	first bool // is no part of the list, and not counted
}

func (i item) text() string { return strings.Join(i.cells, " ") }

// source reads a list page by page.
type source func(ctx context.Context, cloud Cloud) iter.Seq2[model.Page[item], error]

// picker is a list that fills as pages arrive and narrows as the user types.
type picker struct {
	*env
	reading
	question string         // what is asked, above the list
	instead  string         // what to do when the list is empty
	noun     string         // what the items are called
	where    string         // crumb
	base     model.Question // what is known when a failure text is pasted here
	columns  []string
	widths   []int
	source   source
	chosen   func(item) tea.Cmd
	pasted   func(model.Image) tea.Cmd // nil: a pasted text is only a filter

	items   []item
	gaps    []model.Gap
	failure error
	filter  textinput.Model
	shown   []int // indexes into items
	cursor  int
	offset  int
}

// pagesMsg brings a page to the picker that asked; the channel has the rest.
type pagesMsg struct {
	to         *picker
	generation int
	page       model.Page[item]
	err        error
	rest       <-chan pagesMsg
}

// doneMsg says that the last page was there.
type doneMsg struct {
	to         *picker
	generation int
}

func newPicker(e *env, question, noun string, columns ...string) *picker {
	p := &picker{env: e, question: question, noun: noun, columns: columns, filter: textinput.New(),
		base: e.opts.Question}
	p.filter.Prompt = ""
	p.filter.Placeholder = "type to filter"
	p.filter.SetVirtualCursor(true)
	p.filter.SetWidth(40)
	p.widths = make([]int, len(columns))
	p.measure(columns)
	return p
}

// onTop puts a line above the list that is no part of it.
func (p *picker) onTop(value any, text string) {
	cells := make([]string, len(p.columns))
	cells[0] = text
	p.measure(cells)
	p.items = append(p.items, item{cells: cells, value: value, first: true})
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
	p.items = slices.DeleteFunc(p.items, func(i item) bool { return !i.first })
	p.gaps, p.failure = nil, nil
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
	send := func(page model.Page[item], err error) bool {
		select {
		case pages <- pagesMsg{p, generation, page, err, pages}:
			return err == nil
		case <-ctx.Done():
			return false
		}
	}
	cloud, err := p.cloud(ctx)
	if err != nil {
		send(model.Page[item]{}, err)
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
	}
	return nil
}

func (p *picker) take(msg pagesMsg) tea.Cmd {
	for _, i := range msg.page.Items {
		for n := range i.cells {
			i.cells[n] = clean(i.cells[n])
		}
		p.measure(i.cells)
		p.items = append(p.items, i)
	}
	p.gaps = append(p.gaps, msg.page.Gaps...)
	if msg.err != nil {
		p.failure, p.busy = msg.err, false
		return nil
	}
	p.narrow()
	return p.await(msg.generation, msg.rest)
}

// narrow applies the filter and keeps the cursor on the item that it was on.
func (p *picker) narrow() {
	var kept *item
	if p.cursor < len(p.shown) && p.shown[p.cursor] < len(p.items) {
		kept = &p.items[p.shown[p.cursor]]
	}
	p.shown = matching(p.items, p.filter.Value())
	p.cursor = 0
	for n, index := range p.shown {
		if kept != nil && &p.items[index] == kept {
			p.cursor = n
		}
	}
}

// matching gives the indexes of the items that fit the query, the best first; a line that is no part of the list fits like any other.
func matching(items []item, query string) []int {
	all := make([]int, len(items))
	texts := make([]string, len(items))
	for n, i := range items {
		all[n], texts[n] = n, i.text()
	}
	if query == "" {
		return all
	}
	var fitting []int
	for _, m := range fuzzy.Find(query, texts) {
		fitting = append(fitting, m.Index)
	}
	return fitting
}

func (p *picker) typed(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && p.pasted != nil {
		if image, err := model.ParseImage(paste.Content); err == nil && image.Registry == model.ArtifactRegistry {
			return p.pasted(image)
		}
	}
	if paste, ok := msg.(tea.PasteMsg); ok && saysMuch(paste.Content) && failure.Read(paste.Content).Cause != failure.Unrecognized {
		return push(newExplainScreen(p.env, p.base, paste.Content))
	}
	before := p.filter.Value()
	var cmd tea.Cmd
	p.filter, cmd = p.filter.Update(msg)
	if p.filter.Value() != before {
		p.cursor, p.shown = 0, nil
		p.narrow()
	}
	return cmd
}

// saysMuch tells a message from a name to filter by, which may hold any word.
func saysMuch(text string) bool { return len(strings.Fields(text)) > 4 }

func (p *picker) handle(i intent) tea.Cmd {
	switch i {
	case intentChoose:
		if p.cursor < len(p.shown) {
			return p.chosen(p.items[p.shown[p.cursor]])
		}
	case intentRefresh:
		return p.load()
	case intentNo:
		p.filter.SetValue("")
		p.narrow()
	default:
		p.cursor = moved(i, p.cursor, len(p.shown), 10)
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

func (p *picker) bindings() []binding {
	back := bindBack
	if p.filter.Value() != "" {
		back = binding{keys: []string{"esc"}, label: "esc", help: "clear filter", intent: intentNo}
	}
	refresh := binding{keys: []string{"ctrl+r"}, label: "ctrl+r", help: "read again", intent: intentRefresh, silent: true}
	return append([]binding{bindEnter, bindMove, back, bindDown, refresh,
		{keys: []string{"ctrl+c"}, label: "ctrl+c", help: "leave", intent: intentStop}}, paging...)
}

func (p *picker) crumb() string { return p.looks.dim.Render(p.where) }

func (p *picker) close() { p.stop() }

func (p *picker) view(width, height int) string {
	lines := []string{"", "  " + p.looks.bold.Render(p.question), "  " + spread(p.filter.View(), p.looks.dim.Render(p.count()), width-4), ""}
	lines = append(lines, "    "+p.looks.dim.Render(p.row(p.columns, width-6)))
	notes := p.notes(width)
	room := max(1, height-len(lines)-len(notes))
	lines = append(lines, p.rows(width, room)...)
	return strings.Join(append(lines, notes...), "\n")
}

func (p *picker) count() string {
	all, fitting := 0, 0
	for _, i := range p.items {
		if !i.first {
			all++
		}
	}
	for _, n := range p.shown {
		if !p.items[n].first {
			fitting++
		}
	}
	text := fmt.Sprintf("%d %s", all, plural(p.noun, all))
	if p.filter.Value() != "" {
		text = fmt.Sprintf("%d of %s", fitting, text)
	}
	if p.busy {
		text += ", reading …"
	}
	return text
}

// rows draws the part of the list around the cursor.
func (p *picker) rows(width, room int) []string {
	p.offset = window(p.cursor, p.offset, room, len(p.shown))
	var lines []string
	for n := p.offset; n < min(len(p.shown), p.offset+room); n++ {
		text := p.row(p.items[p.shown[n]].cells, width-6)
		if n == p.cursor {
			lines = append(lines, "  "+p.looks.accent.Render("▸ ")+p.looks.bold.Render(text))
		} else {
			lines = append(lines, "    "+text)
		}
	}
	if len(p.shown) == 0 && !p.busy && p.failure == nil {
		lines = append(lines, "    "+p.looks.dim.Render(p.nothing()))
	}
	return lines
}

func (p *picker) nothing() string {
	if p.filter.Value() != "" {
		return "Nothing fits the filter; esc clears it."
	}
	return "No " + p.noun + " that you may see." + p.instead
}

// window keeps the cursor inside the visible part.
func window(cursor, offset, room, count int) int {
	if cursor < offset {
		offset = cursor
	}
	if cursor >= offset+room {
		offset = cursor - room + 1
	}
	return max(0, min(offset, count-room))
}

func (p *picker) row(cells []string, width int) string {
	var b strings.Builder
	for n, c := range cells {
		if n == len(cells)-1 {
			b.WriteString(c)
			break
		}
		b.WriteString(pad(c, min(p.widths[n], max(width/2, 12))) + "  ")
	}
	return cut(strings.TrimRight(b.String(), " "), width)
}

// notes say what could not be read, below the list.
func (p *picker) notes(width int) []string {
	var notes []string
	if p.failure != nil {
		notes = append(notes, p.failure.Error())
	}
	for _, g := range p.gaps {
		notes = append(notes, gapText(g))
	}
	var lines []string
	for _, n := range notes[:min(len(notes), 4)] {
		lines = append(lines, p.note(p.looks.verdicts[model.Unknown].Render("? "), n, width)...)
	}
	nexts := model.Nexts(p.gaps)
	for _, n := range nexts[:min(len(nexts), 2)] {
		lines = append(lines, p.note(p.looks.dim.Render("→ "), n, width)...)
	}
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	return lines
}

// note is a text behind a sign. It may end in what matters most, an identifier or a permission, and so is never cut.
func (p *picker) note(sign, text string, width int) []string {
	var lines []string
	for _, l := range wrap(text, width-6) {
		lines = append(lines, "  "+sign+l)
		sign = "  "
	}
	return lines
}
