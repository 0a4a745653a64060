package tui

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

func (c *cleanScreen) bindings() []binding {
	count, _ := c.chosenOnes()
	back := bindBack
	if c.filter.Value() != "" {
		back = binding{intent: intentClear, under: intentBack, help: "clear filter"}
	}
	return []binding{
		{intent: intentSelect, help: "select"},
		binding{intent: intentWalk, help: c.walkWords(len(count))}.unless(c.noRemoval(len(count))),
		{intent: intentStatus, help: "status"},
		back,
		{intent: intentSelectAll, help: "all of a status"},
		bindCopy, bindMove,
		{intent: intentReread, help: "read again", silent: true},
		{intent: intentPageUp, other: intentPageDown, help: "scroll the text below", silent: true},
		{intent: intentFirst, other: intentLast, help: "first, last", silent: true},
		bindStop,
	}
}

// walkWords say what the walk through the selected bindings is.
func (c *cleanScreen) walkWords(count int) string {
	switch hidden := count - c.shownOnes(); {
	case count == 0:
		return "remove"
	case c.opts.ReadOnly:
		return "look at " + model.CountNoun(count, "removal")
	case hidden > 0:
		return fmt.Sprintf("remove %d, %d not shown (asks first)", count, hidden)
	}
	return fmt.Sprintf("remove %d (asks first)", count)
}

// The list keeps leastList lines, however much is said below it, and on a high screen leaves mostSaid lines for that.
const (
	leastList = 3
	mostSaid  = 16
)

func (c *cleanScreen) view(width, height int) string {
	count := c.counted()
	c.fitFilter(width - 4 - ansi.StringWidth(count) - 2)
	lines := []string{"",
		"  " + spread(c.looks.bold.Render(c.question), c.looks.dim.Render(c.shown()), width-4),
		"  " + spread(c.filter.View(), c.looks.dim.Render(count), width-4), "",
		c.looks.dim.Render(pad("        STATUS", leadWidth) + c.cellsLine(c.columns, width))}
	notes := c.notes(width)
	said := c.said(width)
	room := height - len(lines) - len(notes) - 1
	list := min(max(leastList, room/2, room-mostSaid), max(1, len(c.hits.all))) // whatever is said, so that the list stands still
	lines = append(lines, c.rows(width, list)...)
	lines = append(lines, "")
	lines = append(lines, c.looks.scrolled(said, &c.reached, room-list, c.paging(true))...)
	return strings.Join(append(lines, notes...), "\n")
}

// shown says which statuses are.
func (c *cleanScreen) shown() string {
	if c.status == "" {
		return "every status"
	}
	return string(c.status) + " alone"
}

func (c *cleanScreen) counted() string {
	text := c.count()
	if chosen, _ := c.chosenOnes(); len(chosen) > 0 && !c.busy {
		text += fmt.Sprintf(", %d selected", len(chosen))
		if hidden := len(chosen) - c.shownOnes(); hidden > 0 {
			text += fmt.Sprintf(", %d of them not shown", hidden)
		}
	}
	return text
}

// shownOnes counts the selected bindings that the list shows.
func (c *cleanScreen) shownOnes() (n int) {
	for _, h := range c.hits.all {
		if c.selected[c.items[h.at].id] {
			n++
		}
	}
	return n
}

// staleMark is the sign of a status, which is the word beside it.
func staleMark(t *theme, s model.StaleStatus) (sign string, style lipgloss.Style) {
	switch s {
	case model.StaleActive:
		return signs[model.Granted], t.verdicts[model.Granted]
	case model.StaleUnknown:
		return signs[model.Unknown], t.verdicts[model.Unknown]
	case model.StaleExcessive:
		return "!", t.verdicts[model.Unknown]
	case model.StalePublic:
		return "!", t.verdicts[model.Missing]
	}
	return signs[model.Missing], t.verdicts[model.Missing]
}

// legend explains what the list has beside each binding, in the words of the reports.
func (c *cleanScreen) legend() (heading string, lines []string) {
	for _, m := range model.StaleMeanings {
		sign, _ := staleMark(c.looks, m.Status)
		lines = append(lines, sign+" "+string(m.Status)+"  "+m.Words)
	}
	return "Whether a binding serves anyone", lines
}

// statusWidth is that of the widest status with its sign.
const statusWidth = len("x redundant")

