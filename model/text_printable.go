package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// IsInvisible reports whether a character has no place in what is shown: a terminal may obey it, it turns the direction of
// text, it ends a line, or nobody sees it, so that two names look the same. Every writer goes by it, whatever the writer
// puts in the character's place (Unicode: general categories Cc, Cf, Zl and Zp; Default_Ignorable_Code_Point).
func IsInvisible(r rune) bool {
	if unicode.Is(unicode.Cf, r) {
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r) // signs of Arabic and Syriac, which are drawn
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// OneLine keeps a text on one line and without characters that are not seen, for a comment or a cell.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if isUnprintable(r) {
			return ' '
		}
		return r
	}, text)
}

// hasUnprintable reports whether a text holds what a terminal may obey or not show: pasted, it would not be that text.
func hasUnprintable(s string) bool { return strings.ContainsFunc(s, isUnprintable) }

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) || IsInvisible(r) }

// EscapeJSON writes out, in JSON that encoding/json made, the characters that are not seen and that it leaves as they
// are. Line ends of the layout stay; the others can only stand inside strings.
func EscapeJSON(text []byte) []byte {
	out := make([]byte, 0, len(text)+1)
	for _, r := range string(text) {
		switch {
		case r == '\n' || !IsInvisible(r):
			out = utf8.AppendRune(out, r)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
	}
	return out
}
