package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// undoMsg carries a person's yes to taking a step back.
type undoMsg struct {
	from      *walkScreen
	inverse   model.Step
	entry     string // the journal's, of what is taken back
	sure      bool   // the question told of no doubt
	confirmed string
}

// undoneMsg tells what became of it.
type undoneMsg struct {
	to      *walkScreen
	outcome model.Outcome
}

// undoable gives what takes a step back; ok is false where this walk made no change, or it can't be.
func (w *walkScreen) undoable(index int) (inverse model.Step, entry string, ok bool) {
	o, over := w.outcomes[w.steps[index].ID]
	if !over || o.State != model.StepDone || o.Entry == nil || w.back != nil {
		return model.Step{}, "", false
	}
	inverse, err := o.Inverse()
	return inverse, *o.Entry, err == nil
}

func (w *walkScreen) askUndo() tea.Cmd {
	if why := w.noUndo(); why != "" {
		return notice(why)
	}
	inverse, entry, _ := w.undoable(w.current)
	return w.lookFirst(notice(lookingAtOne), func() tea.Msg {
		d := stepDialog(inverse, "take back")
		sure := w.doubts(d, inverse, entry)
		return w.confirming(d, []model.Step{inverse}, func(confirmed string) tea.Msg { return undoMsg{w, inverse, entry, sure, confirmed} })
	})
}

// undo takes a step back, as a change is made.
func (w *walkScreen) undo(msg undoMsg) tea.Cmd {
	delete(w.stuck, msg.inverse.ID)
	gate := w.gate(msg.confirmed)
	return w.carry(func(ctx context.Context) tea.Msg {
		return undoneMsg{w, w.write(ctx, gate, model.Write{Step: msg.inverse, Project: w.consumer(msg.inverse), Undoes: msg.entry, OnlyIfUnchanged: msg.sure})}
	})
}

// noUndo says why the chosen step can't be taken back; empty: it can.
func (w *walkScreen) noUndo() string {
	step := w.steps[w.current]
	o := w.outcomes[step.ID]
	switch {
	case w.opts.ReadOnly:
		return nothingChanged
	case w.back != nil:
		return "this walk takes changes back; to make one again, walk through the steps of the map"
	}
	if _, err := o.Inverse(); o.State == model.StepDone && err != nil {
		return model.ErrorWithHint(err)
	}
	if _, _, ok := w.undoable(w.current); !ok {
		return "there is nothing of this walk to take back here"
	}
	return w.hangsOn(step)
}

// undone puts the step back among those to do, or keeps why it is not.
func (w *walkScreen) undone(o model.Outcome) tea.Cmd {
	w.writing = false
	if o.InPlace() {
		delete(w.outcomes, o.ID)
		w.follow(o.Step)
		w.after, w.offset = nil, 0
	} else {
		w.stuck[o.ID], w.offset = outcomeNotice(o), 0
	}
	switch {
	case w.together != nil:
		return w.stepped(o)
	case !o.InPlace():
		return notice(outcomeNotice(o))
	}
	return notice("taken back: a fresh read shows it")
}

func outcomeNotice(o model.Outcome) string {
	if o.Message != "" {
		return clean(o.Message)
	}
	return "it was not taken back"
}
