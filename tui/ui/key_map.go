package ui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Action is something that a key does, under its name in the settings.
type Action struct {
	Name        string
	Description string
	Keys        []string // unless the settings say otherwise
	TypingKeys  []string // the same on screens where letters are text
	Screens     []string // the screens that know it
}

// keyContext is a screen as far as keys are concerned.
type keyContext string

// The places; on those of typing letters are text.
const (
	inLists        keyContext = "lists"
	inImage        keyContext = "image"
	inMap          keyContext = "map"
	inRegistry     keyContext = "registry"
	inFilter       keyContext = "filter"
	inWalk         keyContext = "walk"
	afterWalk      keyContext = "end of the walk"
	inFailureText  keyContext = "error message"
	inHelp         keyContext = "help"
	inNoConnection keyContext = "no connection"
	inPalette      keyContext = "palette"
	inHistory      keyContext = "history"
	inMenu         keyContext = "menu"
)

// allContexts are all places.
var allContexts = []keyContext{inLists, inImage, inMap, inRegistry, inFilter, inWalk, afterWalk, inFailureText, inHelp, inNoConnection, inPalette, inHistory, inMenu}

// textContexts are those where letters are no actions: they are text, or take nothing.
var textContexts = []keyContext{inLists, inImage, inFailureText, inFilter, inPalette, inMenu}

// action is a row of the table of everything that a key can be given.
type action struct {
	intent      Intent
	description string
	keys        []string
	typingKeys  []string // on screens of typing; nil: those of keys that are no text
	contexts    []keyContext
}

// actions is the table that the keymap, the check of the settings and their documentation go by. Each frame looks up some of them.
var actions = sync.OnceValue(func() []action {
	scrolling := []keyContext{inLists, inMap, inRegistry, inFilter, inFailureText, inHelp, inPalette, inHistory, inMenu}
	moving := append([]keyContext{inWalk, afterWalk}, scrolling...)
	nearlyEverywhere := []keyContext{inLists, inImage, inMap, inRegistry, inFilter, inWalk, afterWalk, inFailureText, inNoConnection, inHistory}
	withPalette := append(slices.Clone(nearlyEverywhere), inPalette)
	return []action{
		{IntentUp, "the line or field above", []string{"up", "k"}, nil, append([]keyContext{inNoConnection}, moving...)},
		{IntentDown, "the line or field below", []string{"down", "j"}, nil, append([]keyContext{inImage, inNoConnection}, moving...)},
		{IntentPageUp, "a page up", []string{"pgup", "ctrl+b"}, nil, moving},
		{IntentPageDown, "a page down", []string{"pgdown", "ctrl+f"}, nil, moving},
		{IntentFirst, "the first line", []string{"home"}, nil, scrolling},
		{IntentLast, "the last line", []string{"end"}, nil, scrolling},
		{IntentChoose, "take the chosen line, or what was typed", []string{"enter"}, nil, []keyContext{inLists, inImage, inFailureText, inNoConnection, inPalette, inHistory, inFilter, inMenu}},
		{IntentClear, "clear the text", []string{"ctrl+u"}, nil, []keyContext{inImage, inFailureText, inPalette}},
		{IntentWalk, "go into the line: its fix or its evidence, or the selected removals; at the end of a walk, back", []string{"enter"}, nil, []keyContext{inMap, inRegistry, afterWalk}},
		{IntentGrant, "make the step's change; asks first", []string{"enter"}, nil, []keyContext{inWalk}},
		{IntentSkip, "leave the step out; stop a run through all of a clean-up", []string{"s"}, nil, []keyContext{inWalk}},
		{IntentUndo, "take the step back, or everything of the run; asks which, and asks before it", []string{"u"}, nil, []keyContext{inMap, inRegistry, inWalk, afterWalk, inHistory}},
		{IntentRunAll, "make everything that is left of a clean-up; asks once", []string{"a"}, nil, []keyContext{inWalk, afterWalk}},
		{IntentTakeOut, "take out, to the clipboard or a file: a report, a request for a colleague, commands, Terraform, JSON", []string{"x"}, nil, []keyContext{inMap, inRegistry, inWalk, afterWalk}},
		{IntentCopy, "copy what the line has: member, role, permission, resource, command, image by digest, the line", []string{"y"}, []string{"ctrl+y"}, []keyContext{inMap, inRegistry, inWalk, afterWalk, inFailureText, inNoConnection, inHistory}},
		{IntentExplain, "explain this line: what it is, why it is needed, what to do", []string{"e"}, nil, []keyContext{inMap, inRegistry, inWalk, afterWalk, inHistory}},
		{IntentKind, "ask about the next kind of new deployment: service, job, worker pool", nil, nil, []keyContext{inMap}},
		{IntentRehearse, "rehearse the deploy: Cloud Run checks it, and changes nothing", nil, nil, []keyContext{afterWalk}},
		{IntentRegistry, "who may pull from this repository, and what of it is not needed", nil, nil, []keyContext{inMap}},
		{IntentSelect, "select a binding to remove, or no longer", []string{"space"}, nil, []keyContext{inRegistry}},
		{IntentSelectAll, "select all of what is shown, or none of it", []string{"a"}, nil, []keyContext{inRegistry}},
		{IntentFilter, "filter what is shown", []string{"/"}, nil, []keyContext{inRegistry, inHistory}},
		{IntentPane, "the next pane", []string{"tab"}, nil, []keyContext{inLists, inRegistry}},
		{IntentSort, "sort by the next column; at the end, as it was", []string{"ctrl+s"}, nil, []keyContext{inLists}},
		{IntentReread, "refresh; without a connection, connect again", []string{"r", "ctrl+r"}, nil, []keyContext{inLists, inMap, inRegistry, afterWalk, inNoConnection, inHistory}},
		{IntentBack, "one screen back; in a list that is filtered, clear the filter", []string{"esc"}, nil, append(slices.Clone(withPalette), inMenu)},
		{IntentQuit, "quit", []string{"q"}, nil, []keyContext{inMap, inRegistry, inWalk, afterWalk, inNoConnection, inHistory}},
		{IntentPalette, "go anywhere, do anything; once more closes it", []string{"ctrl+p", ":"}, nil, withPalette},
		{IntentSuspend, "pause, and give the terminal back to the shell; fg continues", []string{"ctrl+z"}, nil, nearlyEverywhere},
		{IntentRedraw, "draw the screen again", []string{"ctrl+l"}, nil, nearlyEverywhere},
		{IntentMouse, "let go of the mouse, so that the terminal selects text; once more takes it back", nil, nil, nearlyEverywhere},
		{IntentHelp, "keys and words of the screen", []string{"?", "f1"}, nil, nearlyEverywhere},
	}
})

