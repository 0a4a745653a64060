package walk

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/tui/ui"
)

// oneAtATime refuses what a person asks for, or said yes to, while a change is under way.
const oneAtATime = "one change at a time: this one is under way"

// isQuestionOrYes reports whether a message brings a question or a yes.
func (w *Screen) isQuestionOrYes(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case questionMsg:
		return msg.to == w
	case stepYesMsg:
		return msg.to == w
	case undoMsg:
		return msg.to == w
	case batchYesMsg:
		return msg.to == w
	}
	return false
}

// handleQuestionOrYes takes a question or a yes up, unless a change is under way by then.
func (w *Screen) handleQuestionOrYes(msg tea.Msg) tea.Cmd {
	if question, ok := msg.(questionMsg); ok {
		w.questionPending = false
		if question.dialog == nil {
			return ui.Notice(question.whyNot)
		}
	}
	if w.writing {
		return ui.Notice(oneAtATime)
	}
	switch msg := msg.(type) {
	case stepYesMsg:
		return w.startStep(msg.step, msg.confirmed, msg.sure)
	case questionMsg:
		return ui.ShowDialog(msg.dialog)
	case batchYesMsg:
		return w.startBatch(msg.batch)
	case undoMsg:
		return w.startUndo(msg)
	}
	return nil
}

// stepYesMsg carries a person's yes.
type stepYesMsg struct {
	to        *Screen
	step      model.Step
	confirmed string // the name that was typed, where one had to be
	sure      bool   // of what takes a change back: the question named no doubt
}

func (w *Screen) startStep(step model.Step, confirmed string, sure bool) tea.Cmd {
	gate := w.gate(confirmed)
	return w.runWrite(func(ctx context.Context) tea.Msg {
		return outcomeMsg{w, w.purpose.Write(step).Undoes, w.recheckAndWrite(ctx, gate, step, sure)}
	})
}

// recheckAndWrite makes a step's change, after a last look where the purpose has one.
func (w *Screen) recheckAndWrite(ctx context.Context, gate model.Gate, step model.Step, sure bool) model.Outcome {
	if p, ok := w.purpose.(Rechecker); ok {
		if left := p.LookAgain(ctx, step); left.IsSet() {
			return left.Outcome(step)
		}
	}
	write := w.purpose.Write(step)
	write.OnlyIfUnchanged = sure
	return w.performWrite(ctx, gate, write)
}

// runWrite makes a change in a goroutine that the program waits for before it ends. A change that has begun
// is finished, whatever the user does in the meantime.
func (w *Screen) runWrite(write func(context.Context) tea.Msg) tea.Cmd {
	w.writing = true
	done := make(chan tea.Msg, 1)
	w.links.Writes.Go(guard.Func(func() { done <- write(context.WithoutCancel(w.Context)) }))
	return func() tea.Msg { return <-done }
}

// performWrite makes a change of this walk and keeps what became of it for the end of the program.
func (w *Screen) performWrite(ctx context.Context, gate model.Gate, write model.Write) model.Outcome {
	cloud, err := w.links.Cloud(ctx)
	if err != nil {
		return model.Outcome{Step: write.Step, State: model.StepFailed, Message: err.Error()}
	}
	write.Run = w.links.RunID
	outcomes, err := cloud.Perform(ctx, gate, []model.Write{write})
	o := outcomes[0]
	if err != nil && o.Message == "" {
		o.Message = model.ErrorWithHint(err)
	}
	w.links.Record(write, o)
	return o
}
