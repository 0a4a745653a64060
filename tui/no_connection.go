package tui

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// noConnectionScreen stands in for every other while there is no connection: what happened, why, and what can be done from here.
type noConnectionScreen struct {
	*session
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
		lines = append(lines, "", "  Signed in meanwhile, in another terminal? "+s.opts.Keys.symbol(intentReread, false)+" tries again.")
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

// errorLines tells an error, and what to do about it. Below a list a sign goes first.
func (e *session) errorLines(err error, withSign bool, width int) []string {
	sign, indent := "  ", "  "
	if withSign {
		sign, indent = "  "+e.styles.verdicts[model.Unknown].Render("? "), "    "
	}
	var lines []string
	for n, l := range wrap(clean(err.Error())+".", width-len(indent)) {
		if n > 0 {
			sign = indent
		}
		lines = append(lines, sign+l)
	}
	if advice := e.adviceLines(err, indent, width); len(advice) > 0 {
		lines = append(append(lines, ""), advice...)
	}
	return lines
}

// adviceLines is what an error says to do next. A command has a line of its own, so that it can be taken from the screen
// whole.
func (e *session) adviceLines(err error, indent string, width int) []string {
	var lines []string
	for _, a := range adviceOf(err) {
		if a.Words != "" {
			for _, l := range wrap(a.Words, width-len(indent)) {
				lines = append(lines, indent+e.styles.dim.Render(l))
			}
		}
		if a.Command != "" {
			for _, l := range wrapCommand(a.Command, width-len(indent)-2) {
				lines = append(lines, indent+"  "+l)
			}
		}
	}
	return lines
}

// adviceOf is what an error says to do next: with its commands apart, where it has any, else its hint line by line.
func adviceOf(err error) []model.Advice {
	var nexts interface{ Nexts() []model.Advice }
	if errors.As(err, &nexts) {
		all := slices.Clone(nexts.Nexts())
		for n, a := range all {
			all[n] = model.Advice{Words: clean(a.Words), Command: clean(a.Command)}
		}
		return all
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) {
		return nil
	}
	var all []model.Advice
	for line := range strings.Lines(hinted.Hint()) {
		if line = strings.TrimSpace(clean(line)); line != "" {
			all = append(all, model.Advice{Words: line})
		}
	}
	return all
}
