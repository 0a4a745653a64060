package cleanup

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/list"
	"whopulls/tui/ui"
)

// Bindings are the keys of the list.
func (c *Screen) Bindings() []ui.Binding {
	count, _ := c.selectedBindings()
	return []ui.Binding{
		{Intent: ui.IntentSelect, Help: "select"},
		ui.Binding{Intent: ui.IntentWalk, Help: c.walkHelpText(len(count))}.DisabledIf(c.whyNoRemoval(len(count))),
		{Intent: ui.IntentStatus, Help: "next status", LongHelp: "show the bindings of the next status alone"},
		c.BackBinding(),
		{Intent: ui.IntentSelectAll, Help: "all of a status"},
		ui.BindCopy, ui.BindMove,
		{Intent: ui.IntentReread, Help: "refresh", Hidden: true},
		{Intent: ui.IntentPageUp, Opposite: ui.IntentPageDown, Help: "scroll the text below", Hidden: true},
		{Intent: ui.IntentFirst, Opposite: ui.IntentLast, Help: "first, last", Hidden: true},
		ui.BindStop,
	}
}

// walkHelpText say what the walk through the selected bindings is.
func (c *Screen) walkHelpText(count int) string {
	switch hidden := count - c.shownSelectedCount(); {
	case count == 0:
		return "remove"
	case c.ReadOnly:
		return "look at " + text.CountNoun(count, "removal")
	case hidden > 0:
		return fmt.Sprintf("remove %d, %d not shown (asks first)", count, hidden)
	}
	return fmt.Sprintf("remove %d (asks first)", count)
}

// The list keeps minListLines lines, however much is said below it, and on a high screen leaves maxDetailLines lines for that.
const (
	minListLines   = 3
	maxDetailLines = 16
)

// View draws the list, and below it what is said about the chosen binding.
func (c *Screen) View(width, height int) string {
	count := c.selectionCountText()
	lines := []string{"",
		"  " + cells.Justify(c.Styles.Bold.Render(c.Heading), c.Styles.Dim.Render(c.statusText()), width-4),
		c.FilterLine(count, width), "",
		c.Styles.Dim.Render(cells.Fit("        STATUS", prefixWidth) + c.cellsRow(c.Columns, width))}
	notes := c.Notes(width)
	detail := c.bindingDetail(width)
	room := height - len(lines) - len(notes) - 1
	list := min(max(minListLines, room/2, room-maxDetailLines), max(1, len(c.Shown()))) // whatever is said, so that the list stands still
	lines = append(lines, c.Rows(width, list)...)
	lines = append(lines, "")
	lines = append(lines, c.Styles.VisibleLines(detail, &c.detailOffset, room-list, c.PagingKeys(true))...)
	return strings.Join(append(lines, notes...), "\n")
}

// statusText says which statuses are.
func (c *Screen) statusText() string {
	if c.onlyStatus == "" {
		return "every status"
	}
	return string(c.onlyStatus) + " alone"
}

func (c *Screen) selectionCountText() string {
	text := c.CountText()
	if chosen, _ := c.selectedBindings(); len(chosen) > 0 && !c.Busy {
		text += fmt.Sprintf(", %d selected", len(chosen))
		if hidden := len(chosen) - c.shownSelectedCount(); hidden > 0 {
			text += fmt.Sprintf(", %d of them not shown", hidden)
		}
	}
	return text
}

// shownSelectedCount counts the selected bindings that the list shows.
func (c *Screen) shownSelectedCount() (n int) {
	for _, i := range c.Shown() {
		if c.selected[i.ID] {
			n++
		}
	}
	return n
}

// staleMark is the sign of a status, which is the word next to it.
func staleMark(t *ui.Styles, s model.StaleStatus) (sign string, style lipgloss.Style) {
	switch s {
	case model.StaleActive:
		return ui.VerdictSigns[model.Granted], t.Verdicts[model.Granted]
	case model.StaleUnknown:
		return ui.VerdictSigns[model.Unknown], t.Verdicts[model.Unknown]
	case model.StaleExcessive:
		return "!", t.Verdicts[model.Unknown]
	case model.StalePublic:
		return "!", t.Verdicts[model.Missing]
	}
	return ui.VerdictSigns[model.Missing], t.Verdicts[model.Missing]
}

// Legend explains what the list has next to each binding, in the words of the reports.
func (c *Screen) Legend() (heading string, lines []string) {
	for _, m := range model.StaleMeanings {
		sign, _ := staleMark(c.Styles, m.Status)
		lines = append(lines, sign+" "+string(m.Status)+"  "+m.Words)
	}
	return "Whether a binding serves anyone", lines
}

