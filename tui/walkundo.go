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
	if !over || o.State != model.StepDone || o.Entry == nil {
		return model.Step{}, "", false
	}
	inverse, err := o.Inverse()
	return inverse, *o.Entry, err == nil
}

func (w *walkScreen) askUndo() tea.Cmd {
	inverse, entry, ok := w.undoable(w.current)
	later, hangs := w.hangsOn(w.steps[w.current])
	switch {
	case !ok:
		return notice("there is nothing of this walk to take back here")
	case w.opts.ReadOnly:
		return notice("read-only: nothing is changed")
	case hangs:
		return notice("take back step " + later.ID + " first: it was made because this one was")
	}
	return func() tea.Msg {
		return w.confirming(stepDialog(inverse, "take back"), []model.Step{inverse}, func(confirmed string) tea.Msg { return undoMsg{w, inverse, entry, confirmed} })
	}
}

// undo takes a step back in a goroutine that the program waits for, as a change is made.
func (w *walkScreen) undo(msg undoMsg) tea.Cmd {
	w.writing = true
	w.writes.Add(1)
	gate := w.gate(msg.confirmed)
	return func() tea.Msg {
		defer w.writes.Done()
		return undoneMsg{w, w.write(context.WithoutCancel(w.ctx), gate, model.Write{Step: msg.inverse, Project: w.consumer(msg.inverse), Undoes: msg.entry})}
	}
}

// undone puts the step back among those to do.
func (w *walkScreen) undone(o model.Outcome) tea.Cmd {
	w.writing = false
	if o.Settled() {
		delete(w.outcomes, o.ID)
		w.follow(o.Step)
		w.after, w.offset = nil, 0
	}
	switch {
	case w.together != nil:
		return w.stepped(o)
	case !o.Settled():
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
