package failure

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// message is a text with the traces of its way to us undone.
type message struct {
	// plain has escapes resolved, colours, boxes and line prefixes gone and wrapped lines joined: by a space, or by
	// nothing where a name seems broken in two.
	plain string
	// tight is plain without any white space. A phrase is found in it however the text was wrapped, and a name between
	// two known phrases is exact in it.
	tight string
	// low is tight in small letters, in which phrases are looked for.
	low string
	// gaps are the places in tight where plain has a blank that no end of a line is: no name goes across one.
	gaps []int
}

// The ends of lines are kept as signs of their own until a text is split into its messages.
const (
	wrapped = '\x01' // the line may have been wrapped here: what follows did not fit
	ended   = '\x02' // the line ended here, with room for what follows
	stepped = '\x03' // a build's next step begins here
)

// links are Markdown's: what stands in a link's text is what was meant.
var links = regexp.MustCompile(`\[([^\[\]\n]{1,300})\]\((?:mailto:|https?://)[^()\s]{1,400}\)`)

// lineEnds are dropped from what comes in.
var lineEnds = strings.NewReplacer(string(wrapped), " ", string(ended), " ", string(stepped), " ")

// newMessage takes the signs of the ends of lines out of a text.
func newMessage(text string) message {
	var plain, tight strings.Builder
	m := message{}
	for _, r := range text {
		switch {
		case r == wrapped || r == ended:
			plain.WriteByte(' ')
		case r == '\n' || r == stepped || unicode.IsSpace(r):
			plain.WriteRune(blank(r))
			m.gaps = append(m.gaps, tight.Len())
		default:
			plain.WriteRune(r)
			tight.WriteRune(r)
		}
	}
	m.plain, m.tight = plain.String(), tight.String()
	m.low = lower(m.tight)
	return m
}

func blank(r rune) rune {
	if r == stepped {
		return '\n'
	}
	return r
}

// passes bounds how many layers of escaping are undone: a message in JSON in a log entry in JSON, and one more.
const passes = 6

// normalise undoes the traces, and leaves the ends of lines as signs.
func normalise(text string) string {
	plain := straighten(links.ReplaceAllString(lineEnds.Replace(relevant(decode(text))), "$1"))
	for range passes {
		again := straighten(unescape(join(colours.ReplaceAllString(plain, ""))))
		if again == plain {
			break
		}
		plain = again
	}
	return strings.TrimSpace(plain)
}

// decode takes UTF-16, which PowerShell writes when output is redirected to a file; everything else is UTF-8.
func decode(text string) string {
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

// straighten turns typographic quotes and spaces into plain ones, and drops what has no width or moves a cursor.
func straighten(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if r >= ' ' && r < '`' {
			return r
		}
		if plain, ok := straight[r]; ok {
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

// straight are the signs that stand for others, and the spaces and controls that stay until they are read.
var straight = map[rune]rune{'\n': '\n', '\x1b': '\x1b', '\a': '\a', wideSpace: wideSpace, wrapped: wrapped, ended: ended, stepped: stepped, '\r': '\n',
	'‘': '\'', '’': '\'', '“': '"', '”': '"', '`': '"', '…': masked,
	'¥': '\\', '￥': '\\'} // where a Japanese keyboard has the backslash

// wideSpace is Japanese, and takes two columns. It becomes a space once those are counted.
const wideSpace = '\u3000'

// masked stands for one ellipsis: a name that touches it is not whole.
const masked = '⋯'

// colours are the sequences that colour a terminal, also written out (\x1b[31m) or with the escape character lost, and
// those that set a title or a link.
var colours = regexp.MustCompile(`(?:\x1b|\\x1b|\\033|\\e|\\u001[bB]|\^\[)\[[0-9;?]*[ -/]*[@-~]|\[\d{1,3}(?:;\d{1,3})*m|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[@-Z\\^_=>]?`)

// unescape resolves one layer of JSON's escapes, and HTML's.
func unescape(text string) string {
	if strings.Contains(text, "&") {
		text = entities.Replace(text)
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
		value, width := escaped(text[i+1:])
		b.WriteString(value)
		i += width
	}
	return b.String()
}

var entities = strings.NewReplacer("&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&apos;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", " ")

// escaped gives what the escape after a backslash stands for, and how many bytes it takes. A backslash that begins none
// stays.
func escaped(s string) (string, int) {
	switch s[0] {
	case 'n', 'r':
		return "\n", 1
	case 't':
		return " ", 1
	case '"', '\'', '\\', '/':
		return s[:1], 1
	case 'u':
		if r, ok := hex(s); ok {
			return string(r), 5
		}
	}
	return `\`, 0
}

func hex(s string) (rune, bool) {
	if len(s) < 5 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}
