package tui

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Action is something that a key does, under its name in the settings.
type Action struct {
	Name   string
	Does   string
	Keys   []string // unless the settings say otherwise
	Typing []string // the same on screens where letters are text
	Places []string // the screens that know it
}

// place is a screen as far as keys are concerned.
type place string

// The places; on those of typing letters are text.
const (
	inLists   place = "lists"
	inImage   place = "image"
	inMap     place = "map"
	inCleanUp place = "clean-up"
	inWalk    place = "walk"
	afterWalk place = "end of the walk"
	inText    place = "failure text"
	inHelp    place = "help"
	inLost    place = "no connection"
)

var typing = []place{inLists, inImage, inText, inCleanUp}

// action is a row of the table of everything that a key can be given.
type action struct {
	intent intent
	does   string
	keys   []string
	typing []string // on screens of typing; nil: those of keys that are no text
	places []place
}

// actions is the table that the keymap, the check of the settings and their documentation go by.
func actions() []action {
	scrolling := []place{inLists, inMap, inCleanUp, inText, inHelp}
	moving := append([]place{inWalk, afterWalk}, scrolling...)
	everywhere := []place{inLists, inImage, inMap, inCleanUp, inWalk, afterWalk, inText, inLost}
	return []action{
		{intentUp, "the line above", []string{"up", "k"}, nil, moving},
		{intentDown, "the line below", []string{"down", "j"}, nil, moving},
		{intentPageUp, "a page up", []string{"pgup", "ctrl+b"}, nil, moving},
		{intentPageDown, "a page down", []string{"pgdown", "ctrl+f"}, nil, moving},
		{intentFirst, "the first line", []string{"home"}, nil, scrolling},
		{intentLast, "the last line", []string{"end"}, nil, scrolling},
		{intentChoose, "take the chosen line, or what was typed", []string{"enter"}, nil, []place{inLists, inImage, inText}},
		{intentBrowse, "look for an image by project and repository", []string{"tab"}, nil, []place{inImage}},
		{intentNextField, "correct what the map is drawn for: the next field", []string{"tab"}, nil, []place{inText}},
		{intentFieldBefore, "the field before", []string{"shift+tab"}, nil, []place{inText}},
		{intentClear, "clear the text", []string{"ctrl+u"}, nil, []place{inImage, inText, inCleanUp}},
		{intentWalk, "walk through the missing steps, or the selected removals; at its end, back", []string{"enter", "w"}, nil, []place{inMap, inCleanUp, afterWalk}},
		{intentGrant, "make the step's change; asks first", []string{"enter", "g"}, nil, []place{inWalk}},
		{intentSkip, "leave the step out; stop a run through all of a clean-up", []string{"s"}, nil, []place{inWalk}},
		{intentUndo, "take the step back, or what this run changed; asks first", []string{"u"}, nil, []place{inMap, inWalk, afterWalk}},
		{intentTogether, "make everything that is left of a clean-up; asks once", []string{"a"}, nil, []place{inWalk, afterWalk}},
		{intentUndoAll, "take everything of a clean-up back; asks once", []string{"U"}, nil, []place{inWalk, afterWalk}},
		{intentHandOver, "copy a request for somebody who may, or the commands of a clean-up", []string{"h"}, nil, []place{inWalk, afterWalk}},
		{intentCopy, "copy the command", []string{"y"}, []string{"ctrl+y"}, []place{inMap, inCleanUp, inWalk, afterWalk, inLost}},
		{intentExplain, "explain a failure text", []string{"e"}, nil, []place{inMap}},
		{intentKind, "ask about the next kind of new deployment: service, job, worker pool", []string{"v"}, nil, []place{inMap}},
		{intentCleanUp, "clean up: who else may read this repository", []string{"o"}, nil, []place{inMap}},
		{intentSelect, "select a binding to remove, or no longer", []string{"space"}, []string{"space"}, []place{inCleanUp}},
		{intentSelectAll, "select all bindings of the status that are shown, or none of them", []string{"ctrl+a"}, nil, []place{inCleanUp}},
		{intentStatus, "show the bindings of the next status alone", []string{"tab"}, nil, []place{inCleanUp}},
		{intentReread, "read again; without a connection, connect again", []string{"r", "ctrl+r"}, nil, []place{inLists, inMap, inCleanUp, inLost}},
		{intentSandbox, "go on in the sandbox", []string{"s"}, nil, []place{inLost}},
		{intentBack, "one screen back; in a list that is filtered, clear the filter", []string{"esc"}, nil, []place{inLists, inImage, inMap, inCleanUp, inWalk, afterWalk, inText, inLost}},
		{intentQuit, "leave", []string{"q"}, nil, []place{inMap, inWalk, afterWalk, inLost}},
		{intentHelp, "help", []string{"?", "f1"}, []string{"?", "f1"}, everywhere},
	}
}

