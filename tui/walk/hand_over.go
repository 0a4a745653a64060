package walk

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/text"
	"whopulls/tui/ui"
)

// handOver copies a request for what is not in place, for somebody who may make the changes.
func (w *Screen) handOver() tea.Cmd {
	var open []model.Step
	for _, s := range w.steps {
		if o, hasOutcome := w.outcomes[s.ID]; !hasOutcome || !o.InPlace() {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return ui.Notice("every step is in place: there is nothing to hand over")
	}
	if w.asksForAll() {
		return ui.CopyCommands(commandsOf(open))
	}
	d := model.Diagnose(w.situation)
	request := handover.ChangeRequest{Situation: w.situation, Diagnosis: d, Plan: model.Plan{Verdict: d.Verdict, Steps: open, Ask: w.askPlan.Ask}}
	return tea.Batch(tea.SetClipboard(request.Markdown()),
		ui.Notice("sent to the clipboard: a request for "+text.CountNoun(len(open), "step")+", as Markdown"))
}

// handOverNoun is what can be copied for somebody who may make the changes.
func (w *Screen) handOverNoun() string {
	if w.asksForAll() {
		return "the commands"
	}
	return "a request"
}

// handOverText says which key copies it.
func (w *Screen) handOverText() string {
	return w.Keys.Symbol(ui.IntentHandOver, false) + " copies " + w.handOverNoun()
}

func commandsOf(steps []model.Step) (commands []string) {
	for _, s := range steps {
		commands = append(commands, s.Gcloud...)
	}
	return commands
}
