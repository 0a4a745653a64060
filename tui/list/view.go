package list

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// ClearOrBack goes back, or at first clears the filter.
func (p *List) ClearOrBack() ui.Binding {
	if p.inPane() {
		return bindList
	}
	if p.filter.Value() != "" {
		return ui.Binding{Intent: ui.IntentClear, KeysFrom: ui.IntentBack, Help: "clear filter"}
	}
	return ui.BindBack
}

// Bindings are the keys of a list.
func (p *List) Bindings() []ui.Binding {
	reread := ui.Binding{Intent: ui.IntentReread, Help: "refresh", Hidden: p.err == nil}
	sort := ui.Binding{Intent: ui.IntentSort, Help: "sort", LongHelp: p.sortHelp()}
	bindings := []ui.Binding{ui.BindChoose.DisabledIf(p.whyNoChoice()), p.moveBinding(), p.ClearOrBack(), reread}
	if len(p.Orders) > 0 {
		bindings = append(bindings, sort)
	}
	if p.Preview != nil {
		bindings = append(bindings, p.paneBinding())
	}
	return append(append(bindings, ui.BindStop), ui.PagingBindings...)
}

// whyNoChoice says why nothing can be chosen; empty: something can.
func (p *List) whyNoChoice() string {
	_, ok := p.Current()
	switch {
	case ok || p.results.pending: // the choice waits for the search
		return ""
	case p.filter.Value() != "":
		return "nothing fits the filter"
	}
	return "nothing is listed"
}

// moveBinding moves through the rows, or the lines of the preview.
func (p *List) moveBinding() ui.Binding {
	if p.inPane() {
		return ui.BindMove.HiddenIf(!p.pane.scrolls)
	}
	return ui.MoveIn(len(p.results.rows) + len(p.lastShown))
}

// sortHelp says what a list can be sorted by.
func (p *List) sortHelp() string {
	names := make([]string, len(p.Orders))
	for n, o := range p.Orders {
		names[n] = o.Name
	}
	return "sort by " + strings.Join(names, ", ") + "; then as it was"
}

// filterHelp says what the filter understands, for the help.
var filterHelp = []string{
	"a b      both words, in any order; the letters of a word need not stand together",
	"'a       the word as it is spelled",
	"^a       a column begins with it",
	"a$       a column ends with it",
	"!a       not this word; also !^a and !a$",
}

// Legend explains the filter.
func (p *List) Legend() (heading string, lines []string) {
	return "What the filter understands", filterHelp
}

// Breadcrumb says where the list stands.
func (p *List) Breadcrumb() string { return p.Styles.Breadcrumb(p.Trail) }

// The widths from which on a preview stands behind the list, and of which it is.
const (
	previewFrom     = 110
	minPreviewWidth = 42
	maxPreviewWidth = 90 // a longer line is hard to read across
)

func hasPreviewRoom(width int) bool { return width >= previewFrom }

// View draws the filter, the lines around the cursor, and what could not be read; in a wide window the preview behind them.
func (p *List) View(width, height int) string {
	lines := []string{"", "  " + p.Styles.Bold.Render(cells.Cut(p.Heading, width-3)), p.FilterLine(p.CountText(), width), p.progressLine(width)}
	room := max(1, height-len(lines))
	if p.Preview == nil || !hasPreviewRoom(width) {
		body := p.body(width, room)
		return strings.Join(append(append(lines, body...), p.wholeRow(width, room-len(body))...), "\n")
	}
	pane := p.paneWidth(width)
	return strings.Join(append(lines, p.besidePreview(p.body(width-pane-1, room), width, pane, room)...), "\n")
}

// paneWidth is the width of the preview: what the columns leave, up to a half. It says again what the row under the cursor has no
// room for, while the columns are read for every row.
func (p *List) paneWidth(width int) int {
	return max(minPreviewWidth, min(maxPreviewWidth, width/2, width-1-p.usedWidth(width-1-minPreviewWidth)))
}

// progressLine says how far the badges are, in the line above the list.
func (p *List) progressLine(width int) string {
	if p.Progress == "" {
		return ""
	}
	return strings.Repeat(" ", rowIndent) + p.Styles.Dim.Render(cells.Cut(p.Progress, width-rowIndent-rowMargin))
}

// besidePreview puts the preview behind the lines of a list.
func (p *List) besidePreview(left []string, width, pane, height int) []string {
	right, bar := p.paneLines(pane-3, height), p.Styles.Frame
	if p.inPane() {
		bar = p.Styles.Accent
	}
	lines := make([]string, height)
	frame := ui.MarkedLine(ui.PanePreview, ui.NoRow, bar.Render(signs.Vertical))
	for n := range lines {
		if n < len(left) {
			lines[n] = left[n]
		}
		lines[n] = cells.Fit(lines[n], width-pane-1) + " " + frame
		if n < len(right) {
			lines[n] += " " + cells.Cut(right[n], pane-3)
		}
	}
	return lines
}

