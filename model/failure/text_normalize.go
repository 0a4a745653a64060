package failure

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"whopulls/text/pattern"
)

// searchText is a text with the traces of its way to us undone.
type searchText struct {
	// text has escapes resolved, and no colours, boxes and line prefixes. Wrapped lines are joined by a
	// space, or by nothing if a name seems broken in two.
	text string
	// compact is plain without any white space. A phrase is found in it however the text was wrapped, and a name between
	// two known phrases is exact in it.
	compact string
	// compactLower is tight in lower case, in which phrases are looked for.
	compactLower string
	// spaces are the places in tight where plain has a blank that no end of a line is: no name goes across one.
	spaces []int
}

// The ends of lines are kept as signs of their own until a text is split into its messages.
const (
	wrapped     = '\x01' // the line may have been wrapped here: what follows did not fit
	lineEnded   = '\x02' // the line ended here, with room for what follows
	stepStarted = '\x03' // a build's next step begins here
)

// markdownLinks are Markdown's: what stands in a link's text is what was meant.
var markdownLinks = pattern.Lazy(`\[([^\[\]\n]{1,300})\]\((?:mailto:|https?://)[^()\s]{1,400}\)`)

// marksToSpaces are dropped from what comes in.
var marksToSpaces = strings.NewReplacer(string(wrapped), " ", string(lineEnded), " ", string(stepStarted), " ")

// newSearchText takes the signs of the ends of lines out of a text.
func newSearchText(text string) searchText {
	var plain, tight strings.Builder
	m := searchText{}
	for _, r := range text {
		switch {
		case r == wrapped || r == lineEnded:
			plain.WriteByte(' ')
		case r == '\n' || r == stepStarted || unicode.IsSpace(r):
			plain.WriteRune(spaceRune(r))
			m.spaces = append(m.spaces, tight.Len())
		default:
			plain.WriteRune(r)
			tight.WriteRune(r)
		}
	}
	m.text, m.compact = plain.String(), tight.String()
	m.compactLower = lowerASCII(m.compact)
	return m
}

func spaceRune(r rune) rune {
	if r == stepStarted {
		return '\n'
	}
	return r
}

// maxPasses bounds how many layers of escaping are undone: a message in JSON in a log entry in JSON, and one more.
const maxPasses = 6

// normalize undoes the traces, and leaves the ends of lines as signs.
func normalize(text string) string {
	normalized := normalizeQuotes(markdownLinks().ReplaceAllString(marksToSpaces.Replace(relevantExcerpts(decodeUTF16(text))), "$1"))
	for range maxPasses {
		next := normalizeQuotes(unescape(joinLines(terminalEscapes().ReplaceAllString(normalized, ""))))
		if next == normalized {
			break
		}
		normalized = next
	}
	return strings.TrimSpace(normalized)
}

// Plain undoes what terminals, editors and keyboards did to a text, and keeps its lines. The result has no
// colours, plain quotes and spaces, and no characters without width.
func Plain(text string) string {
	plain := terminalEscapes().ReplaceAllString(marksToSpaces.Replace(decodeUTF16(text)), "")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\x1b', '\a':
			return -1
		case ideographicSpace:
			return ' '
		}
		return r
	}, htmlEntities.Replace(normalizeQuotes(plain)))
}

// decodeUTF16 takes UTF-16, which PowerShell writes when output is redirected to a file; everything else is UTF-8.
func decodeUTF16(text string) string {
	if len(text) < 2 || (text[:2] != "\xff\xfe" && text[:2] != "\xfe\xff") {
		return strings.ToValidUTF8(text, "")
	}
	low, high := 0, 1
	if text[0] == 0xfe {
		low, high = 1, 0
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 2; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i+low])|uint16(text[i+high])<<8)
	}
	return string(utf16.Decode(units))
}

// normalizeQuotes turns typographic quotes and spaces into plain ones, and drops what has no width or moves a cursor.
func normalizeQuotes(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r >= ' ' && r < '`' {
			return r
		}
		if plain, ok := replacements[r]; ok {
			return plain
		}
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
}

// replacements are the signs that stand for others, and the spaces and controls that stay until they are read.
var replacements = map[rune]rune{'\n': '\n', '\x1b': '\x1b', '\a': '\a', ideographicSpace: ideographicSpace, wrapped: wrapped, lineEnded: lineEnded, stepStarted: stepStarted, '\r': '\n',
	'‘': '\'', '’': '\'', '“': '"', '”': '"', '`': '"', '…': ellipsis,
	'¥': '\\', '￥': '\\'} // where a Japanese keyboard has the backslash

// ideographicSpace is Japanese, and takes two columns. It becomes a space once those are counted.
const ideographicSpace = '\u3000'

// ellipsis stands for one ellipsis: a name that touches it is not whole.
const ellipsis = '⋯'

// terminalEscapes are the sequences that colour a terminal or set a title or a link. Colours may also be
// written out (\x1b[31m), or lack the escape character.
var terminalEscapes = pattern.Lazy(`(?:\x1b|\\x1b|\\033|\\e|\\u001[bB]|\^\[)\[[0-9;?]*[ -/]*[@-~]|\[\d{1,3}(?:;\d{1,3})*m|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_=>]?`)

// unescape resolves one layer of JSON's escapes, and HTML's.
func unescape(text string) string {
	if strings.Contains(text, "&") {
		text = htmlEntities.Replace(text)
	}
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		value, width := decodeEscape(text[i+1:])
		b.WriteString(value)
		i += width
	}
	return b.String()
}

var htmlEntities = strings.NewReplacer("&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&apos;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", " ")

// decodeEscape gives what the escape after a backslash stands for, and how many bytes it takes. A backslash that begins none
// stays.
func decodeEscape(s string) (string, int) {
	switch s[0] {
	case 'n', 'r':
		return "\n", 1
	case 't':
		return " ", 1
	case '"', '\'', '\\', '/':
		return s[:1], 1
	case 'u':
		if r, ok := parseUnicodeEscape(s); ok {
			return string(r), 5
		}
	}
	return `\`, 0
}

func parseUnicodeEscape(s string) (rune, bool) {
	if len(s) < 5 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}
