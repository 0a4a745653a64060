package list

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// BackBinding goes back, or at first clears the filter.
func (p *List) BackBinding() ui.Binding {
	if p.filter.Value() != "" {
		return ui.Binding{Intent: ui.IntentClear, KeysFrom: ui.IntentBack, Help: "clear filter"}
	}
	return ui.BindBack
}

// Bindings are the keys of a list.
func (p *List) Bindings() []ui.Binding {
	reread := ui.Binding{Intent: ui.IntentReread, Help: "refresh", Hidden: p.err == nil}
	return append([]ui.Binding{ui.BindChoose, ui.BindMove, p.BackBinding(), reread, ui.BindStop}, ui.PagingBindings...)
}

// Breadcrumb says where the list stands.
func (p *List) Breadcrumb() string { return p.Styles.Breadcrumb(p.Trail) }

// Close ends the reading.
func (p *List) Close() { p.Stop() }

// View draws the filter, the lines around the cursor, and what could not be read.
func (p *List) View(width, height int) string {
	count := p.CountText()
	lines := []string{"", "  " + p.Styles.Bold.Render(p.Heading), p.FilterLine(count, width), ""}
	lines = append(lines, "    "+p.Styles.Dim.Render(p.row(p.Columns, width-6)))
	notes := p.Notes(width)
	room := max(1, height-len(lines)-len(notes))
	lines = append(lines, p.Rows(width, room)...)
	return strings.Join(append(lines, notes...), "\n")
}

// FilterLine is the filter and, at its right, how many lines there are.
func (p *List) FilterLine(count string, width int) string {
	room := width - 4 - cells.Width(count) - 2
	ui.ResizeInput(&p.filter, max(1, min(room, maxFilterWidth)))
	return "  " + cells.Justify(p.filter.View(), p.Styles.Dim.Render(count), width-4)
}

const maxFilterWidth = 40

// CountText says how many there are, as far as they could be listed.
func (p *List) CountText() string {
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

// Rows draws the part of the list around the cursor, and says which part that is where it is not the whole.
func (p *List) Rows(width, room int) []string {
	part := len(p.matches.all) > room && room > 1
	if part {
		room--
	}
	p.offset = ui.ScrollOffset(p.Cursor, p.offset, room, len(p.matches.all))
	var lines []string
	for n := p.offset; n < min(len(p.matches.all), p.offset+room); n++ {
		i := p.Items[p.matches.all[n].index]
		draw := p.itemLine
		if p.DrawItem != nil {
			draw = p.DrawItem
		}
		lines = append(lines, draw(i, n == p.Cursor, width))
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
func (p *List) itemLine(i Item, underCursor bool, width int) string {
	text, mark := p.row(i.Cells, width-6), ""
	if i.Note != "" {
		text = cells.Cut(text, width-8-cells.Width(i.Note))
		mark = "  " + p.Styles.Dim.Render(i.Note)
	}
	if underCursor {
		return "  " + p.Styles.Accent.Render("▸ ") + p.Styles.Bold.Render(text) + mark
	}
	return "    " + text + mark
}

func (p *List) emptyText() string {
	if p.filter.Value() != "" {
		return "Nothing fits the filter; " + p.Keys.Symbol(ui.IntentBack, true) + " clears it."
	}
	if len(p.gaps) > 0 {
		return "Nothing could be listed."
	}
	return "No " + text.Plural(p.noun) + " that you may see." + p.EmptyHint
}

func (p *List) row(columns []string, width int) string {
	var b strings.Builder
	for n, c := range columns {
		if n == len(columns)-1 {
			b.WriteString(c)
			break
		}
		b.WriteString(cells.Fit(c, min(p.Widths[n], max(width/2, 12))) + "  ")
	}
	return cells.Cut(strings.TrimRight(b.String(), " "), width)
}

// Notes say what could not be read, below the list: first of all what ended it, and what to do about that.
func (p *List) Notes(width int) []string {
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
