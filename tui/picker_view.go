package tui

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

func (p *picker) Bindings() []ui.Binding {
	back := ui.BindBack
	if p.filter.Value() != "" {
		back = ui.Binding{Intent: ui.IntentClear, KeysFrom: ui.IntentBack, Help: "clear filter"}
	}
	reread := ui.Binding{Intent: ui.IntentReread, Help: "read again", Hidden: p.err == nil}
	return append([]ui.Binding{ui.BindChoose, ui.BindMove, back, reread, ui.BindStop}, ui.PagingBindings...)
}

func (p *picker) Breadcrumb() string { return p.Styles.Breadcrumb(p.trail) }

func (p *picker) Close() { p.Stop() }

func (p *picker) View(width, height int) string {
	count := p.countText()
	p.fitFilter(width - 4 - cells.Width(count) - 2)
	lines := []string{"", "  " + p.Styles.Bold.Render(p.heading), "  " + cells.Justify(p.filter.View(), p.Styles.Dim.Render(count), width-4), ""}
	lines = append(lines, "    "+p.Styles.Dim.Render(p.row(p.columns, width-6)))
	notes := p.notes(width)
	room := max(1, height-len(lines)-len(notes))
	lines = append(lines, p.rows(width, room)...)
	return strings.Join(append(lines, notes...), "\n")
}

// fitFilter gives the filter the room that the count beside it leaves.
func (p *picker) fitFilter(room int) { ui.ResizeInput(&p.filter, max(1, min(room, maxFilterWidth))) }

const maxFilterWidth = 40

// countText says how many there are, as far as they could be listed.
func (p *picker) countText() string {
	count := text.CountNoun(p.listedCount, p.noun)
	lacking := len(p.gaps) > 0 || p.err != nil
	switch {
	case lacking && p.listedCount == 0 && !p.Busy:
		return text.Plural(p.noun) + " could not be listed"
	case p.filter.Value() != "" || p.matches.listedCount != p.listedCount:
		count = fmt.Sprintf("%d of %s", p.matches.listedCount, count)
	case lacking:
		count += ", some could not be listed"
	}
	if p.Busy {
		count += ", reading …"
	}
	return count
}

// rows draws the part of the list around the cursor, and says which part that is where it is not the whole.
func (p *picker) rows(width, room int) []string {
	part := len(p.matches.all) > room && room > 1
	if part {
		room--
	}
	p.offset = ui.ScrollOffset(p.cursor, p.offset, room, len(p.matches.all))
	var lines []string
	for n := p.offset; n < min(len(p.matches.all), p.offset+room); n++ {
		i := p.items[p.matches.all[n].index]
		draw := p.itemLine
		if p.drawItem != nil {
			draw = p.drawItem
		}
		lines = append(lines, draw(i, n == p.cursor, width))
	}
	if part {
		lines = append(lines, "    "+p.Styles.Dim.Render(fmt.Sprintf("… lines %d to %d of %d", p.offset+1, p.offset+room, len(p.matches.all))))
	}
	if len(p.matches.all) == 0 && !p.Busy && p.err == nil {
		lines = append(lines, "    "+p.Styles.Dim.Render(p.emptyText()))
	}
	return lines
}

// itemLine is an item as a row of its cells.
func (p *picker) itemLine(i item, underCursor bool, width int) string {
	text, mark := p.row(i.cells, width-6), ""
	if i.note != "" {
		text = cells.Cut(text, width-8-cells.Width(i.note))
		mark = "  " + p.Styles.Dim.Render(i.note)
	}
	if underCursor {
		return "  " + p.Styles.Accent.Render("▸ ") + p.Styles.Bold.Render(text) + mark
	}
	return "    " + text + mark
}

func (p *picker) emptyText() string {
	if p.filter.Value() != "" {
		return "Nothing fits the filter; " + p.Keys.Symbol(ui.IntentBack, true) + " clears it."
	}
	if len(p.gaps) > 0 {
		return "Nothing could be listed."
	}
	return "No " + text.Plural(p.noun) + " that you may see." + p.emptyHint
}

func (p *picker) row(columns []string, width int) string {
	var b strings.Builder
	for n, c := range columns {
		if n == len(columns)-1 {
			b.WriteString(c)
			break
		}
		b.WriteString(cells.Fit(c, min(p.widths[n], max(width/2, 12))) + "  ")
	}
	return cells.Cut(strings.TrimRight(b.String(), " "), width)
}

// notes say what could not be read, below the list: first of all what ended it, and what to do about that.
func (p *picker) notes(width int) []string {
	var lines []string
	if p.err != nil {
		lines = append(lines, p.ErrorLines(p.err, true, width-2)...)
	}
	const maxGaps = 4
	for _, g := range p.gaps[:min(len(p.gaps), maxGaps)] {
		lines = append(lines, noteLines(p.Styles.Verdicts[model.Unknown].Render("? "), ui.GapText(g), width)...)
	}
	if more := len(p.gaps) - maxGaps; more > 0 {
		lines = append(lines, noteLines(p.Styles.Verdicts[model.Unknown].Render("? "), fmt.Sprintf("and %d more of this kind", more), width)...)
	}
	nexts := model.AdviceFor(p.gaps)
	for _, n := range nexts[:min(len(nexts), 2)] {
		lines = append(lines, noteLines(p.Styles.Dim.Render("→ "), n.String(), width)...)
	}
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	return lines
}

// noteLines is a text behind a sign. It may end in what matters most, an identifier or a permission, and so is never cut.
func noteLines(sign, text string, width int) []string {
	var lines []string
	for _, l := range cells.Wrap(text, width-6) {
		lines = append(lines, "  "+sign+l)
		sign = "  "
	}
	return lines
}
