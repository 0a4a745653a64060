package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// oneAtATime refuses what a person asks for, or said yes to, while a change is under way.
const oneAtATime = "one change at a time: this one is under way"

// asks tells whether a message brings a question or a yes.
func (w *walkScreen) asks(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case askingMsg:
		return msg.to == w
	case grantMsg:
		return msg.from == w
	case undoMsg:
		return msg.from == w
	case togetherMsg:
		return msg.from == w
	}
	return false
}

// answered takes a question or a yes up, unless a change is under way by then.
func (w *walkScreen) answered(msg tea.Msg) tea.Cmd {
	if question, ok := msg.(askingMsg); ok {
		w.asked = false
		if question.dialog == nil {
			return notice(question.why)
		}
	}
	if w.writing {
		return notice(oneAtATime)
	}
	switch msg := msg.(type) {
	case grantMsg:
		return w.perform(msg.step, msg.confirmed, msg.sure)
	case askingMsg:
		return ask(msg.dialog)
	case togetherMsg:
		return w.beginTogether(msg.run)
	case undoMsg:
		return w.undo(msg)
	}
	return nil
}

// grantMsg carries a person's yes.
type grantMsg struct {
	from      *walkScreen
	step      model.Step
	confirmed string // the name that was typed, where one had to be
	sure      bool   // of what takes a change back: the question told of no doubt
}

func (w *walkScreen) perform(step model.Step, confirmed string, sure bool) tea.Cmd {
	w.begun(step)
	gate := w.gate(confirmed)
	return w.carry(func(ctx context.Context) tea.Msg { return outcomeMsg{w, w.make(ctx, gate, step, sure)} })
}

// carry makes a change in a goroutine that the program waits for before it ends: one that has begun is finished,
// whatever the user does meanwhile, and whether or not anybody takes the answer.
func (w *walkScreen) carry(begin func(context.Context) tea.Msg) tea.Cmd {
	w.writing = true
	done := make(chan tea.Msg, 1)
	w.writes.Go(func() { done <- begin(context.WithoutCancel(w.ctx)) })
	return func() tea.Msg { return <-done }
}

// write makes a change of this walk and keeps what became of it for the end of the program.
func (w *walkScreen) write(ctx context.Context, gate model.Gate, write model.Write) model.Outcome {
	cloud, err := w.cloud(ctx)
	if err != nil {
		return model.Outcome{Step: write.Step, State: model.StepFailed, Message: err.Error()}
	}
	write.Run = w.run
	outcomes, err := cloud.Perform(ctx, gate, []model.Write{write})
	o := outcomes[0]
	if err != nil && o.Message == "" {
		o.Message = model.ErrorWithHint(err)
	}
	w.changes.add(write, o, w.link.now().sandbox)
	return o
}
