package accessmap

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// Enter goes into the chosen line and into no other one. An open line that a step closes has its fix, a granted one its evidence. Of
// the others it says what closes them.

// enterBinding says what enter does on the chosen line.
func (m *Screen) enterBinding() ui.Binding {
	b, c := ui.Binding{Intent: ui.IntentWalk}, m.chosen()
	switch {
	case m.selected.level.Kind() == model.KindAccount:
		b.Help, b.LongHelp = "explain", "what this account is"
		return b
	case m.selected.level != "":
		b.Help, b.LongHelp = "registry", "registry: who may pull from here"
		return b
	case m.selected.lane != "" && m.folding.open[m.selected.lane]:
		b.Help, b.LongHelp = "fold", "show this lane in one line"
		return b
	case m.selected.lane != "":
		b.Help, b.LongHelp = "unfold", "show the lines of this lane"
		return b
	case c.Pending():
		b.Help = "open"
		return b.DisabledIf(stillUnknown)
	case c.Verdict == model.Granted:
		b.Help, b.LongHelp = "evidence", "evidence: what gives it, and where"
	case m.step(c.ID) != nil:
		b.Help = "fix: " + text.CountNoun(len(m.plan.Steps), "step")
	case m.Busy:
		b.Help = "fix"
		return b.DisabledIf(stillReading)
	default:
		b.Help, b.LongHelp = "what to do", "what closes this line"
	}
	return b
}

// chosen is the check under the cursor.
func (m *Screen) chosen() model.Check {
	c, _ := m.diagnosis.CheckByID(m.selected.check)
	return c
}

// stillReading is said until the steps are known.
const stillReading = "still reading: the steps are known when everything has arrived"

// enter goes into what is under the cursor and has no menu.
func (m *Screen) enter() tea.Cmd {
	switch {
	case m.selected.level != "":
		return m.openRegistry()
	case m.selected.lane != "":
		m.setOpen(m.selected.lane, !m.folding.open[m.selected.lane])
		return nil
	}
	return m.walk()
}

// walk opens the fix of the chosen line. It starts when the reading is over: steps made from half the facts would be guesses.
func (m *Screen) walk() tea.Cmd {
	step := m.step(m.chosen().ID)
	if m.Busy || step == nil {
		return ui.Notice(stillReading)
	}
	return ui.Push(m.OpenWalk(m.situation, m.plan, firstOf(m.plan.Steps, *step).ID))
}

// firstOf is the step to begin with: one that another waits for comes before it.
func firstOf(steps []model.Step, step model.Step) model.Step {
	for range steps {
		n := slices.IndexFunc(steps, func(s model.Step) bool { return slices.Contains(step.After, s.ID) })
		if n < 0 {
			break
		}
		step = steps[n]
	}
	return step
}

// enterMenu is what enter opens over the map; nil: the walk opens, or nothing yet.
func (m *Screen) enterMenu(c model.Check) *ui.Menu {
	switch {
	case c.Verdict == model.Granted:
		return m.evidenceMenu(c)
	case m.step(c.ID) != nil || m.Busy:
		return nil
	}
	return m.explainMenu(c)
}

// evidenceMenu shows what a granted line rests on.
func (m *Screen) evidenceMenu(c model.Check) *ui.Menu {
	rows := []ui.MenuRow{
		{Label: "copy the line", Detail: lineText(m.Styles, m.diagnosis, c), Take: func() tea.Cmd { return ui.Copy(lineText(m.Styles, m.diagnosis, c)) }},
		{Label: "explain this line", Detail: "what, why, what to do", Open: func() *ui.Menu { return m.explainMenu(c) }},
	}
	if r, ok := c.Resource.Repository(); ok {
		rows = append(rows, ui.MenuRow{Label: "open the registry", Detail: "who may pull from " + r.ID, Take: m.openRegistry})
	}
	menu := ui.NewMenu("Evidence: "+text.Clean(m.diagnosis.CheckLabel(c)), rows...)
	menu.Body = func(t *ui.Styles, width int) []string { return evidenceLines(t, c, width) }
	return menu
}

// evidenceLines name each binding that gives what a line asks for: the role, the member, and the level that it stands on.
func evidenceLines(t *ui.Styles, c model.Check, width int) []string {
	lines := cells.Wrap(c.Reason, width)
	for n, e := range c.Evidence {
		heading := "The binding"
		switch {
		case n > 0:
			heading = "Also"
		case e.Role == "":
			heading = "The answer"
		}
		lines = append(lines, "", t.Bold.Render(heading))
		for _, part := range evidenceParts(e, c) {
			lines = append(lines, partLines(t, part, width)...)
		}
	}
	if second := c.OpinionSentence(); second != "" {
		lines = append(append(lines, ""), cells.Wrap(second, width)...)
	}
	return lines
}

const labelRoom = 11 // of a part's label

// partLines is a part behind its label, where it has one.
func partLines(t *ui.Styles, part detailLine, width int) []string {
	if part.label == "" {
		return cells.Wrap(text.Clean(part.text), width)
	}
	lines, label := cells.Wrap(text.Clean(part.text), width-labelRoom), part.label
	for i, l := range lines {
		lines[i] = t.Dim.Render(cells.Fit(label, labelRoom)) + l
		label = ""
	}
	return lines
}

// evidenceParts are the parts of a binding. Another source has only what it says.
func evidenceParts(e model.Evidence, c model.Check) []detailLine {
	if e.Role == "" {
		return []detailLine{{"", evidenceText(e, c)}}
	}
	where := model.Describe(e.Resource, c.Levels)
	if c.Resource != "" && e.Resource != c.Resource {
		where += ", above " + model.Describe(c.Resource, c.Levels)
	}
	parts := []detailLine{{"role", e.Role}, {"member", string(e.Member)}, {"on", where}}
	if e.Condition != "" {
		parts = append(parts, detailLine{"condition", e.Condition})
	}
	return parts
}

// whyNoSteps says why there is nothing to ask anybody for.
func (m *Screen) whyNoSteps() string {
	deciding, _ := m.diagnosis.CheckByID(decidingCheck(m.diagnosis))
	switch {
	case m.Busy:
		return stillReading
	case deciding.Verdict == model.Granted:
		return "nothing to do: everything that is needed is granted"
	}
	return "no grant closes what is open: " + deciding.Reason
}
