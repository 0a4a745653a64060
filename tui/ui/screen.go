// Package ui is what the screens share: canvas, colours, keys, dialogs, and what a screen is. It knows no screen.
package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
)

// Screen is one place in the program. It draws into a rectangle, handles intents, and takes every message
// that is not a key. A message carries its screen and the generation of its request; others are dropped.
type Screen interface {
	Init() tea.Cmd
	Update(msg tea.Msg) tea.Cmd
	Handle(i Intent) tea.Cmd
	Bindings() []Binding
	Breadcrumb() string // where we are, for the title line
	View(width, height int) string
	Close() // what the screen was reading is not wanted any more
}

// TextScreen is a screen that takes letters as text.
type TextScreen interface {
	HandleText(msg tea.Msg) tea.Cmd
}

// PartTextScreen takes letters as text at times; else they are actions.
type PartTextScreen interface {
	TextScreen
	Typing() bool
}

// What a screen may do besides. The root looks for each of these on the screens that it holds.
type (
	// Pausable stops what it reads when another screen opens over it.
	Pausable interface{ Pause() }
	// Resumable is seen again after the screen above it was closed.
	Resumable interface{ Resume() tea.Cmd }
	// ChangeMaker may be in the middle of a change.
	ChangeMaker interface{ Changing() bool }
	// Stoppable ends a run of several changes after the one under way.
	Stoppable interface{ Halt() }
	// Watcher looks on after it was left, and has something to come back to.
	Watcher interface {
		Watching() bool // it waits for something
		Unproven() bool // something is not shown yet
	}
	// Occupiable says why no screen may open over it; empty: one may.
	Occupiable interface{ Occupied() string }
	// Judge has a verdict for the title line, with its style.
	Judge interface{ Verdict() string }
	// Located knows the projects that it is about, as far as they were read. The title line warns of production.
	Located interface{ Projects() []model.Project }
	// Questioner knows what was picked so far.
	Questioner interface{ Knows() model.Question }
	// Offline is of use without a connection.
	Offline interface{ WorksOffline() bool }
	// PasteAnswer takes some pasted things as answers to what it asks: they stay in its line.
	PasteAnswer interface {
		IsAnswer(t pasted.Thing, content string) bool
	}
	// Copier has something to copy at the place under the cursor.
	Copier interface{ Copyables() Copyables }
	// Pointable has rows that can be clicked, and panes that the wheel moves. What stands where is what it marked when it drew.
	Pointable interface {
		// Point puts the cursor on a row. Where it was there before, it gives what that row is for, as a key would.
		Point(at Spot) (tea.Cmd, Intent)
		// Wheel moves a pane by so many lines.
		Wheel(at Spot, lines int) tea.Cmd
	}
	// Exporter has something to take out, to the clipboard or to a file.
	Exporter interface{ TakeOuts() []TakeOut }
	// MenuOpener opens menus for some keys, at once: the next key is for the menu. nil: the key opens none now.
	MenuOpener interface{ MenuFor(i Intent) *Menu }
	// LegendScreen has a legend of its own in the help: what its words mean, below a heading.
	LegendScreen interface {
		Legend() (heading string, lines []string)
	}
)

// Messages to the root.
type (
	// PushMsg opens a screen over the present one, and says something there.
	PushMsg struct {
		Screen Screen
		Notice string
	}
	// PopMsg goes back to the screen before.
	PopMsg struct{}
	// DialogMsg asks a question over the present screen.
	DialogMsg struct{ Dialog *Dialog }
	// MenuMsg asks which of several things is wanted.
	MenuMsg struct{ Menu *Menu }
	// NotifyMsg says something to a person who looks elsewhere.
	NotifyMsg struct{ Text string }
	// NoticeMsg says something above the keys, or ends a notice that holds no longer.
	NoticeMsg struct{ Text, Ends string }
)

// Push opens a screen over the present one.
func Push(s Screen) tea.Cmd { return func() tea.Msg { return PushMsg{Screen: s} } }

// Pop goes back to the screen before.
func Pop() tea.Msg { return PopMsg{} }

// Notice says something above the keys, until the next key or screen.
func Notice(text string) tea.Cmd { return func() tea.Msg { return NoticeMsg{Text: text} } }

// Notify says something to a person who looks elsewhere: the terminal shows it outside of the program, where it can.
func Notify(text string) tea.Cmd { return func() tea.Msg { return NotifyMsg{Text: text} } }

// EndNotice ends a notice, unless another one stands there by now.
func EndNotice(text string) tea.Cmd { return func() tea.Msg { return NoticeMsg{Ends: text} } }

// Loader is the part of a screen that asks the cloud, with one request at a time. It cancels an older
// request, and drops its late answers by their generation.
type Loader struct {
	Generation int
	cancel     context.CancelFunc
	Busy       bool
}

// Begin starts a new generation under the program's context.
func (r *Loader) Begin(parent context.Context) (context.Context, int) {
	r.Stop()
	ctx, cancel := context.WithCancel(parent)
	r.cancel, r.Busy = cancel, true
	r.Generation++
	return ctx, r.Generation
}

// IsReading reports whether an answer is still to come.
func (r *Loader) IsReading() bool { return r.Busy }

// Stop cancels the request under way.
func (r *Loader) Stop() {
	if r.cancel != nil {
		r.cancel()
	}
	r.Busy = false
}

// Receive waits for a channel's next message; nothing more comes when the channel is closed.
func Receive[T any](ch <-chan T) tea.Cmd {
	return func() tea.Msg {
		msg, ok := <-ch
		if !ok {
			return nil
		}
		return msg
	}
}