// statusWidth is that of the widest status with its sign.
const statusWidth = len("x redundant")

// itemLine is a binding in the list: selected or not, status, member, role, level.
func (c *Screen) itemLine(i list.Item, underCursor bool, width int) string {
	b := i.Value.(judgedBinding)
	box := "    "
	switch {
	case c.selected[i.ID]:
		box = "[x] "
	case b.whyKept() == "":
		box = "[ ] "
	}
	sign, style := staleMark(c.Styles, b.Status)
	marker, textStyle := "  ", c.Styles.Plain
	if underCursor {
		marker, textStyle = c.Styles.Accent.Render(signs.Cursor+" "), c.Styles.Bold
	}
	return "  " + marker + textStyle.Render(box) + style.Render(cells.Fit(sign+" "+string(b.Status), statusWidth)) + "  " +
		textStyle.Render(c.cellsRow(i.Cells, width))
}

// prefixWidth is what stands before the cells of a line: the cursor, the box and the status.
const prefixWidth = len("  > [ ] ") + statusWidth + 2

// cellsRow puts the columns side by side. A narrow line drops the agent's project first, then the end of the
// member, then the level. All of it is shown in full below the list.
func (c *Screen) cellsRow(columns []string, width int) string {
	const wide, narrow, edge = 110, 72, 2
	role, level, owner := min(c.Widths[2], 22), min(c.Widths[3], 12), min(c.Widths[4], 30)
	if width < narrow {
		role = min(role, 12)
	}
	room := width - prefixWidth - edge - role - 2
	text := cells.Fit(columns[2], role)
	if width >= narrow {
		room -= level + 2
		text += "  " + cells.Fit(columns[3], level)
	}
	if width >= wide {
		room -= owner + 2
		text += "  " + cells.Cut(columns[4], owner)
	}
	return strings.TrimRight(cells.Fit(columns[0], max(8, min(c.Widths[0], room)))+"  "+text, " ")
}

// bindingDetail is what there is to say about the binding below the cursor: why, on what evidence, and what its removal changes.
func (c *Screen) bindingDetail(width int) []string {
	_, j, ok := c.current()
	if !ok {
		return nil
	}
	levels := j.situation.Ancestry[c.repository.Project].Value
	sign, style := staleMark(c.Styles, j.Status)
	b := &ui.Block{Styles: c.Styles, Width: width}
	word := sign + " " + string(j.Status)
	indent := cells.Width(word) + 4
	for n, l := range cells.Wrap(j.Role+" on "+model.Describe(j.Resource, levels), width-indent-2) {
		lead := strings.Repeat(" ", indent)
		if n == 0 {
			lead = "  " + style.Render(word) + "  "
		}
		b.Add(lead + c.Styles.Bold.Render(l))
	}
	b.Para("member ", string(j.Member))
	if j.Condition != nil {
		b.Para("where  ", j.Condition.Text())
	}
	c.addGrounds(b, j, levels)
	c.addPreview(b, j)
	return b.Lines
}

// addGrounds are what the status rests on, or what keeps it open.
func (c *Screen) addGrounds(b *ui.Block, j judgedBinding, levels []model.Ancestor) {
	b.Para("why    ", j.Reason)
	for _, also := range j.AlsoHolds {
		b.Para("also   ", string(also))
	}
	if j.Higher != nil {
		b.Para("higher ", j.Higher.Role+" on "+model.Describe(j.Higher.Resource, levels))
	}
	for _, u := range j.Evidence {
		b.Para("used   ", strings.TrimPrefix(u.Sentence(), "used "))
	}
	for _, g := range j.Gaps {
		if text := ui.GapBeyond(g, j.Reason); text != "" {
			b.Para("unread ", text)
		}
	}
	for _, next := range model.AdviceFor(j.Gaps) {
		b.Para("helps  ", next.String())
	}
}

// addPreview is what a removal changes, as a difference of the policy and as commands.
func (c *Screen) addPreview(b *ui.Block, j judgedBinding) {
	steps, _ := model.StaleSteps([]model.StaleBinding{j.StaleBinding})
	prefix := "change "
	for _, s := range steps {
		sign, style := "- ", c.Styles.Danger
		if s.Kind == model.StepGrant {
			sign, style = "+ ", c.Styles.Added
		}
		for n, l := range cells.Wrap(s.Role+" "+string(s.Member), b.Width-13) {
			if n > 0 {
				sign = "    "
			}
			b.Add("  " + c.Styles.Dim.Render(prefix) + style.Render(sign+l))
			prefix = strings.Repeat(" ", len(prefix))
		}
	}
	for _, command := range j.Gcloud {
		b.Command(text.Clean(command))
	}
}
