package registry

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// prefixWidth is what stands before the columns of a binding: the cursor, the box, the sign and the word.
const (
	wordWidth   = len("x " + model.WordNotJudged)
	rowIndent   = len(" > ")
	prefixWidth = rowIndent + len("[ ] ") + wordWidth + 2
)

// consumerLines draws the part of the list around the cursor.
func (r *Screen) consumerLines(width, room int) []string {
	l := &r.lines
	if len(l.all) == 0 {
		return r.emptyLines(width)
	}
	widths := l.columnWidths(width - prefixWidth - 1)
	lines := []string{strings.Repeat(" ", prefixWidth) + r.Styles.Dim.Render(strings.TrimRight(joinColumns(columnNames, widths), " "))}
	room = max(1, room-1)
	part := len(l.all) > room && room > 1
	if part {
		room--
	}
	at := 0
	if l.cursor < len(l.stops) {
		at = l.stops[l.cursor]
	}
	if l.cursor == 0 {
		l.offset = 0 // the heading above it is seen
	}
	l.room = room
	l.offset = ui.ScrollOffset(at, l.offset, room, len(l.all))
	query, matcher := match.Parse(r.filter.Value()), match.NewMatcher()
	for n := l.offset; n < min(len(l.all), l.offset+room); n++ {
		here := n == at && len(l.stops) > 0
		row := r.headingLine(l.all[n], here, width)
		if b := l.all[n].binding; b != nil {
			row = r.bindingLine(b, matcher.Marks(query, &b.searchText), widths, here, width)
		}
		lines = append(lines, ui.MarkedLine(ui.PaneRows, n, row))
	}
	if part {
		lines = append(lines, "   "+r.Styles.Dim.Render(fmt.Sprintf(signs.More+" lines %d to %d of %d", l.offset+1, l.offset+room, len(l.all))))
	}
	return lines
}

// emptyLines say why there is nothing.
func (r *Screen) emptyLines(width int) (lines []string) {
	words := "Nobody may pull from here, as far as it could be read."
	switch {
	case r.Busy || r.reading.err != nil:
		return nil
	case r.filter.Value() != "":
		words = r.Keys.WhyNothingFits()
	case r.reading.stopped:
		words = "Nothing was read before it was stopped."
	}
	for _, l := range cells.Wrap(words, width-6) {
		lines = append(lines, "   "+r.Styles.Dim.Render(l))
	}
	return lines
}

// headingLine is a heading with its count. The one that is folded says what is behind it.
func (r *Screen) headingLine(l line, here bool, width int) string {
	name := fmt.Sprintf("%s  %d", sectionNames[l.heading], l.count)
	if l.heading != notJudged {
		return "   " + r.Styles.Bold.Render(name)
	}
	more := "  " + notJudgedText(r.result.bindings)
	switch {
	case r.filter.Value() != "": // it is open, and not all of it is there
		more = ""
	case r.open:
		more += "; " + r.Keys.Symbol(ui.IntentWalk, false) + " closes"
	default:
		more += "; " + r.Keys.Symbol(ui.IntentWalk, false) + " opens"
	}
	row := r.newRow(here, consumers, width)
	row.Write(&r.Styles.Bold, name)
	row.Write(&r.Styles.Dim, cells.Cut(more, width-1-row.Used()))
	return row.String()
}

// newRow begins a row of a pane. The cursor of a pane that has the keys is a bar, and else a sign.
func (r *Screen) newRow(here bool, at pane, width int) *ui.Row {
	if !here || r.focus == at {
		return r.Styles.NewRow(rowIndent, width, here)
	}
	row := r.Styles.NewRow(0, width, false)
	row.Write(&r.Styles.Accent, r.Styles.Cursor(rowIndent))
	return row
}

// bindingLine is a binding: selected or not, its word, and its columns.
func (r *Screen) bindingLine(b *binding, marks [][]bool, widths [columnCount]int, here bool, width int) string {
	box := "    "
	switch {
	case r.selected[b.id]:
		box = "[x] "
	case b.whyKept() == "":
		box = "[ ] "
	}
	columns := r.columnsOf(b)
	sign, word := b.mark()
	word = cells.Fit(sign+" "+word, wordWidth)
	style := b.style(r.Styles)
	row := r.newRow(here, consumers, width)
	row.Write(nil, box)
	row.Write(&style, word)
	for n, c := range columns {
		if widths[n] == 0 {
			continue
		}
		var marked []bool
		if n < len(marks) {
			marked = marks[n]
		}
		row.Write(nil, "  ")
		row.WriteMarked(nil, cells.Fit(c, widths[n]), marked)
	}
	return strings.TrimRight(row.String(), " ")
}

// columnsOf are the columns of a binding. The repository that was chosen needs no name in each of them.
func (r *Screen) columnsOf(b *binding) [columnCount]string {
	columns := b.columns
	if r.sources.chosen() == b.Resource {
		columns[columnGrant] = text.Clean(roleText(b.StaleBinding))
	}
	return columns
}

// joinColumns puts columns side by side.
func joinColumns(columns [columnCount]string, widths [columnCount]int) string {
	var shown []string
	for n, c := range columns {
		if widths[n] > 0 {
			shown = append(shown, cells.Fit(c, widths[n]))
		}
	}
	return strings.Join(shown, "  ")
}

// columnWidths shares the width among the columns. A narrow list goes without what uses a binding; the widest column gives way.
func (l *lines) columnWidths(room int) [columnCount]int {
	widths := l.widths
	for n, name := range columnNames {
		widths[n] = max(widths[n], len(name))
	}
	const narrow, gaps = 44, 2 * (columnCount - 1)
	if room < narrow {
		widths[columnUse] = 0
	}
	for {
		sum, widest := gaps, 0
		for n, w := range widths {
			sum += w
			if w > widths[widest] {
				widest = n
			}
		}
		if sum <= room || widths[widest] <= 8 {
			return widths
		}
		widths[widest]--
	}
}
