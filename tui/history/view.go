package history

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// Bindings are the keys of the history. While the filter takes letters there are few.
func (h *Screen) Bindings() []ui.Binding {
	if h.Typing() {
		return ui.TypingBindings()
	}
	return []ui.Binding{
		ui.ChangeBinding(ui.IntentUndo, "undo", "asks first", h.whyNothing()),
		ui.Binding{Intent: ui.IntentChoose, Help: "take back", Hidden: true}.DisabledIf(h.whyNothing()),
		ui.Binding{Intent: ui.IntentExplain, Help: "explain", LongHelp: "explain this change: who, what, why"}.DisabledIf(h.whyNoExplanation()),
		{Intent: ui.IntentFilter, Help: "filter"},
		h.filter.ClearOrBack(), ui.MoveIn(len(h.rows)),
		ui.Binding{Intent: ui.IntentCopy, Help: "copy", Hidden: true}.DisabledIf(h.Copyables().WhyNone()),
		{Intent: ui.IntentReread, Help: "refresh"},
		ui.BindQuit,
		{Intent: ui.IntentPageUp, Opposite: ui.IntentPageDown, Help: "scroll the details", Hidden: true},
		{Intent: ui.IntentFirst, Opposite: ui.IntentLast, Help: "first, last", Hidden: true},
	}
}

// Legend explains the states.
func (h *Screen) Legend() (heading string, lines []string) {
	for _, m := range ledger.Meanings() {
		lines = append(lines, m.State.Sign()+" "+string(m.State)+"  "+m.Words)
	}
	return "How a change ended", lines
}

// style is the colour of a state; its word says the same.
func (h *Screen) style(s ledger.State) lipgloss.Style {
	switch s {
	case ledger.StateDone:
		return h.Styles.Verdicts[model.Granted]
	case ledger.StateFailed:
		return h.Styles.Verdicts[model.Missing]
	case ledger.StateUndone:
		return h.Styles.Plain
	}
	return h.Styles.Verdicts[model.Unknown]
}

// From this width on the details stand behind the list.
const wide = 110

// View draws the list and what there is to say about the chosen row.
func (h *Screen) View(width, height int) string {
	lines := append([]string{"", "  " + cells.Justify(h.Styles.Bold.Render("What whopulls changed"), h.Styles.Dim.Render(h.Styles.Signs.Text(h.countText())), width-4)}, h.filter.Lines(width)...)
	lines = append(append(lines, h.notes(width)...), "")
	room := max(1, height-len(lines))
	switch {
	case len(h.rows) == 0:
		return strings.Join(append(lines, h.emptyLines(width)...), "\n")
	case width >= wide:
		return strings.Join(append(lines, h.sideBySide(width, room)...), "\n")
	}
	list := min(len(h.rows), max(3, room/2))
	detail := h.detail(width)
	lines = append(append(lines, h.rowLines(width, list)...), "")
	lines = append(lines, h.Styles.VisibleLines(detail, &h.detailOffset, room-list-1, h.PagingKeys(false))...)
	return strings.Join(lines, "\n")
}

// sideBySide draws the details behind the list.
func (h *Screen) sideBySide(width, room int) []string {
	left := max(width*11/20, min(h.widest+1, width-minDetailWidth))
	detail := h.Styles.VisibleLines(h.detail(width-left-2), &h.detailOffset, room, h.PagingKeys(false))
	return h.Styles.SideBySide(h.rowLines(left-1, room), detail, left, width, room)
}

// minDetailWidth is what the details keep where the rows need more than their share.
const minDetailWidth = 72

// widestRow is the width that the rows need.
func (h *Screen) widestRow() (widest int) {
	for _, r := range h.all {
		indent, mark, words := h.rowParts(r)
		widest = max(widest, rowIndent+cells.Width(indent+mark+words)+1)
	}
	return widest
}

// countText says how many there are, or what is being looked at.
func (h *Screen) countText() string {
	switch {
	case h.looking:
		return "looking at what was left open " + h.Spinner.Sign()
	case h.Busy:
		return "reading " + h.Spinner.Sign()
	case len(h.all) == 0:
		return ""
	}
	changes := len(h.history.Entries)
	runs, all := text.CountNoun(len(h.all)-changes, "run"), text.CountNoun(changes, "change")
	if !h.isFiltered() {
		return runs + ", " + all
	}
	shown := shownChanges(h.rows)
	return fmt.Sprintf("%d of %s, %d of %s", len(h.rows)-shown, runs, shown, all)
}

// shownChanges counts the rows that are changes.
func shownChanges(rows []row) (count int) {
	for _, r := range rows {
		if !r.isRun {
			count++
		}
	}
	return count
}