// renamedActions are what actions of former versions are called now.
var renamedActions = map[string]Intent{"browse": IntentDown, "next-field": IntentDown, "field-before": IntentUp, "sandbox": IntentChoose, "clean-up": IntentRegistry, "status": IntentFilter, "hand-over": IntentTakeOut, "undo-all": IntentUndo}

// unknownActionError says what an action that there is not is called now, or which there are.
func unknownActionError(name string, names []string) *KeyError {
	if now, was := renamedActions[name]; was {
		return &KeyError{name, "it is part of " + string(now) + " now", "write " + string(now) + " instead"}
	}
	return &KeyError{name, "there is no such action", "the actions are " + strings.Join(names, ", ")}
}

// Actions lists what can be given keys.
func Actions() []Action {
	var list []Action
	for _, a := range actions() {
		shown := Action{Name: string(a.intent), Description: a.description, Keys: slices.Clone(a.keys)}
		for _, p := range a.contexts {
			shown.Screens = append(shown.Screens, string(p))
			if slices.Contains(textContexts, p) {
				shown.TypingKeys = a.keysWhileTyping(nil)
			}
		}
		list = append(list, shown)
	}
	return list
}

// keysWhileTyping gives the keys where letters are text: those that don't exist, else the ones that the action comes with.
func (a action) keysWhileTyping(set []string) []string {
	if usable := slices.DeleteFunc(slices.Clone(set), isText); len(usable) > 0 {
		return usable
	}
	if a.typingKeys != nil {
		return a.typingKeys
	}
	return slices.DeleteFunc(slices.Clone(a.keys), isText)
}

