package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Menu asks which of several things is wanted. The arrows choose and enter takes. No letter takes a row: each has a meaning on
// the screen below.
type Menu struct {
	Title string
	Body  func(t *Styles, width int) []string // a text above the rows; nil: none
	Rows  []MenuRow

	PagingKeys string // those that scroll the text, for a sentence

	parent *Menu // the menu that opened this one; esc goes back to it
	cursor int
	offset int
	scroll int // the first line of the body that is shown
	room   int // how many rows were drawn last
}

// MenuRow is one thing that a menu offers.
type MenuRow struct {
	Label  string
	Detail string         // shown at the right, and in full below where it does not fit there
	WhyOff string         // why the row does nothing now; empty: it works
	Take   func() tea.Cmd // what enter does
	Open   func() *Menu   // the menu that enter opens instead; nil: none
}

// NewMenu is a menu of some rows. The cursor is on the first one that works.
func NewMenu(title string, rows ...MenuRow) *Menu {
	return &Menu{Title: title, Rows: rows, cursor: max(0, slices.IndexFunc(rows, func(r MenuRow) bool { return r.WhyOff == "" }))}
}

// UndoMenu asks whether a step or everything of a run is taken back. It changes nothing: each of them asks.
func UndoMenu(step, all MenuRow) *Menu {
	step.Label, all.Label = "this step", "everything of this run"
	return NewMenu("Undo", step, all)
}

// ShowMenu asks the root to show a menu.
func ShowMenu(m *Menu) tea.Cmd { return func() tea.Msg { return MenuMsg{m} } }

// Bindings are the keys of a menu.
func (m *Menu) Bindings() []Binding {
	back := BindBack
	if m.parent == nil {
		back.Help = "close"
	}
	isOff := len(m.Rows) > 0 && m.Rows[m.cursor].WhyOff != ""
	return append([]Binding{BindChoose.HiddenIf(isOff), MoveIn(len(m.Rows)), back, BindStop}, PagingBindings...)
}

// Handle moves through the rows.
func (m *Menu) Handle(i Intent) {
	const page = 5
	if by, pages := map[Intent]int{IntentPageUp: -page, IntentPageDown: page}[i]; pages && m.Body != nil {
		m.scroll += by
		return
	}
	m.cursor = MoveCursor(i, m.cursor, len(m.Rows), page)
}

// Choose takes the row under the cursor. It gives what follows, and the menu that is shown then: nil closes it. A row that is
// off says why, and the menu stays.
func (m *Menu) Choose() (tea.Cmd, *Menu) {
	row := m.Rows[m.cursor]
	switch {
	case row.WhyOff != "":
		return Notice(row.WhyOff), m
	case row.Open != nil:
		next := row.Open()
		next.parent = m
		return nil, next
	}
	return row.Take(), nil
}

// Parent is the menu that opened this one; nil: a screen did.
func (m *Menu) Parent() *Menu { return m.parent }

// Point puts the cursor on a row that was clicked. It reports whether it was there before.
func (m *Menu) Point(at Spot) (chosen bool) {
	if at.Pane != PaneRows {
		return false
	}
	chosen = at.Row == m.cursor
	m.cursor = at.Row
	return chosen
}

// Wheel moves the rows. The cursor stays where it is, as long as that is in sight.
func (m *Menu) Wheel(lines int) {
	m.cursor, m.offset = ScrollBy(lines, m.cursor, m.offset, m.room, len(m.Rows))
}

const (
	maxMenuWidth = 120 // a longer line is hard to read across
	minMenuWidth = 40
	bodyWidth    = 90 // of a text above the rows
	menuMargin   = 6  // what is left free at the sides, with the frame
	menuGap      = 2  // between a label and its detail
	markWidth    = 2  // of the mark in front of the row under the cursor
)

