package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/model/handover"
)

// memberLine names the member of a step, where it has one.
func memberLine(s model.Step) string {
	if s.Member == "" {
		return ""
	}
	return "member  " + string(s.Member)
}

func (w *walkScreen) view(width, height int) string {
	lines := []string{"", "  " + cut(w.headline(), width-3)}
	lines = append(append(lines, w.stepLines(width, max(4, height/2-1))...), "")
	return strings.Join(append(lines, w.styles.visibleLines(w.stepDetail(width), &w.offset, height-len(lines), w.pagingKeys(false))...), "\n")
}

// stepLines is the steps, or those around the current one where there are many.
func (w *walkScreen) stepLines(width, room int) (lines []string) {
	part := len(w.steps) > room
	if part {
		room--
	}
	w.listOffset = scrollOffset(w.current, w.listOffset, room, len(w.steps))
	for i := w.listOffset; i < min(len(w.steps), w.listOffset+room); i++ {
		lines = append(lines, w.stepLine(i, w.steps[i], width))
	}
	if part {
		lines = append(lines, "    "+w.styles.dim.Render(fmt.Sprintf("… steps %d to %d of %d", w.listOffset+1, w.listOffset+room, len(w.steps))))
	}
	return lines
}

// headline says how far the walk is.
func (w *walkScreen) headline() string {
	done := 0
	for _, o := range w.outcomes {
		if o.InPlace() {
			done++
		}
	}
	progress := fmt.Sprintf("%d of %d", done, len(w.steps))
	switch {
	case w.cleanup != nil:
		return w.cleanupHeadline(done, progress)
	case w.undoing != nil && w.batch != nil:
		return w.styles.bold.Render("Taking back …") + "  " + w.styles.dim.Render(progress+" done")
	case w.undoing != nil && !w.finished():
		return w.styles.bold.Render("What this run of whopulls changed") + "  " + w.styles.dim.Render(progress+" taken back; each asks first")
	case w.undoing != nil && !w.busy:
		return w.undoHeadline(done, progress)
	case w.busy:
		return w.styles.bold.Render("Reading everything again …") + "  " + w.styles.dim.Render(progress+" done")
	case w.finalDiagnosis != nil && w.finalDiagnosis.Verdict == model.Granted:
		return w.styles.verdicts[model.Granted].Render("✓ granted and verified") + "  " + w.styles.dim.Render(progress+" done; nothing is open")
	case w.finalDiagnosis != nil:
		return w.styles.verdicts[w.finalDiagnosis.Verdict].Render(verdictSigns[w.finalDiagnosis.Verdict]+" still "+string(w.finalDiagnosis.Verdict)) + "  " + w.styles.dim.Render(progress+" done; the map shows what is open")
	}
	note := "each asks before a change"
	if w.readOnly {
		note = nothingChanged
	}
	return w.styles.bold.Render("The steps") + "  " + w.styles.dim.Render(progress+" done; "+note)
}

// undoHeadline ends a walk that took changes back: that something is missing after it is what was wanted.
func (w *walkScreen) undoHeadline(done int, progress string) string {
	head, tail := w.styles.bold.Render("Not all was taken back"), progress+"; each line says why"
	if done == len(w.steps) {
		head, tail = w.styles.verdicts[model.Granted].Render("✓ taken back"), progress
	}
	if w.finalDiagnosis != nil {
		tail += "; the verdict is " + string(w.finalDiagnosis.Verdict) + " now"
	}
	return head + "  " + w.styles.dim.Render(tail)
}

// stepLine is one step in the list.
func (w *walkScreen) stepLine(i int, s model.Step, width int) string {
	marker, style := "  ", w.styles.plain
	if i == w.current {
		marker, style = "▸ ", w.styles.bold
	}
	sign, word, look := w.stepMark(s, i)
	text := pad(s.ID, len(w.steps[len(w.steps)-1].ID)) + "  " + clean(w.shortTitle(s))
	return "  " + w.styles.accent.Render(marker) + look.Render(pad(sign+" "+word, 14)) + style.Render(cut(text, width-20))
}

