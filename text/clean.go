// Package text has what every writer needs. It makes texts from others safe to show, writes nouns with their
// numbers, and finds where a line may break. It is pure and imports nothing of this program.
//
// One rule makes a text safe, for the terminal, a report and a comment alike:
//
//   - A character that can be seen stays as it is.
//   - White space of any kind becomes a space, so that no text begins a line of its own.
//   - Any other character that a terminal may obey or that nobody can see becomes U+FFFD. So the reader sees
//     that something was there, and two names never look the same by accident.
//
// JSON and YAML keep the text itself: they write such characters as escapes (EscapeJSON).
package text

import (
	"strings"
	"unicode"
)

// IsInvisible reports whether a character is a control or can't be seen. A terminal may obey it, or it
// reverses the direction of text, ends a line, or makes two names look the same. The source is Unicode: the
// general categories Cc, Cf, Zl and Zp, and the property Other_Default_Ignorable_Code_Point. Variation
// selectors stay, since emoji need them.
func IsInvisible(r rune) bool {
	if unicode.Is(unicode.Cf, r) {
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r) // signs of Arabic and Syriac, which are drawn
	}
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

// isPrintable reports whether Clean leaves a character as it is. The only white space that is printable is the space.
func isPrintable(r rune) bool {
	return unicode.IsPrint(r) && !IsInvisible(r) || unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// HasUnprintable reports whether a text holds a character that Clean replaces. Such a text cannot be copied from a terminal:
// what is pasted would be another text.
func HasUnprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !isPrintable(r) })
}

// Clean makes a text from somebody else safe to show, by the rule of the package. It keeps the number of characters.
// Bytes that are not UTF-8 become U+FFFD too.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isPrintable(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return unicode.ReplacementChar
	}, s)
}

// CleanTrim is Clean without the spaces around the text: a name or a message on its own.
func CleanTrim(s string) string { return strings.TrimSpace(Clean(s)) }
