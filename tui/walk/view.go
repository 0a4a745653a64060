package walk

import (
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// memberLine names the member of a step, where it has one. An agent has its project's number alone, so the ID stands behind it.
func (w *Screen) memberLine(s model.Step) string {
	if s.Member == "" {
		return ""
	}
	line := "member  " + string(s.Member)
	number := model.RunServiceAgentProject(s.Member)
	for _, p := range w.situation.Projects {
		if p.Read() && number != "" && p.Value.Number == number {
			return line + ", of project " + p.Value.ID
		}
	}
	return line
}

// View draws the steps, and below them what is said about the current one.
func (w *Screen) View(width, height int) string {
	lines := []string{"", "  " + cells.Cut(w.headline(), width-3)}
	lines = append(append(lines, w.stepLines(width, max(4, height/2-1))...), "")
	return strings.Join(append(lines, w.Styles.VisibleLines(w.stepDetail(width), &w.offset, height-len(lines), w.PagingKeys(false))...), "\n")
}

// stepLines is the steps, or those around the current one where there are many.
func (w *Screen) stepLines(width, room int) (lines []string) {
	part := len(w.steps) > room
	if part {
		room--
	}
	w.listRoom = room
	w.listOffset = ui.ScrollOffset(w.current, w.listOffset, room, len(w.steps))
	for i := w.listOffset; i < min(len(w.steps), w.listOffset+room); i++ {
		lines = append(lines, ui.MarkedLine(ui.PaneRows, i, w.stepLine(i, w.steps[i], width)))
	}
	if part {
		lines = append(lines, "    "+w.Styles.Dim.Render(w.Styles.Signs.Text(signs.More)+fmt.Sprintf(" steps %d to %d of %d", w.listOffset+1, w.listOffset+room, len(w.steps))))
	}
	return lines
}

// headline says how far the walk is.
func (w *Screen) headline() string {
	h, style := w.purpose.Headline(w.progress()), w.Styles.Bold
	if h.Verdict != "" {
		style = w.Styles.Verdicts[h.Verdict]
	}
	return style.Render(w.Styles.Signs.Text(h.Words)) + "  " + w.Styles.Dim.Render(h.Details)
}

func (w *Screen) progress() Progress {
	undoable, _ := w.undoSteps()
	p := Progress{Steps: len(w.steps), Finished: w.finished(), InBatch: w.batch != nil, TakingBack: w.batch != nil && w.batch.undo, Reading: w.Busy && w.after == nil,
		ReadOnly: w.ReadOnly, Undoable: len(undoable), NotUndone: len(w.undoFailures), Diagnosis: w.finalDiagnosis, NotRead: w.readFailure != nil}
	for _, o := range w.outcomes {
		if o.InPlace() {
			p.Done++
		}
	}
	if w.after != nil {
		p.Effect = w.stage()
		deploy := w.after.known.Deploy()
		p.DeployFailed = deploy != nil && !deploy.Ready
	}
	return p
}

const (
	rowIndent = 3  // before a step, for the sign of the cursor
	markWidth = 15 // of the sign of a step with its word
)

// stepLine is one step in the list.
func (w *Screen) stepLine(i int, s model.Step, width int) string {
	sign, word, look := w.stepMark(s, i)
	chip, indent := cells.Fit(" "+sign+" "+word, markWidth), rowIndent
	if i == w.current { // the blank before it is that of the cursor
		chip, indent = strings.TrimPrefix(chip, " "), rowIndent+1
	}
	row := w.Styles.NewRow(indent, width, i == w.current)
	row.Write(&look, chip)
	id, room := cells.Fit(s.ID, len(w.steps[len(w.steps)-1].ID))+"  ", width-row.Used()-2
	row.Write(nil, cells.Cut(id+w.shortTitle(s, room-cells.Width(id)), room))
	return row.String()
}

// shortTitle is a step's title. Where there is no room, its role is named as in a list: in full it stands below.
func (w *Screen) shortTitle(s model.Step, room int) string {
	title := text.Clean(w.purpose.StepTitle(s))
	if cells.Width(title) > room && s.Role != "" {
		title = strings.Replace(title, text.Clean(s.Role), text.Clean(ui.ShortRole(s.Role)), 1)
	}
	return title
}

// stepDetail says about the current step what became of it, or what it would do.
func (w *Screen) stepDetail(width int) []string {
	s := w.steps[w.current]
	b := &ui.Block{Styles: w.Styles, Width: width}
	if w.readFailure != nil {
		for _, line := range w.ErrorLines(w.readFailure, false, width-2) {
			b.Add(" " + line)
		}
		b.Blank()
	}
	if o, hasOutcome := w.outcomes[s.ID]; hasOutcome {
		w.addOutcome(b, o)
	} else if !s.Certain {
		b.Para("", "It may be there already. It is safe to repeat.")
	}
	if !w.wasKept(s) {
		b.Para("why    ", s.Why)
		b.Blank()
	}
	w.addChange(b, s)
	if !w.outcomes[s.ID].InPlace() {
		w.addNeeds(b, s)
	}
	if s.Caution != "" {
		b.Para("beware ", s.Caution)
	}
	b.Blank()
	for _, c := range s.Gcloud {
		b.Command(text.Clean(c))
	}
	if s.GcloudNeeds != "" {
		b.Para("needs  ", "a gcloud "+s.GcloudNeeds)
	}
	if first := w.askPlan.AskIntro(); first != "" {
		b.Blank()
		b.Para("ask    ", first)
		for _, s := range w.askPlan.Ask {
			b.Para("       ", s.Title)
		}
	}
	return b.Lines
}

// wasKept reports whether the last look left a step out: the reason that it had doesn't hold any more.
func (w *Screen) wasKept(s model.Step) bool {
	o, hasOutcome := w.outcomes[s.ID]
	_, rechecked := w.purpose.(Rechecker)
	return rechecked && hasOutcome && o.State == model.StepSkipped && o.Cause != model.CauseSkippedByUser
}

// addChange is the step's diff of the policy.
func (w *Screen) addChange(b *ui.Block, s model.Step) {
	if s.Kind != model.StepGrant && s.Kind != model.StepRevoke {
		return
	}
	fact := w.situation.Policies[s.Resource]
	var policy *model.Policy
	where := "policy of " + model.Describe(s.Resource, nil)
	if fact.Read() {
		policy = &fact.Value
		where += ": " + changeText(fact.Value, s)
	} else {
		where += unreadPolicyText(fact.State, s)
	}
	b.Para("change ", where)
	if s.Condition != nil {
		b.Para("where  ", s.Condition.Text())
	}
	for _, l := range model.PolicyDiff(policy, s) {
		style := w.Styles.Dim
		switch l.Sign {
		case "+":
			style = w.Styles.Added
		case "-":
			style = w.Styles.Danger
		}
		sign := l.Sign + " "
		if l.Member {
			sign += "  "
		}
		for _, part := range cells.Wrap(l.Text, b.Width-15) {
			b.Add("         " + style.Render(sign+part))
			sign = l.Sign + "     "
		}
	}
}

// unreadPolicyText says why only the step's own line of a policy is shown. A policy that nobody asked for is
// not one that could not be read.
func unreadPolicyText(state model.FactState, s model.Step) string {
	what := "added"
	if s.Kind == model.StepRevoke {
		what = "taken away"
	}
	if state == model.FactGap {
		return ", which could not be read: only what is " + what
	}
	return ": only what is " + what
}

// changeText says what of a policy changes, and that nothing else does.
func changeText(p model.Policy, s model.Step) string {
	if s.Kind == model.StepRevoke {
		return "one member is taken away, all else stays"
	}
	switch p.GrantEdit(s.Role, s.Member).Op {
	case model.EditNone:
		return "the member is there already"
	case model.EditExtend:
		return "one member is added, all else stays"
	}
	return "one binding is added, all else stays"
}

// addNeeds says what the change takes, and whether the caller has it.
func (w *Screen) addNeeds(b *ui.Block, s model.Step) {
	if len(s.Requires) == 0 {
		b.Para("needs  ", "no permission of yours")
		return
	}
	have := signs.Unknown + " whether you have it could not be tested"
	style := w.Styles.Verdicts[model.Unknown]
	switch {
	case s.Allowed != nil && *s.Allowed:
		have, style = signs.Granted+" you have it", w.Styles.Verdicts[model.Granted]
	case s.Allowed != nil:
		have, style = signs.Missing+" you don't have it", w.Styles.Verdicts[model.Missing]
	}
	have = w.Styles.Signs.Text(have)
	b.Para("needs  ", string(s.Requires[0]))
	if last := b.Lines[len(b.Lines)-1] + "  " + style.Render(have); cells.Width(last) <= b.Width-2 {
		b.Lines[len(b.Lines)-1] = last
	} else {
		b.Add("         " + style.Render(have))
	}
	if s.Allowed != nil && !*s.Allowed {
		b.Para("       ", holdersText(handover.PermittedMembers(w.situation, s))+"; "+w.takeOutText()+" for it")
	}
}

// holdersText say who may make a change, as far as policies could be read.
func holdersText(holders []string) string {
	const maxNamed = 2
	switch {
	case len(holders) == 0:
		return "nobody who has it could be read"
	case len(holders) == 1:
		return holders[0] + " has it"
	case len(holders) > maxNamed:
		return fmt.Sprintf("%s and %d more have it", strings.Join(holders[:maxNamed], ", "), len(holders)-maxNamed)
	}
	return strings.Join(holders, " and ") + " have it"
}

// addOutcome says what became of a step.
func (w *Screen) addOutcome(b *ui.Block, o model.Outcome) {
	sign, word, style := w.Styles.OutcomeMark(o)
	text := map[model.StepState]string{
		model.StepDone:    "a fresh read shows the binding",
		model.StepAlready: "it was there; nothing was written",
		model.StepSkipped: "nothing was changed",
	}[o.State]
	switch {
	case o.Kind == model.StepRevoke && o.State == model.StepDone:
		text = "a fresh read shows that the binding is gone"
	case o.Kind == model.StepRevoke && o.State == model.StepAlready:
		text = "it was gone before; nothing was written"
	case o.Kind != model.StepGrant && o.State == model.StepDone:
		text = "Google says that it is done"
	}
	b.Add(" " + style.Render(" "+sign+" "+word+" ") + " " + text)
	if o.Message != "" {
		b.Para("       ", o.Message)
	}
	w.addEffect(b, o)
	if why, failed := w.undoFailures[o.ID]; failed {
		b.Add("  " + w.Styles.Verdicts[model.Missing].Render(w.Styles.Signs.Text(signs.Missing+" not taken back")))
		b.Para("       ", why)
	}
	b.Blank()
}
