package ui

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminalKeys are the keys without a sign of their own that a terminal sends.
var terminalKeys = []string{"enter", "tab", "esc", "space", "backspace", "delete", "insert", "up", "down", "left", "right",
	"pgup", "pgdown", "home", "end"}

// editingKeys are the keys that belong to a text like its letters.
var editingKeys = []string{"space", "backspace", "delete", "left", "right"}

// isText reports whether a key writes or edits text where there is some.
func isText(key string) bool {
	return utf8.RuneCountInString(key) == 1 || slices.Contains(editingKeys, key)
}

const keySyntax = "a key is a letter or sign, enter, tab, esc, space, an arrow (up, down, left, right), pgup, pgdown, home, end, f1 to f20, or one of these behind ctrl+, alt+ or shift+, in this order"

// invalidKey says why no terminal sends a key under this name, and what may be meant; empty if one does.
func invalidKey(key string) (why, next string) {
	switch {
	case key == InterruptKey:
		return "always leaves, and can't be given away", "take another key"
	case utf8.RuneCountInString(key) == 1:
		return invalidCharacter(key)
	}
	base, ctrl := strings.CutPrefix(key, "ctrl+")
	base, _ = strings.CutPrefix(base, "alt+")
	base, shift := strings.CutPrefix(base, "shift+")
	switch {
	case utf8.RuneCountInString(base) != 1:
		return invalidKeyName(base)
	case shift: // a terminal tells it by the capital
		return "does not come like that", "write the sign that shift makes, for example Y"
	case ctrl:
		return invalidCtrlKey(base)
	}
	return invalidCharacter(base)
}

func invalidCharacter(key string) (why, next string) {
	if r, _ := utf8.DecodeRuneInString(key); !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError {
		return "is no sign that can be seen", keySyntax
	}
	return "", ""
}

func invalidKeyName(base string) (why, next string) {
	if number, err := strconv.Atoi(strings.TrimPrefix(base, "f")); err == nil && base == "f"+strconv.Itoa(number) && number >= 1 && number <= 20 {
		return "", ""
	}
	if slices.Contains(terminalKeys, base) {
		return "", ""
	}
	return "is no key", keySyntax
}

// ctrlCharacters are the signs that a terminal sends with ctrl, apart from the letters.
const ctrlCharacters = `\]^_`

// invalidCtrlKey: a terminal sends ctrl with a sign as one of 32 old codes, some of which are keys of their own.
func invalidCtrlKey(sign string) (why, next string) {
	aliases := map[string]string{"i": "tab", "m": "enter", "[": "esc"}
	if twin, ok := aliases[sign]; ok {
		return "is " + twin + " in a terminal", "write " + twin + ", or take another key"
	}
	if len(sign) == 1 && (sign[0] >= 'a' && sign[0] <= 'z' || strings.Contains(ctrlCharacters, sign)) {
		return "", ""
	}
	return "is not sent by a terminal", `behind ctrl+ stand a to z, \, ], ^ and _`
}
