package text

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// EscapeJSON escapes the invisible characters that encoding/json leaves as they are. It takes a document of encoding/json.
// The line ends of the layout stay; every other such character can stand only inside a string.
func EscapeJSON(document []byte) []byte {
	out := make([]byte, 0, len(document)+1)
	for _, r := range string(document) {
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
