package settings

import (
	"fmt"
	"slices"
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

// mouseText is the setting as it is written.
func mouseText(off bool) string {
	if off {
		return switchOff
	}
	return switchOn
}

// parseWhen reads one of the three words.
func parseWhen(word string) (When, error) {
	if w := When(word); slices.Contains([]When{Auto, Always, Never}, w) {
		return w, nil
	}
	return "", fmt.Errorf("%q is not known; it is auto, always or never", word)
}