// Keys are the keys as the settings give them. The zero value has every action's own.
type Keys struct{ set map[Intent][]string }

// String lists the actions that have keys of the user's own; empty: none has.
func (k Keys) String() string {
	var own []string
	for _, i := range slices.Sorted(maps.Keys(k.set)) {
		own = append(own, string(i)+": "+strings.Join(k.set[i], " "))
	}
	return strings.Join(own, ", ")
}

// KeyError says which action's key can't be so, and why.
type KeyError struct {
	Action string
	Why    string
	Next   string
}

// Error names the action and what is wrong.
func (e *KeyError) Error() string { return e.Action + ": " + e.Why }

// Hint says what to do next.
func (e *KeyError) Hint() string { return e.Next }

// ParseKeys takes the keys of some actions by the actions' names. An error is a *KeyError.
func ParseKeys(given map[string][]string) (Keys, error) {
	known := map[string]bool{}
	names := make([]string, 0, len(actions()))
	for _, a := range actions() {
		known[string(a.intent)] = true
		names = append(names, string(a.intent))
	}
	k := Keys{set: map[Intent][]string{}}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			return Keys{}, unknownActionError(name, names)
		}
		if len(given[name]) == 0 {
			return Keys{}, &KeyError{name, "it has no key", "name one, or leave the action out to keep its own"}
		}
		for _, key := range given[name] {
			if why, next := invalidKey(key); why != "" {
				return Keys{}, &KeyError{name, fmt.Sprintf("%q %s", key, why), next}
			}
		}
		k.set[Intent(name)] = given[name]
	}
	return k, k.findClash()
}

// findClash finds two actions of one screen on one key. The one that was set is reported.
func (k Keys) findClash() error {
	for _, p := range allContexts {
		taken := map[string]Intent{}
		for _, a := range actions() {
			if !slices.Contains(a.contexts, p) {
				continue
			}
			for _, key := range k.forAction(a, slices.Contains(textContexts, p)) {
				first, exists := taken[key]
				if exists && first != a.intent {
					return k.clashError(first, a.intent, key, p)
				}
				taken[key] = a.intent
			}
		}
	}
	return nil
}

func (k Keys) clashError(one, other Intent, key string, p keyContext) error {
	if k.set[one] == nil {
		one, other = other, one
	}
	return &KeyError{string(one), fmt.Sprintf("%s is the key of %s too (screen: %s)", key, other, p),
		fmt.Sprintf("give %s or %s another key", one, other)}
}

// forAction gives the keys of an action.
func (k Keys) forAction(a action, takesText bool) []string {
	switch set := k.set[a.intent]; {
	case takesText:
		return a.keysWhileTyping(set)
	case set != nil:
		return set
	}
	return a.keys
}

// forIntent gives the keys of an intent; none for what is no action.
func (k Keys) forIntent(i Intent, takesText bool) []string {
	for _, a := range actions() {
		if a.intent == i {
			return k.forAction(a, takesText)
		}
	}
	return nil
}

// WithKeys fills in the keys of bindings. One that is left without a key is left out, unless the action comes without: the palette
// has it.
func (k Keys) WithKeys(bindings []Binding, takesText bool) []Binding {
	var bound []Binding
	for _, b := range bindings {
		if b.Keys == nil && b.Label == "" {
			keyIntent := b.Intent
			if b.KeysFrom != "" {
				keyIntent = b.KeysFrom
			}
			b.Keys = k.forIntent(keyIntent, takesText)
			b.OppositeKeys = k.forIntent(b.Opposite, takesText)
		}
		if len(b.Keys) > 0 || b.Label != "" || isKeyless(b.Intent) {
			bound = append(bound, b)
		}
	}
	return bound
}

// isKeyless reports whether an action comes without a key.
func isKeyless(i Intent) bool {
	return slices.ContainsFunc(actions(), func(a action) bool { return a.intent == i && len(a.keys) == 0 })
}

// Symbol is how an action's first key is shown in a sentence.
func (k Keys) Symbol(i Intent, takesText bool) string {
	return Binding{Keys: k.forIntent(i, takesText)}.shortLabel()
}
