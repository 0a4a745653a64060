// Package offline is the first screen of a person who is not connected. Its rows lead on without an account, to one, or back to the
// cloud.
package offline

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// Links are the ways that lead on from here. A nil one is not offered.
type Links struct {
	Tour        func() tea.Cmd // a first lesson, which needs no account
	OpenFailure func() ui.Screen
	Sandbox     bool // there is one to look around in

	SandboxProjects func() int // of the sandbox; nil: that is not said
}

// Screen stands in for every other while there is no connection. It says what happened, and has a row for each way on.
type Screen struct {
	*ui.Session
	Links
	Err          error
	Kept         string // what was pasted and opens once there is a connection; empty: nothing was
	Reconnecting bool
	cursor       int
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.Pointable
	ui.Copier
} = (*Screen)(nil)

// New says why there is no connection.
func New(e *ui.Session, links Links, err error) *Screen {
	return &Screen{Session: e, Links: links, Err: err}
}

// Init reads nothing.
func (s *Screen) Init() tea.Cmd { return nil }

// Update takes no message.
func (s *Screen) Update(tea.Msg) tea.Cmd { return nil }

// Close ends nothing.
func (s *Screen) Close() {}

// Breadcrumb is empty: nothing was picked yet.
func (s *Screen) Breadcrumb() string { return "" }

// Handle moves, takes the row under the cursor, or connects again.
func (s *Screen) Handle(i ui.Intent) tea.Cmd {
	rows := s.rows()
	switch i {
	case ui.IntentUp, ui.IntentDown:
		s.cursor = ui.MoveCursor(i, s.cursor, len(rows), 0)
	case ui.IntentReread:
		return s.connect(false)
	case ui.IntentChoose:
		return rows[s.cursor].open()
	}
	return nil
}

// Point puts the cursor on a row that was clicked, and takes the one that it is on.
func (s *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	switch {
	case at.Pane != ui.PaneRows:
		return nil, ""
	case at.Row == s.cursor:
		return nil, ui.IntentChoose
	}
	s.cursor = at.Row
	return nil, ""
}

// Wheel moves nothing: all rows are in sight.
func (s *Screen) Wheel(ui.Spot, int) tea.Cmd { return nil }

// FirstStep says what comes before everything that needs a connection.
func (s *Screen) FirstStep() string {
	if ui.NeedsSignIn(s.Err) {
		return "sign in first"
	}
	return "connect first"
}

// connect opens a connection to the cloud, or to the sandbox in its place.
func (s *Screen) connect(sandbox bool) tea.Cmd {
	if s.Reconnecting {
		return ui.Notice("still trying")
	}
	return func() tea.Msg { return ui.ReconnectMsg{Sandbox: sandbox} }
}

// Copyables are the commands of the advice, and what happened.
func (s *Screen) Copyables() (all ui.Copyables) {
	for _, a := range s.AdviceOf(s.Err, false) {
		all.Add("command", a.Command)
	}
	all.Add("line", s.Err.Error())
	return all
}

// Bindings are the keys here.
func (s *Screen) Bindings() []ui.Binding {
	move, back := ui.BindMove, ui.BindBack
	back.Hidden = true
	return []ui.Binding{ui.BindChoose, move, {Intent: ui.IntentReread, Help: "try again"}, ui.BindCopy, ui.BindQuit, back}
}

// row is a way on.
type row struct {
	title, note string
	commands    []model.Advice // each in a line of its own
	open        func() tea.Cmd
}

// rows are the ways on, the likely one first.
func (s *Screen) rows() []row {
	var rows []row
	if s.Tour != nil {
		rows = append(rows, row{"Take the tour", "2 minutes, no account; nothing is real", nil, s.Tour})
	}
	failure := row{"Read an error message", "paste it; no account needed", nil, func() tea.Cmd { return ui.Push(s.OpenFailure()) }}
	again := s.Keys.Symbol(ui.IntentReread, false)
	if ui.NeedsSignIn(s.Err) {
		rows = append(rows, failure, s.commandRow("Sign in", "run this in another terminal, then press "+again+":"))
	} else {
		rows = append(rows, row{"Try again", "connects once more", nil, func() tea.Cmd { return s.connect(false) }})
		if command := s.commandRow("What helps", "run this in another terminal, then press "+again+":"); len(command.commands) > 0 {
			rows = append(rows, command)
		}
		rows = append(rows, failure)
	}
	if s.Sandbox {
		rows = append(rows, row{"Look around", s.sandboxNote(), nil, func() tea.Cmd { return s.connect(true) }})
	}
	return rows
}

// sandboxNote says what the sandbox is, and how large.
func (s *Screen) sandboxNote() string {
	if s.SandboxProjects == nil {
		return "a pretend company"
	}
	return "a pretend company with " + text.CountNoun(s.SandboxProjects(), "project")
}

// commandRow is a row of the commands that an error advises; enter copies the first one. The sandbox has a row of its own.
func (s *Screen) commandRow(title, note string) row {
	r := row{title: title, note: note}
	for _, a := range s.AdviceOf(s.Err, false) {
		if a.Command != "" && (!s.Sandbox || !strings.HasPrefix(a.Command, "whopulls --sandbox")) {
			r.commands = append(r.commands, a)
		}
	}
	r.open = func() tea.Cmd {
		if len(r.commands) == 0 {
			return ui.Notice("no command is known that helps")
		}
		return ui.CopyCommands([]string{r.commands[0].Command})
	}
	if len(r.commands) > 0 && r.commands[0].Words != "" {
		r.note, r.commands[0].Words = r.commands[0].Words, ""
	}
	return r
}