// body is the list with its head, and below it what could not be read.
func (p *List) body(width, room int) []string {
	widths := p.layout(width)
	head := Item{Cells: p.Columns}
	row := p.Styles.NewRow(0, width, false)
	p.writeBadge(row, Badge{Text: p.badges.head})
	p.writeCells(row, &head, widths, width-rowIndent-rowMargin-p.badgeRoom())
	lines := []string{strings.Repeat(" ", rowIndent) + p.Styles.Dim.Render(row.String())}
	if p.state().Empty {
		lines = nil
	}
	notes := p.Notes(width)
	return append(append(lines, p.rowLines(widths, width, max(1, room-len(lines)-len(notes)))...), notes...)
}

// FilterLine is the filter and, at its right, how many lines there are.
func (p *List) FilterLine(count string, width int) string {
	room := width - 4 - cells.Width(count) - 2
	ui.ResizeInput(&p.filter, max(1, min(room, maxFilterWidth)))
	return "  " + cells.Justify(p.Styles.FieldView(&p.filter), p.Styles.Dim.Render(count), width-4)
}

const maxFilterWidth = 40

// CountText says how many there are, as far as they could be listed, and how they are sorted.
func (p *List) CountText() string {
	if p.Busy && p.listedCount == 0 {
		return "reading " + p.Spinner.Sign()
	}
	count := text.CountNoun(p.listedCount, p.noun)
	lacking := len(p.openGaps()) > 0 || p.err != nil
	switch {
	case lacking && p.listedCount == 0:
		return text.Plural(p.noun) + " could not be listed"
	case p.filter.Value() != "" || p.results.listedCount != p.listedCount:
		count = fmt.Sprintf("%d of %s", p.results.listedCount, count)
	case lacking:
		count += ", some could not be listed"
	}
	count += p.sortName()
	if p.Busy {
		count += ", reading " + p.Spinner.Sign()
	}
	return count
}

// Rows draws the part of the list around the cursor, and says which part that is where it is not the whole.
func (p *List) Rows(width, room int) []string {
	return p.rowLines(p.layout(width), width, room)
}

// drawItem draws an item, as the screen that uses the list wants it.
func (p *List) drawItem(i *Item, widths []int, underCursor bool, width int) string {
	if p.DrawItem != nil {
		return p.DrawItem(*i, underCursor, width)
	}
	return p.itemLine(i, widths, underCursor, width)
}

// emptyLines say why there is no row, and what helps. Where there are rows, or may be soon, nothing is said.
func (p *List) emptyLines(width int) []string {
	if len(p.results.rows) > 0 || p.Busy || p.err != nil || p.filter.Value() != "" && len(p.lastShown) > 0 {
		return nil
	}
	var lines []string
	for _, l := range cells.Wrap(p.emptyText(), width-6) {
		lines = append(lines, "    "+p.Styles.Dim.Render(l))
	}
	if len(p.lastShown) > 0 {
		lines = append(lines, "")
	}
	return lines
}

func (p *List) emptyText() string {
	if p.filter.Value() != "" {
		if p.whyNotTyped != "" {
			return p.whyNotTyped + " " + p.Keys.Symbol(ui.IntentBack, true) + " clears the line."
		}
		return p.Keys.WhyNothingFits()
	}
	if state := p.state(); p.EmptyText != nil && state.Empty {
		return p.EmptyText(state)
	}
	if len(p.gaps) > 0 {
		return "Nothing could be listed."
	}
	return "No " + text.Plural(p.noun) + " that you may see." + p.EmptyHint
}

// openGaps are those that the list itself does not say already: its own text tells that the API is off.
func (p *List) openGaps() []model.Gap {
	if p.EmptyText != nil && p.state().Off {
		return nil
	}
	return p.gaps
}

// Notes say what could not be read, below the list: first of all what ended it, and what to do about that.
func (p *List) Notes(width int) []string {
	var lines []string
	if p.err != nil {
		lines = append(lines, p.ErrorLines(p.err, true, width-2)...)
	}
	const maxGaps = 4
	gaps := p.openGaps()
	for _, g := range gaps[:min(len(gaps), maxGaps)] {
		lines = append(lines, noteLines(p.Styles.Verdicts[model.Unknown].Render("? "), ui.GapText(g), width)...)
	}
	if more := len(gaps) - maxGaps; more > 0 {
		lines = append(lines, noteLines(p.Styles.Verdicts[model.Unknown].Render("? "), fmt.Sprintf("and %d more of this kind", more), width)...)
	}
	nexts := model.AdviceInApp(gaps, p.KeyNames(true))
	for _, n := range nexts[:min(len(nexts), 2)] {
		lines = append(lines, noteLines(p.Styles.Dim.Render(signs.Next+" "), n.String(), width)...)
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
