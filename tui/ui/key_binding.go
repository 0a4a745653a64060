package ui

import (
	"cmp"
	"slices"
	"strings"
	"whopulls/text/signs"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// Intent is what the user wants, whatever key says so. Those that stand in the table of actions are called there and in
// the settings as they are here.
type Intent string

// The intents.
const (
	IntentUp       Intent = "up"
	IntentDown     Intent = "down"
	IntentPageUp   Intent = "page-up"
	IntentPageDown Intent = "page-down"
	IntentFirst    Intent = "first"
	IntentLast     Intent = "last"
	IntentChoose   Intent = "choose"
	IntentBack     Intent = "back"
	IntentQuit     Intent = "quit"
	IntentHelp     Intent = "help"
	IntentReread   Intent = "reread"
	IntentCopy     Intent = "copy"
	IntentTakeOut  Intent = "take-out"
	IntentWalk     Intent = "walk"
	IntentGrant    Intent = "grant"
	IntentSkip     Intent = "skip"
	IntentUndo     Intent = "undo"
	IntentExplain  Intent = "explain"
	IntentClear    Intent = "clear"
	IntentRunAll   Intent = "together"
	IntentKind     Intent = "kind"
	IntentPalette  Intent = "palette"
	IntentRehearse Intent = "rehearse"
	IntentSort     Intent = "sort"
	IntentSuspend  Intent = "suspend"
	IntentRedraw   Intent = "redraw"
	IntentMouse    Intent = "mouse"

	IntentRegistry  Intent = "registry"
	IntentSelect    Intent = "select"
	IntentSelectAll Intent = "select-all"
	IntentFilter    Intent = "filter"
	IntentPane      Intent = "pane"

	// Not in the settings: leaving at once, and the answers to a question before a change. The last four share the keys of back,
	// down and choose.
	IntentStop       Intent = "stop"
	intentNo         Intent = "no"
	intentToggle     Intent = "toggle"
	IntentLeaveField Intent = "leave-field"
	IntentEnd        Intent = "end-reading"
	IntentBrowse     Intent = "browse"
)

// Binding offers an intent on a screen. The same record feeds the handler, the footer and the help; its keys come from
// the keymap, but for the few that nothing changes.
type Binding struct {
	Intent   Intent
	Opposite Intent // the opposite movement, which shares the record: down with up
	KeysFrom Intent // the action whose keys it listens to, where that is not its own
	Help     string // two or three words for the footer
	LongHelp string // what the help says instead, where those don't tell enough
	Hidden   bool   // works, and stands in the help, but not in the footer
	WhyOff   string // why it changes nothing now; empty: it works. It is then in the help, and not in the footer

	Keys, OppositeKeys []string
	Label              string // how the keys are shown, where they don't say it themselves
}

// IntentOf finds what a key means among the bindings; empty if none has it.
func IntentOf(msg tea.KeyPressMsg, bindings []Binding) Intent {
	for _, b := range bindings {
		switch key := msg.String(); {
		case slices.Contains(b.Keys, key):
			return b.Intent
		case slices.Contains(b.OppositeKeys, key):
			return b.Opposite
		}
	}
	return ""
}

// Bindings that several screens have.
var (
	BindMove    = Binding{Intent: IntentUp, Opposite: IntentDown, Help: "move"}
	BindChoose  = Binding{Intent: IntentChoose, Help: "choose"}
	BindBack    = Binding{Intent: IntentBack, Help: "back"}
	BindQuit    = Binding{Intent: IntentQuit, Help: "quit"}
	BindCopy    = Binding{Intent: IntentCopy, Help: "copy", LongHelp: "copy what the line has"}
	BindTakeOut = Binding{Intent: IntentTakeOut, Help: "take out", LongHelp: "take out a picture (SVG), a request, Terraform, JSON"}
	BindStop    = Binding{Intent: IntentStop, Keys: []string{InterruptKey}, Help: "quit"}
	BindHelp    = Binding{Intent: IntentHelp, Help: "keys", LongHelp: "keys and words of this screen"}

	BindSuspend = Binding{Intent: IntentSuspend, Help: "pause; fg in the shell continues", Hidden: true}
	BindRedraw  = Binding{Intent: IntentRedraw, Help: "draw the screen again", Hidden: true}
	BindPalette = Binding{Intent: IntentPalette, Help: "anything", LongHelp: "go anywhere, do anything"}
)

// DisabledIf notes why a key changes nothing now; empty: it works.
func (b Binding) DisabledIf(why string) Binding {
	b.WhyOff = why
	return b
}

// HiddenIf leaves the key out of the footer while it would do nothing that is seen.
func (b Binding) HiddenIf(hidden bool) Binding {
	b.Hidden = b.Hidden || hidden
	return b
}

// MoveIn is the movement through so many rows.
func MoveIn(rows int) Binding { return BindMove.HiddenIf(rows < 2) }

// Title says what the key does, where there is room for more than the footer has.
func (b Binding) Title() string {
	if b.WhyOff != "" {
		return b.Help
	}
	return cmp.Or(b.LongHelp, b.Help)
}

// Explanation is the title, and why the key is off where it is.
func (b Binding) Explanation() string {
	if b.WhyOff != "" {
		return b.Title() + " (" + b.WhyOff + ")"
	}
	return b.Title()
}

// inFooter reports whether the footer offers the key.
func (b Binding) inFooter() bool {
	return !b.Hidden && b.WhyOff == "" && b.Help != "" && b.shortLabel() != ""
}

// ChangeBinding is a key for a change, which asks before it.
func ChangeBinding(i Intent, verb, note, whyNot string) Binding {
	b := Binding{Intent: i, Help: verb}.DisabledIf(whyNot)
	if whyNot == "" {
		b.Help += " (" + note + ")"
	}
	return b
}

// InterruptKey leaves from everywhere, whatever the settings say.
const InterruptKey = "ctrl+c"

// PagingBindings bindings, for everything that scrolls.
var PagingBindings = []Binding{
	{Intent: IntentPageUp, Opposite: IntentPageDown, Help: "a page", Hidden: true},
	{Intent: IntentFirst, Opposite: IntentLast, Help: "first, last", Hidden: true},
}

// shortLabel is how the first key is shown, and that of the opposite movement.
func (b Binding) shortLabel() string {
	if b.Label != "" || len(b.Keys) == 0 {
		return b.Label
	}
	if len(b.OppositeKeys) == 0 {
		return keySymbol(b.Keys[0])
	}
	return pairSymbol(b.Keys[0], b.OppositeKeys[0])
}

// FullLabel shows every key.
func (b Binding) FullLabel() string {
	if b.Label != "" {
		return b.Label
	}
	var signs []string
	for n, key := range b.Keys {
		if n < len(b.OppositeKeys) {
			signs = append(signs, pairSymbol(key, b.OppositeKeys[n]))
		} else {
			signs = append(signs, keySymbol(key))
		}
	}
	for _, key := range b.OppositeKeys[min(len(b.Keys), len(b.OppositeKeys)):] {
		signs = append(signs, keySymbol(key))
	}
	return strings.Join(signs, ", ")
}

// keySymbol is a key as it is shown.
func keySymbol(key string) string {
	symbols := map[string]string{"up": signs.Up, "down": signs.Down, "left": signs.Left, "right": signs.Right, "pgdown": "pgdn"}
	if sign, ok := symbols[key]; ok {
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

// minHints is how many keys of its own a screen shows before the palette takes their room, maxHints how many with the palette.
const (
	minHints = 2
	maxHints = 5
)

// footerOrder is the order of the footer on every screen; what is not in it comes after, as the screen has it.
var footerOrder = []Intent{IntentChoose, IntentWalk, IntentGrant, IntentSelect, IntentRunAll, IntentExplain, IntentCopy, IntentTakeOut, IntentReread, IntentUndo}

// footerRank is a key's place in the footer.
func footerRank(b Binding) int {
	if n := slices.Index(footerOrder, b.Intent); n >= 0 {
		return n
	}
	return len(footerOrder)
}

// Footer is the line of keys, as many as fit, and never more than five with the palette. At its end are how to get anywhere and
// how to see all keys, from which all others can be found.
func (t *Styles) Footer(bindings []Binding, width int) string {
	line, shown := t.hints(bindings, width, IntentPalette, IntentHelp)
	if shown < minHints {
		line, _ = t.hints(bindings, width, IntentHelp)
	}
	return line
}

// hints are as many keys as fit before the last ones, and how many those are.
func (t *Styles) hints(bindings []Binding, width int, last ...Intent) (line string, shown int) {
	hint := func(b Binding) string {
		at := slices.IndexFunc(bindings, func(other Binding) bool { return other.Intent == b.Intent })
		return Marked(PaneFooter, at, t.Key.Render(t.Signs.Keys(b.shortLabel()))+" "+t.Dim.Render(b.Help))
	}
	end, own, most := "", []Binding(nil), maxHints
	for _, b := range bindings {
		switch {
		case !b.inFooter():
		case slices.Contains(last, b.Intent):
			end += "  " + hint(b)
			if b.Intent == IntentPalette {
				most--
			}
		case b.Intent != IntentPalette:
			own = append(own, b)
		}
	}
	slices.SortStableFunc(own, func(a, b Binding) int { return footerRank(a) - footerRank(b) })
	own = own[:min(len(own), most)]
	line = " "
	room := width - 1 - lipgloss.Width(end)
	for ; shown < len(own); shown++ {
		gap := strings.Repeat("  ", min(shown, 1))
		if room -= lipgloss.Width(gap + t.Signs.Keys(own[shown].shortLabel()) + " " + own[shown].Help); room < 0 {
			return line + end, shown
		}
		line += gap + hint(own[shown])
	}
	return line + end, max(shown, minHints)
}
