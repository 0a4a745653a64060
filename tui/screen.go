package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// screen is one place in the program. It draws into a rectangle, handles intents, and takes every message that is not
// a key; messages carry the screen they are for and the generation of their request, and others are dropped.
type screen interface {
	init() tea.Cmd
	update(msg tea.Msg) tea.Cmd
	handle(i intent) tea.Cmd
	bindings() []binding
	breadcrumb() string // where we are, for the title line
	view(width, height int) string
	close() // what the screen was reading is not wanted any more
}

// textScreen is a screen that takes letters as text.
type textScreen interface {
	handleText(msg tea.Msg) tea.Cmd
}

// What a screen may do besides. The root looks for each of these on the screens that it holds.
type (
	// pausable stops what it reads when another screen opens over it.
	pausable interface{ pause() }
	// resumable is seen again after the screen above it was closed.
	resumable interface{ resume() tea.Cmd }
	// changeMaker may be in the middle of a change.
	changeMaker interface{ changing() bool }
	// stoppable ends a run of several changes after the one under way.
	stoppable interface{ halt() }
	// occupiable says why no screen may open over it; empty: one may.
	occupiable interface{ occupied() string }
	// questioner knows what was picked so far.
	questioner interface{ knows() model.Question }
	// offline is of use without a connection.
	offline interface{ worksOffline() bool }
	// legendScreen has a legend of its own in the help: what its words mean, below a heading.
	legendScreen interface {
		legend() (heading string, lines []string)
	}
)

// Messages to the root: pushMsg opens a screen over the present one, popMsg goes back, dialogMsg asks, noticeMsg says
// something in the footer.
type (
	pushMsg   struct{ screen screen }
	popMsg    struct{}
	dialogMsg struct{ dialog *dialog }
	noticeMsg struct{ text string }
)

func push(s screen) tea.Cmd      { return func() tea.Msg { return pushMsg{s} } }
func pop() tea.Msg               { return popMsg{} }
func notice(text string) tea.Cmd { return func() tea.Msg { return noticeMsg{text} } }

// loader is the part of a screen that asks the cloud: one request at a time, an older one is cancelled and what it
// still answers is dropped by its generation.
type loader struct {
	generation int
	cancel     context.CancelFunc
	busy       bool
}

// begin starts a new generation under the program's context.
func (r *loader) begin(parent context.Context) (context.Context, int) {
	r.stop()
	ctx, cancel := context.WithCancel(parent)
	r.cancel, r.busy = cancel, true
	r.generation++
	return ctx, r.generation
}

func (r *loader) stop() {
	if r.cancel != nil {
		r.cancel()
	}
	r.busy = false
}

// receive waits for a channel's next message; nothing more comes when the channel is closed.
func receive[T any](ch <-chan T) tea.Cmd {
	return func() tea.Msg {
		msg, ok := <-ch
		if !ok {
			return nil
		}
		return msg
	}
}
