package walk

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// askStep says why not, or asks; "no" is what is chosen when it asks.
func (w *Screen) askStep() tea.Cmd {
	step := w.steps[w.current]
	if why := w.whyBlocked(step); why != "" {
		return ui.Notice(why)
	}
	d := w.newStepDialog(step, stepVerb(step))
	return w.lookThenAsk(ui.Notice(lookingNotice), func() tea.Msg { return w.stepQuestionMsg(step, d) })
}

// lookingNotice is said until the question before a step is there.
const lookingNotice = "looking at the project that the step changes " + signs.More

// lookThenAsk looks at the cloud before a question. Until it is put no other is.
func (w *Screen) lookThenAsk(announcement, look tea.Cmd) tea.Cmd {
	w.questionPending = true
	return tea.Sequence(announcement, look)
}

// stepQuestionMsg completes the dialog before a step.
func (w *Screen) stepQuestionMsg(step model.Step, d *ui.Dialog) tea.Msg {
	sure := false
	if entry := w.purpose.Write(step).Undoes; entry != "" {
		d.YesLabel = "take back"
		sure = w.addDoubt(d, step, entry)
	}
	return w.guardedQuestionMsg(d, []model.Step{step}, func(confirmed string) tea.Msg { return stepYesMsg{w, step, confirmed, sure} })
}

func (w *Screen) newStepDialog(step model.Step, verb string) *ui.Dialog {
	return &ui.Dialog{Title: stepQuestionTitle(step), What: step.Title + ".", Why: consequences(step), Member: w.memberLine(step), YesLabel: verb}
}

// guardedQuestionMsg asks for a yes to some steps. A name has to be typed for what looks like production or
// reaches every project below. It is one name, so steps that need several names are not asked for at once.
func (w *Screen) guardedQuestionMsg(d *ui.Dialog, steps []model.Step, onYes func(confirmed string) tea.Msg) tea.Msg {
	cloud, err := w.links.Cloud(w.Context)
	if err != nil {
		return questionMsg{to: w, whyNot: model.ErrorWithHint(err)}
	}
	seen := map[model.Resource]bool{}
	for _, step := range steps {
		if seen[step.Resource] {
			continue
		}
		seen[step.Resource] = true
		target := cloud.ProjectOf(w.Context, step.Resource)
		switch guard := w.gate("").RequiredConfirmation(step.Resource, target); {
		case !guard.Required():
		case d.Guard.Required() && d.Guard.Name != guard.Name:
			return questionMsg{to: w, whyNot: "these steps want more than one name to be typed: make them one by one"}
		default:
			d.Guard = guard
		}
	}
	d.OnYes = func() tea.Msg { return onYes(d.Guard.Name) }
	return questionMsg{to: w, dialog: d}
}

// gate is that of a person's yes.
func (w *Screen) gate(confirmed string) model.Gate {
	return model.Gate{Consent: model.PersonSaidYes, ReadOnly: w.ReadOnly, Production: w.links.Production, Confirmed: []string{confirmed}}
}

// stepQuestionTitle names what a yes would change.
func stepQuestionTitle(s model.Step) string {
	switch s.Kind {
	case model.StepEnableAPI:
		return "Enable an API in " + s.Resource.Project() + "?"
	case model.StepCreateAgent:
		return "Create the service agent of " + s.Resource.Project() + "?"
	}
	return "Change the policy of " + text.Clean(model.Describe(s.Resource, nil)) + "?"
}

// stepVerb is what a step does, in a word.
func stepVerb(s model.Step) string {
	switch s.Kind {
	case model.StepEnableAPI:
		return "enable"
	case model.StepCreateAgent:
		return "create"
	case model.StepRevoke:
		return "remove"
	}
	return "grant"
}

// consequences say before a yes why a step is made, and what follows from a removal.
func consequences(s model.Step) string {
	if s.Kind != model.StepRevoke || s.Caution == "" {
		return s.Why
	}
	return s.Why + " " + s.Caution
}
