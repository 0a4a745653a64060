package settings

import (
	"fmt"
	"runtime"
	"slices"

	language "whopulls/model/words"
	"whopulls/text/signs"
)

// When says when something is done that depends on the terminal.
type When string

// The values of a When.
const (
	Auto   When = "auto" // where the terminal or its environment asks for it
	Always When = "always"
	Never  When = "never"
)

// The words for a switch.
const (
	switchOn  = "on"
	switchOff = "off"
)

// parseMouse reports whether the mouse is left to the terminal.
func parseMouse(word string) (off bool, err error) {
	if word != switchOn && word != switchOff {
		return false, fmt.Errorf("%q is not known; it is %s or %s", word, switchOn, switchOff)
	}
	return word == switchOff, nil
}

// parseLanguage reads a language; that of auto is empty.
func parseLanguage(word string) (language.Language, error) {
	switch l := language.Language(word); {
	case word == string(Auto):
		return "", nil
	case slices.Contains(language.Languages, l):
		return l, nil
	}
	return "", fmt.Errorf("%q is not known; it is auto, en or ja", word)
}

// mouseText is the setting as it is written.
func mouseText(off bool) string {
	if off {
		return switchOff
	}
	return switchOn
}

// Signs are those that the app draws with. In auto they are what the locale can show. Windows has no locale variables, and its terminals
// show all signs.
func (w When) Signs(lookup func(name string) (string, bool)) signs.Set {
	set, known := signs.InLocale(lookup)
	if w == Always || w != Never && set == signs.ASCII && (known || runtime.GOOS != "windows") {
		return signs.ASCII
	}
	return signs.Set{}
}

// AsksWidth reports whether ASCII alone is drawn where the terminal gives ambiguous signs two columns. In auto that is asked, unless
// the locale needs ASCII anyway.
func (w When) AsksWidth(lookup func(name string) (string, bool)) bool {
	return w != Always && w != Never && w.Signs(lookup) == signs.Set{}
}

// LineSigns are those of the command line, whose output is often kept. Without a locale variable it keeps all signs.
func (w When) LineSigns(lookup func(name string) (string, bool)) signs.Set {
	if _, known := signs.InLocale(lookup); !known && w != Always {
		return signs.Set{}
	}
	return w.Signs(lookup)
}

// parseWhen reads one of the three words.
func parseWhen(word string) (When, error) {
	if w := When(word); slices.Contains([]When{Auto, Always, Never}, w) {
		return w, nil
	}
	return "", fmt.Errorf("%q is not known; it is auto, always or never", word)
}
