package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// noConnectionScreen stands in for every other while there is no connection: what happened, why, and what can be done from here.
type noConnectionScreen struct {
	*app
	err          error
	reconnecting bool
}

func (s *noConnectionScreen) init() tea.Cmd { return nil }

func (s *noConnectionScreen) update(tea.Msg) tea.Cmd { return nil }

func (s *noConnectionScreen) close() {}

func (s *noConnectionScreen) breadcrumb() string { return "" }

func (s *noConnectionScreen) handle(i intent) tea.Cmd {
	switch {
	case i == intentCopy:
		return s.copy()
	case s.reconnecting:
		return notice("still trying")
	case i == intentReread || i == intentSandbox:
		return func() tea.Msg { return reconnectMsg{sandbox: i == intentSandbox} }
	}
	return nil
}

// copy takes the first command of the advice.
func (s *noConnectionScreen) copy() tea.Cmd {
	for _, a := range adviceOf(s.err) {
		if a.Command != "" {
			return copyCommands([]string{a.Command})
		}
	}
	return notice("there is no command to copy")
}

func (s *noConnectionScreen) bindings() []binding {
	again := binding{intent: intentReread, help: "try again"}
	sandbox := binding{intent: intentSandbox, help: "go on in the sandbox"}
	back := bindBack
	back.hidden = true
	if s.opts.ConnectSandbox == nil {
		return []binding{again, bindCopy, bindQuit, back}
	}
	return []binding{again, sandbox, bindCopy, bindQuit, back}
}

func (s *noConnectionScreen) view(width, _ int) string {
	lines := []string{"", "  " + s.styles.danger.Render(s.title()), ""}
	if s.reconnecting {
		lines = []string{"", "  " + s.styles.bold.Render("Connecting again …"), ""}
	}
	lines = append(lines, s.errorLines(s.err, false, width-2)...)
	if needsSignIn(s.err) {
		lines = append(lines, "", "  Signed in meanwhile, in another terminal? "+s.keys.symbol(intentReread, false)+" tries again.")
	}
	lines = append(lines, "", "  "+s.styles.dim.Render("Paste a failure text here to read it: that needs no connection."))
	return strings.Join(lines, "\n")
}

// title tells a lack of a sign-in from a lack of a connection.
func (s *noConnectionScreen) title() string {
	if needsSignIn(s.err) {
		return "Not signed in"
	}
	return "No connection"
}
