package tui

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// lostScreen stands in for every other while there is no connection: what happened, why, and what can be done from here.
type lostScreen struct {
	*env
	err    error
	trying bool
}

func (s *lostScreen) init() tea.Cmd { return nil }

func (s *lostScreen) update(tea.Msg) tea.Cmd { return nil }

func (s *lostScreen) close() {}

func (s *lostScreen) crumb() string { return "" }

func (s *lostScreen) handle(i intent) tea.Cmd {
	switch {
	case i == intentCopy:
		return s.copy()
	case s.trying:
		return notice("still trying")
	case i == intentReread || i == intentSandbox:
		return func() tea.Msg { return relinkMsg{sandbox: i == intentSandbox} }
	}
	return nil
}

// copy takes the first command of the advice.
func (s *lostScreen) copy() tea.Cmd {
	for _, a := range adviceOf(s.err) {
		if a.Command != "" {
			return copyCommands([]string{a.Command})
		}
	}
	return notice("there is no command to copy")
}

func (s *lostScreen) bindings() []binding {
	again := binding{intent: intentReread, help: "try again"}
	sandbox := binding{intent: intentSandbox, help: "go on in the sandbox"}
	back := bindBack
	back.silent = true
	if s.opts.Sandbox == nil {
		return []binding{again, bindCopy, bindQuit, back}
	}
	return []binding{again, sandbox, bindCopy, bindQuit, back}
}

func (s *lostScreen) view(width, _ int) string {
	lines := []string{"", "  " + s.looks.danger.Render(s.title()), ""}
	if s.trying {
		lines = []string{"", "  " + s.looks.bold.Render("Connecting again …"), ""}
	}
	lines = append(lines, s.trouble(s.err, false, width-2)...)
	if needsSignIn(s.err) {
		lines = append(lines, "", "  Signed in meanwhile, in another terminal? "+s.opts.Keys.sign(intentReread, false)+" tries again.")
	}
	lines = append(lines, "", "  "+s.looks.dim.Render("Paste a failure text here to read it: that needs no connection."))
	return strings.Join(lines, "\n")
}

// title tells a lack of a sign-in from a lack of a connection.
func (s *lostScreen) title() string {
	if needsSignIn(s.err) {
		return "Not signed in"
	}
	return "No connection"
}

// trouble tells an error, and what to do about it. Below a list a sign goes first.
func (e *env) trouble(err error, signed bool, width int) []string {
	sign, indent := "  ", "  "
	if signed {
		sign, indent = "  "+e.looks.verdicts[model.Unknown].Render("? "), "    "
	}
	var lines []string
	for n, l := range wrap(clean(err.Error())+".", width-len(indent)) {
		if n > 0 {
			sign = indent
		}
		lines = append(lines, sign+l)
	}
	if advice := e.advice(err, indent, width); len(advice) > 0 {
		lines = append(append(lines, ""), advice...)
	}
	return lines
}

// advice is what an error says to do next. A command has a line of its own, so that it can be taken from the screen
// whole.
func (e *env) advice(err error, indent string, width int) []string {
	var lines []string
	for _, a := range adviceOf(err) {
		if a.Words != "" {
			for _, l := range wrap(a.Words, width-len(indent)) {
				lines = append(lines, indent+e.looks.dim.Render(l))
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
