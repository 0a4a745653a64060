// Package preview shows more about the row under a list's cursor: at once what the list has in hand, then what a few calls bring.
package preview

import (
	"context"
	"iter"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/tui/ui"
)

// Cloud is what the pane reads from.
type Cloud interface {
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error)
}

const (
	restTime = 150 * time.Millisecond // how long the cursor rests on a row before anything is read about it
	maxKnown = 500                    // how many rows are remembered
)

// Pane shows one row at a time. It reads only about a row on which the cursor rests, and remembers what it read.
type Pane struct {
	*ui.Session
	ui.Loader
	VerdictOf func(id string) (v model.WorkloadVerdict, checked bool) // what a check has found about a row; nil: there is no check
	cloud     ui.Connection[Cloud]
	turn      int // of the row that is shown; answers to an older one are dropped
	id        string
	value     any
	known     map[string]facts
	levels    model.Situation // what was read of the levels above repositories; the next one may stand below the same
}

// restMsg says that the cursor has rested on a row.
type restMsg struct {
	to   *Pane
	turn int
}

// factsMsg brings what is known by now; the channel has the rest.
type factsMsg struct {
	to    *Pane
	turn  int
	facts facts
	rest  <-chan factsMsg
}

// New is a pane that shows nothing yet.
func New(e *ui.Session, cloud ui.Connection[Cloud]) *Pane {
	p := &Pane{Session: e, cloud: cloud, known: map[string]facts{}}
	p.forget()
	return p
}

// Show shows another row: what it stands for, under a name that tells it from the others.
func (p *Pane) Show(id string, value any) tea.Cmd {
	p.Stop()
	p.turn++
	p.id, p.value = id, value
	if _, wants := wantsFor(value); len(wants) == 0 || p.known[id].complete && p.known[id].err == nil {
		return nil
	}
	turn := p.turn
	return func() tea.Msg {
		<-p.After(restTime)
		return restMsg{p, turn}
	}
}

// Update reads about the row on which the cursor rests, and takes what was read.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case restMsg:
		if msg.to == p && msg.turn == p.turn {
			return p.read()
		}
	case factsMsg:
		if msg.to == p && msg.turn == p.turn && p.Busy {
			p.take(msg.facts)
			return ui.Receive(msg.rest)
		}
	}
	return nil
}

// take takes what is known by now.
func (p *Pane) take(f facts) {
	if len(p.known) >= maxKnown {
		p.forget()
	}
	p.known[p.id] = f
	if _, ok := p.value.(model.Repository); ok {
		p.levels = f.situation
	}
	p.Busy = !f.complete
}

// Forget drops what was read: the list is read again.
func (p *Pane) Forget() {
	p.Stop()
	p.forget()
}

func (p *Pane) forget() {
	clear(p.known)
	p.levels = model.NewSituation(model.Question{}, time.Time{})
}

// read reads about the row. Leaving the row ends it.
func (p *Pane) read() tea.Cmd {
	ctx, _ := p.Begin(p.Context)
	turn, value, levels := p.turn, p.value, p.levels
	answers := make(chan factsMsg)
	send := func(f facts) {
		select {
		case answers <- factsMsg{p, turn, f, answers}:
		case <-ctx.Done():
		}
	}
	return func() tea.Msg {
		guard.Go(func() {
			defer close(answers)
			readFacts(ctx, p.cloud, value, levels, send)
		})
		return ui.Receive(answers)()
	}
}
