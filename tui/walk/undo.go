package walk

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// undoMsg carries a person's yes to taking a step back.
type undoMsg struct {
	to        *Screen
	inverse   model.Step
	entry     string // the journal's, of what is taken back
	sure      bool   // the question named no doubt
	confirmed string
}

// undoneMsg says what became of it.
type undoneMsg struct {
	to      *Screen
	undoes  string // the journal's entry that is taken back
	outcome model.Outcome
}

// inverseOf gives what takes a step back; ok is false where this walk made no change, or it can't be.
func (w *Screen) inverseOf(index int) (inverse model.Step, entry string, ok bool) {
	o, hasOutcome := w.outcomes[w.steps[index].ID]
	if !hasOutcome || o.State != model.StepDone || o.Entry == nil || w.takesBack(o.Step) {
		return model.Step{}, "", false
	}
	inverse, err := o.Inverse()
	return inverse, *o.Entry, err == nil
}

// MenuFor explains the current step, or asks which is to be taken back.
func (w *Screen) MenuFor(i ui.Intent) *ui.Menu {
	switch {
	case w.whyIgnored(i) != "":
		return nil
	case i == ui.IntentExplain:
		return w.explainMenu()
	case i == ui.IntentUndo:
		return w.undoMenu()
	}
	return nil
}

// undoMenu asks which is to be taken back, where that is more than the current step.
func (w *Screen) undoMenu() *ui.Menu {
	all, _ := w.undoSteps()
	why := w.whyNoUndo()
	if w.ReadOnly || len(all) == 0 || len(all) == 1 && why == "" {
		return nil
	}
	return ui.UndoMenu(ui.MenuRow{Detail: w.steps[w.current].Title, WhyOff: why, Take: w.askUndo},
		ui.MenuRow{Detail: changeCountText(len(all)) + ", last first", Take: w.askUndoAll})
}

func (w *Screen) askUndo() tea.Cmd {
	if why := w.whyNoUndo(); why != "" {
		return ui.Notice(why)
	}
	inverse, entry, _ := w.inverseOf(w.current)
	d := w.newStepDialog(inverse, "take back")
	return w.lookThenAsk(ui.Notice(lookingNotice), func() tea.Msg {
		sure := w.addDoubt(d, inverse, entry)
		return w.guardedQuestionMsg(d, []model.Step{inverse}, func(confirmed string) tea.Msg { return undoMsg{w, inverse, entry, sure, confirmed} })
	})
}

// startUndo takes a step back, as a change is made.
func (w *Screen) startUndo(msg undoMsg) tea.Cmd {
	delete(w.undoFailures, msg.inverse.ID)
	gate, write := w.gate(msg.confirmed), w.purpose.Write(msg.inverse)
	write.Undoes, write.OnlyIfUnchanged = msg.entry, msg.sure
	return w.runWrite(func(ctx context.Context) tea.Msg {
		return undoneMsg{w, write.Undoes, w.performWrite(ctx, gate, write)}
	})
}

// whyNoUndo says why the chosen step can't be taken back; empty: it can.
func (w *Screen) whyNoUndo() string {
	step := w.steps[w.current]
	o := w.outcomes[step.ID]
	switch {
	case w.ReadOnly:
		return ui.NothingChanged
	case w.takesBack(step):
		return "this walk takes changes back; to make one again, walk through the steps of the map"
	}
	if _, err := o.Inverse(); o.State == model.StepDone && err != nil {
		return model.ErrorWithHint(err)
	}
	if _, _, ok := w.inverseOf(w.current); !ok {
		return "there is nothing of this walk to take back here"
	}
	return w.whyDependedOn(step)
}

// whyDependedOn says why a step can't be taken back yet: it stands in for what another one removed, or may have removed.
func (w *Screen) whyDependedOn(step model.Step) (why string) {
	for _, s := range w.steps {
		o, hasOutcome := w.outcomes[s.ID]
		switch {
		case !hasOutcome || s.Kind != model.StepRevoke || !slices.Contains(s.After, step.ID) || o.NotMade():
		case o.State == model.StepDone:
			return "take back step " + s.ID + " first: it was made because this one was"
		default:
			return "step " + s.ID + " depends on this one, and what became of it is not certain: read the list again first"
		}
	}
	return ""
}

// handleUndone puts the step back among those to do, or keeps why it is not.
func (w *Screen) handleUndone(o model.Outcome) tea.Cmd {
	w.writing = false
	if o.InPlace() {
		delete(w.outcomes, o.ID)
		w.applyLocally(o.Step)
		w.forgetEffect()
		w.offset = 0
	} else {
		w.undoFailures[o.ID], w.offset = outcomeNotice(o), 0
	}
	switch {
	case w.batch != nil:
		return w.batchStepDone(o)
	case !o.InPlace():
		return ui.Notice(outcomeNotice(o))
	}
	return ui.Notice("taken back: a fresh read shows it")
}

func outcomeNotice(o model.Outcome) string {
	if o.Message != "" {
		return text.Clean(o.Message)
	}
	return "it was not taken back"
}