// View draws the menu in its frame, for the middle of a screen of that size. It spans more lines where another row has more to say.
func (m *Menu) View(t *Styles, width, height int) (box []string, span int) {
	label, inner := m.widths(width)
	details, tallest := m.fullDetails(label, inner)
	room := height - frameHeight
	list := max(1, min(len(m.Rows), room-min(2*tallest, 2)))
	body := m.bodyLines(t, inner, room-list)
	airy := room >= len(body)+list+tallest+4
	var lines []string
	if airy {
		lines = append(lines, "")
	}
	lines = append(lines, body...)
	m.room = list
	m.offset = ScrollOffset(m.cursor, m.offset, list, len(m.Rows))
	for n := m.offset; n < m.offset+list; n++ {
		lines = append(lines, MarkedLine(PaneRows, n, m.rowLine(t, n, label, inner)))
	}
	free := max(room-len(lines)-1, 0)
	if tallest > 0 {
		span = min(tallest, free) - min(len(details[m.cursor]), free)
	}
	if detail := clipLines(details[m.cursor], free, inner); len(detail) > 0 {
		lines = append(append(lines, ""), detail...)
	} else if tallest > 0 {
		span++
	}
	if airy {
		lines = append(lines, "")
	}
	title := m.Title
	if list < len(m.Rows) {
		title += fmt.Sprintf("  %d-%d of %d", m.offset+1, m.offset+list, len(m.Rows))
	}
	box = t.Framed(title, lines, inner)
	return box, span + len(box)
}

// bodyLines are the part of the body that fits above the rows, and a blank line.
func (m *Menu) bodyLines(t *Styles, inner, room int) []string {
	if m.Body == nil {
		return nil
	}
	return append(t.VisibleLines(m.Body(t, inner), &m.scroll, room-1, m.PagingKeys), "")
}

// widths are the widths of the labels and of what is inside the frame.
func (m *Menu) widths(width int) (label, inner int) {
	natural := cells.Width(m.Title)
	for _, r := range m.Rows {
		label = max(label, cells.Width(r.Label))
	}
	for _, r := range m.Rows {
		natural = max(natural, markWidth+label+menuGap+cells.Width(r.shownDetail()))
	}
	if m.Body != nil {
		natural = max(natural, bodyWidth)
	}
	return label, max(min(natural+1, width-menuMargin-4, maxMenuWidth), min(minMenuWidth, width-menuMargin))
}

// shownDetail is what stands behind the label: why the row is off, or the first line of the detail.
func (r MenuRow) shownDetail() string {
	if r.WhyOff != "" {
		return text.Clean(r.WhyOff)
	}
	first, _, more := strings.Cut(r.Detail, "\n")
	if more {
		first += " " + signs.More
	}
	return text.Clean(first)
}

// fullDetails are those that don't fit behind their labels, each in its lines, and how many lines the longest has. A menu with a
// text has no room for them.
func (m *Menu) fullDetails(label, inner int) (all [][]string, tallest int) {
	all = make([][]string, len(m.Rows))
	for n, r := range m.Rows {
		full := cmp.Or(r.WhyOff, r.Detail)
		if m.Body != nil || !strings.Contains(full, "\n") && markWidth+label+menuGap+cells.Width(full) <= inner {
			continue
		}
		for line := range strings.Lines(full) {
			all[n] = append(all[n], wrapNonEmpty(strings.TrimRight(line, "\n"), inner)...)
		}
		tallest = max(tallest, len(all[n]))
	}
	return all, tallest
}

// rowLine is one row.
func (m *Menu) rowLine(t *Styles, n, label, inner int) string {
	r := m.Rows[n]
	name := cells.Fit(text.Clean(r.Label), label) + strings.Repeat(" ", menuGap)
	detail := cells.Cut(r.shownDetail(), inner-markWidth-label-menuGap)
	row, style := t.NewRow(markWidth, inner, n == m.cursor), (*lipgloss.Style)(nil)
	if r.WhyOff != "" {
		style = &t.Dim
	}
	row.Write(style, name)
	row.Write(&t.Dim, detail)
	return row.String()
}

// clipLines are at most so many lines, the last with a sign where there are more.
func clipLines(lines []string, count, width int) []string {
	if len(lines) <= count || count == 0 {
		return lines[:min(len(lines), count)]
	}
	return append(lines[:count-1:count-1], cells.Cut(lines[count-1]+" "+signs.More, width))
}
