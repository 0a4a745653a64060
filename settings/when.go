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

// parseWhen reads one of the three words.
func parseWhen(word string) (When, error) {
	if w := When(word); slices.Contains([]When{Auto, Always, Never}, w) {
		return w, nil
	}
	return "", fmt.Errorf("%q is not known; it is auto, always or never", word)
}
