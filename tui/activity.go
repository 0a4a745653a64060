package tui

import (
	"fmt"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/tui/ui"
)

// Retry is a call that failed and is sent again.
type Retry struct {
	Host, Status string
	Number, Of   int // which time it is, and how often at most
}

// Retries carries what is sent again from a connection to the app. Before the app runs, nobody hears of it.
type Retries struct {
	mu    sync.Mutex
	send  func(tea.Msg)
	count int
}

// retryMsg says that a call is sent again, or that this is over.
type retryMsg struct {
	id   int
	call Retry
	over bool
}

// connect gives the way to the app.
func (r *Retries) connect(send func(tea.Msg)) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.send = send
}

// Begin says that a call is sent again. What it gives says that this is over.
func (r *Retries) Begin(call Retry) (over func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.send == nil {
		return func() {}
	}
	r.count++
	send, begun := r.send, retryMsg{r.count, call, false}
	guard.Go(func() { send(begun) }) // a call does not wait for a frame
	ended := retryMsg{r.count, call, true}
	return func() { guard.Go(func() { send(ended) }) }
}

// activity is what is under way by itself while something is read.
type activity struct {
	retries  []retryMsg    // calls that are sent again now, and ends whose begin is still on its way
	interval time.Duration // how long a sign of the spinner stays; 0: it does not turn
	spinning bool          // its next turn is on its way
}

// takeActivity takes a turn of the spinner, or what is sent again.
func (r *root) takeActivity(msg tea.Msg) bool {
	switch msg := msg.(type) {
	case spinMsg:
		r.activity.spinning = false
		r.Spinner.Turn()
	case retryMsg:
		r.activity.take(msg)
	default:
		return false
	}
	return true
}

// take takes what is sent again. Messages come in any order: the end may come first.
func (a *activity) take(msg retryMsg) {
	if n := slices.IndexFunc(a.retries, func(m retryMsg) bool { return m.id == msg.id }); n >= 0 {
		a.retries = slices.Delete(a.retries, n, n+1)
		return
	}
	a.retries = append(a.retries, msg)
}

// retryText says what is sent again while the screen on top reads; empty: nothing is.
func (r *root) retryText() string {
	if !r.isReading() {
		return ""
	}
	for _, m := range slices.Backward(r.activity.retries) {
		if !m.over {
			return fmt.Sprintf("%s from %s: trying again, %d of %d", m.call.Status, m.call.Host, m.call.Number, m.call.Of)
		}
	}
	return ""
}

// isReading reports whether the screen on top is being filled.
func (r *root) isReading() bool {
	reader, ok := r.top().(interface{ IsReading() bool })
	return ok && reader.IsReading()
}

// spinInterval is how long a sign of the spinner stays.
const spinInterval = 150 * time.Millisecond

// spinMsg turns the spinner.
type spinMsg struct{}

// turn turns the spinner while the screen on top reads. In rest no timer runs.
func (r *root) turn() tea.Cmd {
	if r.activity.interval == 0 || r.activity.spinning || !r.isReading() {
		return nil
	}
	r.activity.spinning = true
	return tea.Tick(r.activity.interval, func(time.Time) tea.Msg { return spinMsg{} })
}

// Settled is a cloud on which a connection found changes that a killed program had left open.
type Settled interface{ Settled() []ledger.Entry }

// settledText says what was left open and how it ended; empty: nothing was.
func settledText(cloud Cloud) string {
	s, ok := cloud.(Settled)
	if !ok || len(s.Settled()) == 0 {
		return ""
	}
	entries := s.Settled()
	if len(entries) > 1 {
		return text.CountNoun(len(entries), "change") + " were left open by an earlier run; the history shows how they ended"
	}
	e := entries[0]
	what := map[model.StepKind]string{model.StepGrant: "granting ", model.StepRevoke: "removing "}[e.Kind]
	if what == "" {
		return e.Step().Heading() + " was left open by an earlier run; it is " + string(e.State)
	}
	return what + ui.ShortRole(e.Role) + " on " + model.Describe(e.Resource, nil) + " was left open by an earlier run; it is " + string(e.State)
}