// stepDetail tells of the current step: what became of it, or what it would do.
func (w *walkScreen) stepDetail(width int) []string {
	s := w.steps[w.current]
	b := &block{styles: w.styles, width: width}
	if o, hasOutcome := w.outcomes[s.ID]; hasOutcome {
		w.addOutcome(b, o)
	} else if !s.Certain {
		b.para("", "It may be there already. It is safe to repeat.")
	}
	if !w.wasKept(s) {
		b.para("why    ", s.Why)
		b.blank()
	}
	w.addChange(b, s)
	if !w.outcomes[s.ID].InPlace() {
		w.addNeeds(b, s)
	}
	if s.Caution != "" {
		b.para("beware ", s.Caution)
	}
	b.blank()
	for _, c := range s.Gcloud {
		b.command(clean(c))
	}
	if s.GcloudNeeds != "" {
		b.para("needs  ", "a gcloud "+s.GcloudNeeds)
	}
	if first := w.askPlan.AskIntro(); first != "" {
		b.blank()
		b.para("ask    ", first)
		for _, s := range w.askPlan.Ask {
			b.para("       ", s.Title)
		}
	}
	return b.lines
}

// addChange is the step's diff of the policy.
func (w *walkScreen) addChange(b *block, s model.Step) {
	if s.Kind != model.StepGrant && s.Kind != model.StepRevoke {
		return
	}
	fact := w.situation.Policies[s.Resource]
	var policy *model.Policy
	where := "policy of " + model.Describe(s.Resource, nil)
	if fact.Read() {
		policy = &fact.Value
		where += ", " + otherBindingsText(fact.Value, s)
	} else {
		where += unreadPolicyText(fact.State, s)
	}
	b.para("change ", where)
	if s.Condition != nil {
		b.para("where  ", s.Condition.Text())
	}
	for _, l := range model.PolicyDiff(policy, s) {
		style := w.styles.dim
		switch l.Sign {
		case "+":
			style = w.styles.added
		case "-":
			style = w.styles.danger
		}
		for i, part := range wrap(l.Text, b.width-13) {
			sign := l.Sign + " "
			if i > 0 {
				sign += "  "
			}
			b.add("         " + style.Render(sign+part))
		}
	}
}

// unreadPolicyText says of a policy that is not at hand that no more of it is shown than the step's own line; one that nobody
// asked for is not one that could not be read.
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

// otherBindingsText says what becomes of the bindings that the step does not touch.
func otherBindingsText(p model.Policy, s model.Step) string {
	if s.Kind == model.StepRevoke {
		return "everything else in it stays as it is"
	}
	count := len(p.Bindings)
	if p.GrantEdit(s.Role, s.Member).Op == model.EditExtend {
		count--
	}
	switch count {
	case 0:
		return "which holds nothing else"
	case 1:
		return "its other binding stays as it is"
	}
	return fmt.Sprintf("its %d other bindings stay as they are", count)
}

// addNeeds says what the change takes, and whether the caller has it.
func (w *walkScreen) addNeeds(b *block, s model.Step) {
	if len(s.Requires) == 0 {
		b.para("takes  ", "no permission of yours")
		return
	}
	have := "? whether you have it could not be tested"
	style := w.styles.verdicts[model.Unknown]
	switch {
	case s.Allowed != nil && *s.Allowed:
		have, style = "✓ you have it", w.styles.verdicts[model.Granted]
	case s.Allowed != nil:
		have, style = "✗ you don't have it", w.styles.verdicts[model.Missing]
	}
	b.para("takes  ", string(s.Requires[0]))
	if last := b.lines[len(b.lines)-1] + "  " + style.Render(have); ansi.StringWidth(last) <= b.width-2 {
		b.lines[len(b.lines)-1] = last
	} else {
		b.add("         " + style.Render(have))
	}
	if s.Allowed != nil && !*s.Allowed {
		b.para("       ", holdersText(handover.PermittedMembers(w.situation, s))+"; "+w.handOverText()+" for it")
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
func (w *walkScreen) addOutcome(b *block, o model.Outcome) {
	sign, word, style := outcomeMark(w.styles, o)
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
	b.add("  " + style.Render(sign+" "+word) + "  " + text)
	if o.Message != "" {
		b.para("       ", o.Message)
	}
	switch o.Effect {
	case model.EffectObserved:
		b.para("       ", "The permission works: testIamPermissions answers yes.")
	case model.EffectEvaluated:
		b.para("       ", "Policy Troubleshooter says yes; the next deploy shows the effect. Changes typically reach everywhere in 2 minutes, 7 or more are possible.")
	case model.EffectNotObservable:
		b.para("       ", "Its effect can't be observed from here: the next deploy shows it. Changes typically reach everywhere in 2 minutes, 7 or more are possible.")
	}
	if why, failed := w.undoFailures[o.ID]; failed {
		b.add("  " + w.styles.verdicts[model.Missing].Render("✗ not taken back"))
		b.para("       ", why)
	}
	b.blank()
}
