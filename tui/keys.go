package tui

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// intent is what the user wants, whatever key says so.
type intent string

// The intents.
const (
	intentUp       intent = "up"
	intentDown     intent = "down"
	intentPageUp   intent = "page up"
	intentPageDown intent = "page down"
	intentFirst    intent = "first"
	intentLast     intent = "last"
	intentChoose   intent = "choose"
	intentBack     intent = "back"
	intentQuit     intent = "quit"
	intentStop     intent = "interrupt"
	intentHelp     intent = "help"
	intentRefresh  intent = "refresh"
	intentCopy     intent = "copy"
	intentHandOver intent = "hand over"
	intentWalk     intent = "walk"
	intentGrant    intent = "grant"
	intentSkip     intent = "skip"
	intentUndo     intent = "undo"
	intentYes      intent = "yes"
	intentNo       intent = "no"
	intentToggle   intent = "toggle"
	intentExplain  intent = "explain"
)

// binding ties keys to an intent. The same record feeds the handler, the footer and the help.
type binding struct {
	keys   []string
	label  string // how the key is shown
	help   string // two or three words for the footer
	intent intent
	silent bool // works, and stands in the help, but not in the footer
}

func (b binding) matches(msg tea.KeyPressMsg) bool {
	return key.Matches(msg, key.NewBinding(key.WithKeys(b.keys...)))
}

// intentOf finds what a key means among the bindings; empty when none has it.
func intentOf(msg tea.KeyPressMsg, bindings []binding) intent {
	for _, b := range bindings {
		if b.matches(msg) {
			return b.intent
		}
	}
	return ""
}

var (
	bindMove    = binding{keys: []string{"up"}, label: "↑↓", help: "move", intent: intentUp}
	bindDown    = binding{keys: []string{"down"}, intent: intentDown, silent: true}
	bindEnter   = binding{keys: []string{"enter"}, label: "enter", help: "choose", intent: intentChoose}
	bindBack    = binding{keys: []string{"esc"}, label: "esc", help: "back", intent: intentBack}
	bindQuit    = binding{keys: []string{"q"}, label: "q", help: "quit", intent: intentQuit}
	bindStop    = binding{keys: []string{"ctrl+c"}, label: "ctrl+c", help: "leave", intent: intentStop, silent: true}
	bindHelp    = binding{keys: []string{"?", "f1"}, label: "?", help: "help", intent: intentHelp}
	bindCopy    = binding{keys: []string{"y"}, label: "y", help: "copy", intent: intentCopy}
	bindExplain = binding{keys: []string{"e"}, label: "e", help: "explain a failure text", intent: intentExplain}
	bindFresh   = binding{keys: []string{"r"}, label: "r", help: "reread", intent: intentRefresh}
)

// global bindings work on every screen.
var global = []binding{bindStop, bindHelp}

// paging bindings, for everything that scrolls.
var paging = []binding{
	{keys: []string{"pgup", "ctrl+b"}, label: "pgup pgdn", help: "a page", intent: intentPageUp, silent: true},
	{keys: []string{"pgdown", "ctrl+f"}, intent: intentPageDown, silent: true},
	{keys: []string{"home"}, label: "home end", help: "first, last", intent: intentFirst, silent: true},
	{keys: []string{"end"}, intent: intentLast, silent: true},
}

// footer is the line of keys, as many as fit; the ones that matter most come first in the bindings. How to get help is
// always among them.
func (t *theme) footer(bindings []binding, width int) string {
	var b strings.Builder
	end := ""
	if slices.ContainsFunc(bindings, func(b binding) bool { return b.intent == intentHelp }) {
		end = "  " + t.key.Render(bindHelp.label) + " " + t.dim.Render(bindHelp.help)
	}
	room := width - 1 - lipgloss.Width(end)
	b.WriteString(" ")
	gap := ""
	for _, bind := range bindings {
		if bind.silent || bind.help == "" || bind.intent == intentHelp {
			continue
		}
		if room -= lipgloss.Width(gap + bind.label + " " + bind.help); room < 0 {
			break
		}
		b.WriteString(gap + t.key.Render(bind.label) + " " + t.dim.Render(bind.help))
		gap = "  "
	}
	return b.String() + end
}