// Actions lists what can be given keys.
func Actions() []Action {
	var list []Action
	for _, a := range actions() {
		shown := Action{Name: string(a.intent), Does: a.does, Keys: a.keys}
		for _, p := range a.places {
			shown.Places = append(shown.Places, string(p))
			if slices.Contains(typing, p) {
				shown.Typing = a.whileTyping(nil)
			}
		}
		list = append(list, shown)
	}
	return list
}

// whileTyping gives the keys where letters are text: those that are none, else the ones that the action comes with.
func (a action) whileTyping(set []string) []string {
	if kept := slices.DeleteFunc(slices.Clone(set), isText); len(kept) > 0 {
		return kept
	}
	if a.typing != nil {
		return a.typing
	}
	return slices.DeleteFunc(slices.Clone(a.keys), isText)
}

// Keys are the keys as the settings give them. The zero value has every action's own.
type Keys struct{ set map[intent][]string }

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
	k := Keys{set: map[intent][]string{}}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !known[name] {
			return Keys{}, &KeyError{name, "there is no such action", "the actions are " + strings.Join(names, ", ")}
		}
		if len(given[name]) == 0 {
			return Keys{}, &KeyError{name, "it has no key", "name one, or leave the action out to keep its own"}
		}
		for _, key := range given[name] {
			if why, next := keyTrouble(key); why != "" {
				return Keys{}, &KeyError{name, fmt.Sprintf("%q %s", key, why), next}
			}
		}
		k.set[intent(name)] = given[name]
	}
	return k, k.clash()
}

// clash finds two actions of one screen on one key. The one that was set is told of.
func (k Keys) clash() error {
	for _, p := range []place{inLists, inImage, inMap, inCleanUp, inWalk, afterWalk, inText, inHelp, inLost} {
		taken := map[string]intent{}
		for _, a := range actions() {
			if !slices.Contains(a.places, p) {
				continue
			}
			for _, key := range k.of(a, slices.Contains(typing, p)) {
				first, twice := taken[key]
				if twice && first != a.intent {
					return k.clashing(first, a.intent, key, p)
				}
				taken[key] = a.intent
			}
		}
	}
	return nil
}

func (k Keys) clashing(one, other intent, key string, p place) error {
	if k.set[one] == nil {
		one, other = other, one
	}
	return &KeyError{string(one), fmt.Sprintf("%s is the key of %s too (screen: %s)", key, other, p),
		fmt.Sprintf("give %s or %s another key", one, other)}
}

// of gives the keys of an action.
func (k Keys) of(a action, typing bool) []string {
	switch set := k.set[a.intent]; {
	case typing:
		return a.whileTyping(set)
	case set != nil:
		return set
	}
	return a.keys
}

// keysOf gives the keys of an intent; none for what is no action.
func (k Keys) keysOf(i intent, typing bool) []string {
	for _, a := range actions() {
		if a.intent == i {
			return k.of(a, typing)
		}
	}
	return nil
}

// bound fills in the keys of bindings. One that is left without a key is left out.
func (k Keys) bound(bindings []binding, typing bool) []binding {
	var bound []binding
	for _, b := range bindings {
		if b.keys == nil && b.label == "" {
			named := b.intent
			if b.under != "" {
				named = b.under
			}
			b.keys = k.keysOf(named, typing)
			b.otherKeys = k.keysOf(b.other, typing)
		}
		if len(b.keys) > 0 || b.label != "" {
			bound = append(bound, b)
		}
	}
	return bound
}

// sign is how an action's first key is shown in a sentence.
func (k Keys) sign(i intent, typing bool) string {
	return binding{keys: k.keysOf(i, typing)}.short()
}
