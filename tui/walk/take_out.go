package walk

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// openSteps are the steps that are not in place.
func (w *Screen) openSteps() (open []model.Step) {
	for _, s := range w.steps {
		if o, hasOutcome := w.outcomes[s.ID]; !hasOutcome || !o.InPlace() {
			open = append(open, s)
		}
	}
	return open
}

// TakeOuts are what asks somebody who may for what is not in place. Without a question behind the steps that is their commands.
func (w *Screen) TakeOuts() []ui.TakeOut {
	open := w.openSteps()
	if w.asksForAll() {
		return commandsToTakeOut(open)
	}
	d := model.Diagnose(w.situation)
	a := ui.Answer{Situation: w.situation, Diagnosis: d, Plan: model.Plan{Verdict: d.Verdict, Steps: open, Ask: w.askPlan.Ask}}
	if len(open) < len(w.steps) {
		a.WhyNotNow = "steps were made since it was read: " + w.purpose.BackTo() + " has the answer of now"
	}
	return w.links.TakeOuts(a)
}

// commandsToTakeOut are the commands of steps, as they are for the clipboard and as a script.
func commandsToTakeOut(steps []model.Step) []ui.TakeOut {
	commands := strings.Join(ui.CommandsOf(steps), "\n")
	if commands == "" {
		return nil
	}
	return []ui.TakeOut{{Label: "gcloud commands", Detail: "of " + text.CountNoun(len(steps), "step"), FileName: "whopulls.commands.sh",
		Content: func() (string, error) { return "#!/bin/sh\nset -eu\n" + commands + "\n", nil },
		Copied:  func() (string, error) { return commands, nil },
	}}
}

// whyNoTakeOut says why nothing of the walk can be taken out; empty: it can.
func (w *Screen) whyNoTakeOut() string {
	if len(w.openSteps()) == 0 {
		return "every step is in place: there is nothing to ask for"
	}
	return ""
}

// takeOutText says which key takes out what somebody else needs.
func (w *Screen) takeOutText() string {
	noun := "a request"
	if w.asksForAll() {
		noun = "the commands"
	}
	return w.Keys.Symbol(ui.IntentTakeOut, false) + " takes out " + noun
}
