package pasted

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"whopulls/model/failure"
)

// The end of a line that continues has a backslash, PowerShell's backtick or cmd's caret. Two hyphens before a flag
// become a dash in word processors and chats.
var (
	continuedOther = regexp.MustCompile("(\\s)[`^][ \\t]*\\r?\\n")
	continuedLine  = regexp.MustCompile(`\\[ \t]*\n`)
	dashedFlag     = regexp.MustCompile(`(^|\s)[—–―]+([a-z])`)
)

// tidy makes a text plain, and joins the lines of one command.
func tidy(text string) string {
	plain := failure.Plain(continuedOther.ReplaceAllString(text, "$1"))
	plain = dashedFlag.ReplaceAllString(strings.Map(narrow, plain), "$1--$2")
	return strings.TrimSpace(continuedLine.ReplaceAllString(plain, ""))
}

// narrow writes the wide forms of Latin letters and signs, as Japanese keyboards give them, as ASCII has them.
func narrow(r rune) rune {
	if r < unicode.MaxLatin1 {
		return r
	}
	if plain := width.LookupRune(r).Narrow(); plain != 0 && plain < unicode.MaxASCII {
		return plain
	}
	return r
}

// Signs that people put around a name, and behind it.
const (
	openingSigns  = "\"'<([{"
	closingSigns  = "\"'>)]}.,;:!?"
	emphasisSigns = "*_~"
)

// unwrap takes off a name what was put around it. A sign of emphasis stands on both sides.
func unwrap(text string) string {
	bare := strings.TrimLeftFunc(text, func(r rune) bool { return isSign(r, openingSigns) })
	bare = strings.TrimSpace(strings.TrimRightFunc(bare, func(r rune) bool { return isSign(r, closingSigns) }))
	if emphasized := strings.TrimLeft(bare, emphasisSigns); emphasized != bare {
		return unwrap(strings.TrimRight(emphasized, emphasisSigns+closingSigns))
	}
	return bare
}

// isSign reports whether a character is one of the signs, or a quote, bracket or stop of another script.
func isSign(r rune, signs string) bool {
	return strings.ContainsRune(signs, r) || r > unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r))
}

// rejoin puts a name together again that a terminal or a mail wrapped; empty for a text of more than that.
func rejoin(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if lines[i] = strings.TrimSpace(lines[i]); strings.ContainsAny(lines[i], " \t") {
			return ""
		}
	}
	return strings.Join(lines, "")
}

// tokens are the pieces of a text that may be names: a name has only ASCII, and no blanks, quotes or brackets.
func tokens(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= unicode.MaxASCII || strings.ContainsRune("\"'<>()[]{}|,", r)
	})
}

// unescape resolves the escapes of an address: %2F is a slash. What is not one stays.
func unescape(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return escapedByte.ReplaceAllStringFunc(text, func(escape string) string {
		return string([]byte{hexDigit(escape[1])<<4 | hexDigit(escape[2])})
	})
}

var escapedByte = regexp.MustCompile(`%[0-7][0-9A-Fa-f]`)

func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}