// line is a binding in the list: selected or not, status, member, role, level.
func (c *cleanScreen) line(i item, here bool, width int) string {
	b := i.value.(judged)
	box := "    "
	switch {
	case c.selected[i.id]:
		box = "[x] "
	case b.stays() == "":
		box = "[ ] "
	}
	sign, style := staleMark(c.looks, b.Status)
	marker, look := "  ", c.looks.plain
	if here {
		marker, look = c.looks.accent.Render("▸ "), c.looks.bold
	}
	return "  " + marker + look.Render(box) + style.Render(pad(sign+" "+string(b.Status), statusWidth)) + "  " +
		look.Render(c.cellsLine(i.cells, width))
}

// leadWidth is what stands before the cells of a line: the cursor, the box and the status.
const leadWidth = len("  > [ ] ") + statusWidth + 2

// cellsLine puts the columns beside each other. What a narrow line has no room for is the agent's project, then the end of
// the member, and then the level; all of it stands in full below the list.
func (c *cleanScreen) cellsLine(cells []string, width int) string {
	const wide, narrow, edge = 110, 72, 2
	role, level, owner := min(c.widths[2], 22), min(c.widths[3], 12), min(c.widths[4], 30)
	if width < narrow {
		role = min(role, 12)
	}
	room := width - leadWidth - edge - role - 2
	text := pad(cells[2], role)
	if width >= narrow {
		room -= level + 2
		text += "  " + pad(cells[3], level)
	}
	if width >= wide {
		room -= owner + 2
		text += "  " + cut(cells[4], owner)
	}
	return strings.TrimRight(pad(cells[0], max(8, min(c.widths[0], room)))+"  "+text, " ")
}

// said is what there is to say of the binding below the cursor: why, on what evidence, and what its removal changes.
func (c *cleanScreen) said(width int) []string {
	_, j, ok := c.here()
	if !ok {
		return nil
	}
	levels := j.situation.Ancestry[c.repository.Project].Value
	sign, style := staleMark(c.looks, j.Status)
	b := &block{looks: c.looks, width: width}
	word := sign + " " + string(j.Status)
	indent := ansi.StringWidth(word) + 4
	for n, l := range wrap(j.Role+" on "+model.Describe(j.Resource, levels), width-indent-2) {
		lead := strings.Repeat(" ", indent)
		if n == 0 {
			lead = "  " + style.Render(word) + "  "
		}
		b.add(lead + c.looks.bold.Render(l))
	}
	b.para("member ", string(j.Member))
	if j.Condition != nil {
		b.para("where  ", j.Condition.Text())
	}
	c.grounds(b, j, levels)
	c.preview(b, j)
	return b.lines
}

// grounds are what the status rests on, or what keeps it open.
func (c *cleanScreen) grounds(b *block, j judged, levels []model.Ancestor) {
	b.para("why    ", j.Reason)
	for _, also := range j.AlsoHolds {
		b.para("also   ", string(also))
	}
	if j.Higher != nil {
		b.para("higher ", j.Higher.Role+" on "+model.Describe(j.Higher.Resource, levels))
	}
	for _, u := range j.Evidence {
		b.para("used   ", strings.TrimPrefix(u.Sentence(), "used "))
	}
	for _, g := range j.Gaps {
		if text := gapBeyond(g, j.Reason); text != "" {
			b.para("gap    ", text)
		}
	}
	for _, next := range model.AdviceFor(j.Gaps) {
		b.para("helps  ", next.String())
	}
}

// preview is what a removal changes, as a difference of the policy and as commands.
func (c *cleanScreen) preview(b *block, j judged) {
	steps, _ := model.StaleSteps([]model.StaleBinding{j.StaleBinding})
	prefix := "change "
	for _, s := range steps {
		sign, style := "- ", c.looks.danger
		if s.Kind == model.StepGrant {
			sign, style = "+ ", c.looks.added
		}
		for n, l := range wrap(s.Role+" "+string(s.Member), b.width-13) {
			if n > 0 {
				sign = "    "
			}
			b.add("  " + c.looks.dim.Render(prefix) + style.Render(sign+l))
			prefix = strings.Repeat(" ", len(prefix))
		}
	}
	for _, command := range j.Gcloud {
		b.command(clean(command))
	}
}
