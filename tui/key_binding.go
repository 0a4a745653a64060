package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// intent is what the user wants, whatever key says so. Those that stand in the table of actions are called there and in
// the settings as they are here.
type intent string

// The intents.
const (
	intentUp       intent = "up"
	intentDown     intent = "down"
	intentPageUp   intent = "page-up"
	intentPageDown intent = "page-down"
	intentFirst    intent = "first"
	intentLast     intent = "last"
	intentChoose   intent = "choose"
	intentBack     intent = "back"
	intentQuit     intent = "quit"
	intentHelp     intent = "help"
	intentReread   intent = "reread"
	intentCopy     intent = "copy"
	intentHandOver intent = "hand-over"
	intentWalk     intent = "walk"
	intentGrant    intent = "grant"
	intentSkip     intent = "skip"
	intentUndo     intent = "undo"
	intentExplain  intent = "explain"
	intentBrowse   intent = "browse"
	intentClear    intent = "clear"
	intentSandbox  intent = "sandbox"
	intentRunAll   intent = "together"
	intentUndoAll  intent = "undo-all"
	intentKind     intent = "kind"

	intentCleanUp   intent = "clean-up"
	intentSelect    intent = "select"
	intentSelectAll intent = "select-all"
	intentStatus    intent = "status"

	intentNextField     intent = "next-field"
	intentPreviousField intent = "field-before"

	// Not in the settings: leaving at once, the answers to a question before a change, and leaving a field, which is back.
	intentStop       intent = "stop"
	intentNo         intent = "no"
	intentToggle     intent = "toggle"
	intentLeaveField intent = "leave-field"
)

// binding offers an intent on a screen. The same record feeds the handler, the footer and the help; its keys come from
// the keymap, but for the few that nothing changes.
type binding struct {
	intent   intent
	opposite intent // the opposite movement, which shares the record: down beside up
	keysFrom intent // the action whose keys it listens to, where that is not its own
	help     string // two or three words for the footer
	longHelp string // what the help says instead, where those don't tell enough
	hidden   bool   // works, and stands in the help, but not in the footer

	keys, oppositeKeys []string
	label              string // how the keys are shown, where they don't say it themselves
}

// intentOf finds what a key means among the bindings; empty when none has it.
func intentOf(msg tea.KeyPressMsg, bindings []binding) intent {
	for _, b := range bindings {
		switch key := msg.String(); {
		case slices.Contains(b.keys, key):
			return b.intent
		case slices.Contains(b.oppositeKeys, key):
			return b.opposite
		}
	}
	return ""
}

var (
	bindMove   = binding{intent: intentUp, opposite: intentDown, help: "move"}
	bindChoose = binding{intent: intentChoose, help: "choose"}
	bindBack   = binding{intent: intentBack, help: "back"}
	bindQuit   = binding{intent: intentQuit, help: "quit"}
	bindCopy   = binding{intent: intentCopy, help: "copy"}
	bindStop   = binding{intent: intentStop, keys: []string{interruptKey}, help: "leave"}
	bindHelp   = binding{intent: intentHelp, help: "help"}
)

// disabledIf leaves a key out of the footer where it changes nothing. It says why when it is pressed, and so does the help.
func (b binding) disabledIf(why string) binding {
	if why != "" {
		b.hidden, b.longHelp = true, b.help+" ("+why+")"
	}
	return b
}

// changeBinding is a key for a change, which asks before it.
func changeBinding(i intent, verb, note, whyNot string) binding {
	b := binding{intent: i, help: verb}.disabledIf(whyNot)
	if whyNot == "" {
		b.help += " (" + note + ")"
	}
	return b
}

// interruptKey leaves from everywhere, whatever the settings say.
const interruptKey = "ctrl+c"

// pagingBindings bindings, for everything that scrolls.
var pagingBindings = []binding{
	{intent: intentPageUp, opposite: intentPageDown, help: "a page", hidden: true},
	{intent: intentFirst, opposite: intentLast, help: "first, last", hidden: true},
}

// shortLabel is how the first key is shown, and that of the opposite movement.
func (b binding) shortLabel() string {
	if b.label != "" || len(b.keys) == 0 {
		return b.label
	}
	if len(b.oppositeKeys) == 0 {
		return keySymbol(b.keys[0])
	}
	return pairSymbol(b.keys[0], b.oppositeKeys[0])
}

// fullLabel shows every key.
func (b binding) fullLabel() string {
	if b.label != "" {
		return b.label
	}
	var signs []string
	for n, key := range b.keys {
		if n < len(b.oppositeKeys) {
			signs = append(signs, pairSymbol(key, b.oppositeKeys[n]))
		} else {
			signs = append(signs, keySymbol(key))
		}
	}
	for _, key := range b.oppositeKeys[min(len(b.keys), len(b.oppositeKeys)):] {
		signs = append(signs, keySymbol(key))
	}
	return strings.Join(signs, ", ")
}

// keySymbol is a key as it is shown.
func keySymbol(key string) string {
	signs := map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn"}
	if sign, ok := signs[key]; ok {
		return sign
	}
	return key
}

// pairSymbol shows two keys; two arrows or two letters need nothing between them.
func pairSymbol(one, other string) string {
	first, second := keySymbol(one), keySymbol(other)
	arrows := first != one
	if lipgloss.Width(first)+lipgloss.Width(second) == 2 && arrows == (second != other) {
		return first + second
	}
	return first + " " + second
}

// footer is the line of keys, as many as fit; the ones that matter most come first in the bindings. How to get help is
// always among them.
func (t *styles) footer(bindings []binding, width int) string {
	var b strings.Builder
	end := ""
	if at := slices.IndexFunc(bindings, func(b binding) bool { return b.intent == intentHelp }); at >= 0 {
		end = "  " + t.key.Render(bindings[at].shortLabel()) + " " + t.dim.Render(bindings[at].help)
	}
	room := width - 1 - lipgloss.Width(end)
	b.WriteString(" ")
	gap := ""
	for _, bind := range bindings {
		if bind.hidden || bind.help == "" || bind.intent == intentHelp {
			continue
		}
		if room -= lipgloss.Width(gap + bind.shortLabel() + " " + bind.help); room < 0 {
			break
		}
		b.WriteString(gap + t.key.Render(bind.shortLabel()) + " " + t.dim.Render(bind.help))
		gap = "  "
	}
	return b.String() + end
}
