package tui

import (
	"strings"

	"whopulls/text/signs"
	"whopulls/tui/ui"

	tea "charm.land/bubbletea/v2"

	"whopulls/text/cells"
)

// noConnectionScreen stands in for every other while there is no connection: what happened, why, and what can be done from here.
type noConnectionScreen struct {
	*app
	err          error
	reconnecting bool
}

func (s *noConnectionScreen) Init() tea.Cmd { return nil }

func (s *noConnectionScreen) Update(tea.Msg) tea.Cmd { return nil }

func (s *noConnectionScreen) Close() {}

func (s *noConnectionScreen) Breadcrumb() string { return "" }

func (s *noConnectionScreen) Handle(i ui.Intent) tea.Cmd {
	switch {
	case s.reconnecting:
		return ui.Notice("still trying")
	case i == ui.IntentReread || i == ui.IntentSandbox:
		return func() tea.Msg { return ui.ReconnectMsg{Sandbox: i == ui.IntentSandbox} }
	}
	return nil
}

// Copyables are the commands of the advice, and what happened.
func (s *noConnectionScreen) Copyables() (all ui.Copyables) {
	for _, a := range ui.AdviceOf(s.err) {
		all.Add("command", a.Command)
	}
	all.Add("line", s.err.Error())
	return all
}

func (s *noConnectionScreen) Bindings() []ui.Binding {
	again := ui.Binding{Intent: ui.IntentReread, Help: "try again"}
	sandbox := ui.Binding{Intent: ui.IntentSandbox, KeysFrom: ui.IntentChoose, Help: "open the sandbox"}
	back := ui.BindBack
	back.Hidden = true
	if s.opts.ConnectSandbox == nil {
		return []ui.Binding{again, ui.BindCopy, ui.BindQuit, back}
	}
	return []ui.Binding{again, sandbox, ui.BindCopy, ui.BindQuit, back}
}

func (s *noConnectionScreen) View(width, _ int) string {
	lines := []string{"", "  " + s.Styles.Danger.Render(s.title()), ""}
	if s.reconnecting {
		lines = []string{"", "  " + s.Styles.Bold.Render("Connecting again "+signs.More), ""}
	}
	lines = append(lines, s.ErrorLines(s.err, false, width-2)...)
	if ui.NeedsSignIn(s.err) {
		lines = append(lines, "", "  Signed in from another terminal? "+s.Keys.Symbol(ui.IntentReread, false)+" tries again.")
	}
	lines = append(lines, "")
	for _, l := range cells.Wrap("Paste a failure text here to read it: that needs no connection.", width-3) {
		lines = append(lines, "  "+s.Styles.Dim.Render(l))
	}
	return strings.Join(lines, "\n")
}

// title tells a lack of a sign-in from a lack of a connection.
func (s *noConnectionScreen) title() string {
	if ui.NeedsSignIn(s.err) {
		return "Not signed in"
	}
	return "No connection"
}