// notes are what holds for the whole list.
func (h *Screen) notes(width int) (lines []string) {
	add := func(sign, words string) {
		for _, l := range cells.Wrap(words, width-6) {
			lines, sign = append(lines, "  "+sign+l), "  "
		}
	}
	doubt := h.Styles.Verdicts[model.Unknown].Render("? ")
	if h.settled != "" {
		add(h.Styles.Accent.Render(h.Styles.Signs.Picture(signs.Next)+" "), h.settled)
	}
	if h.links.Ends != nil && h.links.Ends() {
		add(h.Styles.Dim.Render(signs.Dot+" "), "The journal of a sandbox inside the program ends with it.")
	}
	if h.history.Torn > 0 {
		add(doubt, "left out: "+text.CountNoun(h.history.Torn, "line")+" of the journal, cut off or damaged")
	}
	if h.history.Newer > 0 {
		add(doubt, "left out: "+text.CountNoun(h.history.Newer, "line")+" of a newer whopulls")
	}
	if h.err != nil {
		lines = append(lines, h.ErrorLines(h.err, false, width-2)...)
	}
	return lines
}

func (h *Screen) emptyLines(width int) (lines []string) {
	words := "Nothing was changed yet. Each change that you make from here or from the command line stands here, and can be taken back."
	switch {
	case h.isFiltered() && len(h.all) > 0:
		words = h.Keys.WhyNothingFits()
	case h.Busy || h.err != nil:
		return nil
	}
	for _, l := range cells.Wrap(words, width-6) {
		lines = append(lines, "    "+h.Styles.Dim.Render(l))
	}
	return lines
}

// rowLines draws the part of the list around the cursor.
func (h *Screen) rowLines(width, room int) (lines []string) {
	part := len(h.rows) > room && room > 1
	if part {
		room--
	}
	h.room = room
	h.offset = ui.ScrollOffset(h.cursor, h.offset, room, len(h.rows))
	for n := h.offset; n < min(len(h.rows), h.offset+room); n++ {
		lines = append(lines, ui.MarkedLine(ui.PaneRows, n, h.rowLine(h.rows[n], n == h.cursor, width)))
	}
	if part {
		lines = append(lines, "    "+h.Styles.Dim.Render(h.Styles.Signs.Text(signs.More)+fmt.Sprintf(" lines %d to %d of %d", h.offset+1, h.offset+room, len(h.rows))))
	}
	return lines
}

// rowLine is a row, with the letters that were looked for marked. What another cloud holds is faint.
func (h *Screen) rowLine(r row, underCursor bool, width int) string {
	indent, mark, words := h.rowParts(r)
	state, style := h.style(r.first().State), (*lipgloss.Style)(nil)
	switch {
	case r.first().Target != h.origin:
		state, style = h.Styles.Dim, &h.Styles.Dim
	case r.isRun:
		style = &h.Styles.Bold
	}
	line := h.Styles.NewRow(rowIndent, width, underCursor)
	line.Write(nil, indent)
	line.Write(&state, mark)
	line.WriteMarked(style, cells.Cut(words, max(1, width-line.Used()-1)), h.marks(r))
	return line.String()
}

// marks are the letters of a row's words that were looked for.
func (h *Screen) marks(r row) []bool {
	if marks := h.matcher.Marks(h.query, &r.searchText); len(marks) > 0 {
		return marks[0]
	}
	return nil
}

// rowIndent is what stands before a run. A change stands further in.
const rowIndent = 4

// rowParts are what a row says: of a run when it was, of a change how it ended and what it was.
func (h *Screen) rowParts(r row) (indent, mark, words string) {
	if r.isRun {
		return "", "", h.runText(r)
	}
	e := r.first()
	return "  ", cells.Fit(e.State.Sign()+" "+string(e.State), stateWidth) + "  ", stepText(e)
}

// stateWidth is that of the widest state with its sign.
const stateWidth = len("x intended")

// stepText names a change: a role in its last word, since that and the member tell changes apart. In full it stands in the details.
func stepText(e ledger.Entry) string {
	verb, to := "Grant ", " to "
	switch e.Kind {
	case model.StepGrant:
	case model.StepRevoke:
		verb, to = "Remove ", " from "
	default:
		return text.Clean(e.Step().Heading())
	}
	return text.Clean(verb + ui.ShortRole(e.Role) + " on " + model.Describe(e.Resource, nil) + to + ui.MemberName(e.Member))
}

// runText says when a run was, who made it, for which project, and what it took back.
func (h *Screen) runText(r row) string {
	e := r.first()
	parts := []string{timeText(e.Time)}
	if e.Target != h.origin {
		parts = append(parts, "in another cloud: "+e.Target)
	}
	if e.Undoes != "" {
		parts = append(parts, "takes back "+h.undoneName(e.Undoes))
	}
	if e.Account != "" {
		parts = append(parts, ui.MemberName(model.Member(e.Account)))
	}
	if e.Project != "" {
		parts = append(parts, "for "+e.Project)
	}
	return text.Clean(strings.Join(parts, "  "))
}

// undoneName is when an entry was made that was taken back.
func (h *Screen) undoneName(id string) string {
	if e, ok := h.history.Find(id); ok {
		return timeText(e.Time)
	}
	return id
}

func timeText(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }
