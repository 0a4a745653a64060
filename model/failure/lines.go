package failure

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// line is one line of a text, without what a logger or a frame put around it.
type line struct {
	text  string
	width int    // columns of the whole line, frame included
	timed bool   // a time stands before it
	step  string // number of the build's step, where the line has one
}

// prefixes stand before the words of a line: Terraform's frame, quotation and table signs, the times and levels of logs
// (RFC 3339, clock, syslog, klog), the step of a build, of Cloud Build and of BuildKit, the commands of GitHub's log.
var prefixes = slices.Concat([]*regexp.Regexp{
	regexp.MustCompile(`^\s*(?:\d+\s*)?[│┃║▌|>]+(?: |$)`),
}, times, []*regexp.Regexp{
	step,
	regexp.MustCompile(`^\s*(?:::error(?: [^:]*)?::|##\[\w+\])`),
	regexp.MustCompile(`^\s*(?:\[(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\]|(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)(?:\[\d+\])?)(?:\s+|$)`),
})

// times are those of logs, and the numbers in BuildKit's.
var times = []*regexp.Regexp{
	regexp.MustCompile(`^\s*#\d+ (?:\d+\.\d+ )?`),
	regexp.MustCompile(`^\s*[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?[\])]?:?(?:\s+|$)`),
	regexp.MustCompile(`^\s*[[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?(?:\s+|$)`),
	regexp.MustCompile(`^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: `),
	regexp.MustCompile(`^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+:\d+\] `),
}

var step = regexp.MustCompile(`^Step #(\d+)(?: - "[^"]*")?: `)

// frame is a line that only draws.
var frame = regexp.MustCompile(`^[\s│┃║╷╵╭╮╰╯┌┐└┘─━═+|-]*$`)

// closing is the right side of a frame.
var closing = regexp.MustCompile(`\s+[│┃║]\s*$`)

// mostPrefixes: a frame within a log within a build, and one more.
const mostPrefixes = 4

func bare(text string) line {
	l := line{text: strings.TrimRight(text, betweenWords+"\u3000")}
	l.width = columns(l.text)
	if frame.MatchString(l.text) {
		l.text = ""
		return l
	}
	l.text = closing.ReplaceAllString(latin(l.text), "")
	for range mostPrefixes {
		before := l.text
		for _, p := range prefixes {
			if at := p.FindStringSubmatchIndex(l.text); at != nil {
				l.timed = l.timed || slices.Contains(times, p)
				if p == step {
					l.step = l.text[at[2]:at[3]]
				}
				l.text = l.text[at[1]:]
			}
		}
		if l.text == before {
			break
		}
	}
	l.text = strings.Trim(l.text, betweenWords)
	return l
}

// columns counts those that a line takes on a terminal, where Japanese takes two for each sign.
func columns(line string) (n int) {
	for _, r := range line {
		n++
		if r < utf8.RuneSelf {
			continue
		}
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// join makes one line of each paragraph.
func join(text string) string {
	if !strings.Contains(text, "\n") {
		return bare(text).text
	}
	var lines []line
	for one := range strings.SplitSeq(text, "\n") {
		lines = append(lines, bare(one))
	}
	full, room, entries := fullWidths(lines), rooms(lines), hasEntries(lines)
	pieces := make([]string, 0, 2*len(lines))
	last := ""
	for i, l := range lines {
		switch {
		case i > 0 && entries && l.timed:
			pieces = append(pieces, "\n")
		case i > 0:
			pieces = append(pieces, glue(lines[i-1], l, full, room[i-1]))
		}
		if l.step != "" {
			if i > 0 && last != "" && last != l.step {
				pieces[len(pieces)-1] = string(stepped)
			}
			last = l.step
		}
		pieces = append(pieces, l.text)
	}
	continueLines(pieces)
	return strings.Join(pieces, "") + cutOff(lines, full)
}

// hasEntries tells whether each time begins an entry of a log. Where every line has one they may have been put before
// the pieces of a single text.
func hasEntries(lines []line) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return l.timed }) &&
		slices.ContainsFunc(lines, func(l line) bool { return !l.timed && l.text != "" })
}

// continueLines takes out the backslashes that make one line of two.
func continueLines(pieces []string) {
	for i := 1; i < len(pieces); i += 2 {
		if pieces[i] == continued {
			pieces[i-1] = strings.TrimSuffix(pieces[i-1], `\`)
			pieces[i] = ""
			if strings.HasPrefix(pieces[i+1], `\ `) {
				pieces[i+1] = pieces[i+1][1:]
			}
		}
	}
}

// rooms gives for each line the columns that its paragraph uses: those of its widest line.
func rooms(lines []line) []int {
	room := make([]int, len(lines))
	for from := 0; from < len(lines); {
		to, widest := from, 0
		for ; to < len(lines) && lines[to].text != ""; to++ {
			if strings.Contains(lines[to].text, " ") { // a word alone is as wide as it is
				widest = max(widest, lines[to].width)
			}
		}
		for i := from; i < to; i++ {
			room[i] = widest
		}
		from = max(to, from+1)
	}
	return room
}

// cutOff is an ellipsis where the text ends with a full line, and that within a word, for all that can be known: a person
// copied no further.
func cutOff(lines []line, full map[int]bool) string {
	last := lines[len(lines)-1]
	alike := func(l line) bool { return l.width == last.width || l.width == last.width-1 } // one may have lost a space
	if !full[last.width] || !slices.ContainsFunc(lines[:len(lines)-1], alike) || !openEnd.MatchString(last.text) {
		return ""
	}
	return string(masked)
}

// continued is between two lines of which a backslash makes one.
const continued = `\`

// escapes are the letters and signs that a backslash makes something else of in JSON, in quoted YAML and in the languages of
// logs. Another backslash is YAML's own sign.
const escapes = `"'/abefnrtuUvx01234567`

// glue gives what stands between two lines once they are joined. A backslash at the end of a full line is half of an
// escape where the next begins with the other half; else it is YAML's sign, or the shell's, that the line goes on, and YAML
// begins the next line with another where a space follows.
func glue(before, next line, full map[int]bool, room int) string {
	switch {
	case before.text == "" || next.text == "":
		return "\n"
	case backslashes(before.text)%2 == 1 && (!full[before.width] || !strings.ContainsAny(next.text[:1], escapes)):
		return continued
	case backslashes(before.text) > 0:
		return ""
	case broken(before, next, full):
		return ""
	}
	if before.width+slack+columns(firstWord(next.text)) <= room || before.width > widestAlone && !full[before.width] {
		return string(ended)
	}
	return string(wrapped)
}

// slack is a space, and the signs that one line of a wrapped text may have more than another: a quote before it, an
// escape in it.
const slack = 4

// backslashes counts those at the end of a line.
func backslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }

// A line of at least the narrowest width counts as wrapped, and one that is alone in its width only up to the widest of
// usual terminals.
const narrowest, widestAlone = 40, 200

// fullWidths are the widths at which the text seems to be wrapped by columns: the greatest one, and those of several
// lines.
func fullWidths(lines []line) map[int]bool {
	count, widest := map[int]int{}, 0
	for _, l := range lines {
		count[l.width]++
		widest = max(widest, l.width)
	}
	full := map[int]bool{}
	for width, lines := range count {
		full[width] = width >= narrowest && (lines > 1 || width == widest && width <= widestAlone)
	}
	return full
}

// broken tells whether a name goes on from one line to the next. The last word of the line must look like a part of a
// name, the line must end where wrapping ends it, and the next must not begin with a word that follows names.
func broken(before, next line, full map[int]bool) bool {
	tail, head := lastWord(before.text), firstWord(next.text)
	if !nameLike.MatchString(tail) || strings.ContainsAny(head[:1], `"'([{,;.`) || key.MatchString(head) || follows[strings.ToLower(strings.Trim(head, `.,:;)`))] {
		return false
	}
	if strings.ContainsAny(tail[len(tail)-1:], "-/@_=") { // wrapping at hyphens leaves lines of any width
		return before.width+len(head) >= narrowest
	}
	return full[before.width] && !upper(head) && !wholeEmail.MatchString(tail)
}

func upper(word string) bool { return word[0] >= 'A' && word[0] <= 'Z' }

// between are the signs that stand between words.
const betweenWords = " " + string(wrapped) + string(ended) + string(stepped)

func lastWord(s string) string {
	at := strings.LastIndexAny(s, betweenWords)
	if at < 0 {
		return s
	}
	_, width := utf8.DecodeRuneInString(s[at:])
	return s[at+width:]
}

func firstWord(s string) string {
	if at := strings.IndexAny(s, betweenWords); at >= 0 {
		return s[:at]
	}
	return s
}

// nameLike is a word with the signs of a name in it: not one that ends a sentence, a bracket or a quotation.
var nameLike = regexp.MustCompile(`^["'([]*[\w%~+*-]*(?:[@/:.-][\w%~+*-]+|[@/:-])+[@/:._=-]*$`)

// key begins a line of YAML, or of a list of what happened.
var key = regexp.MustCompile(`^[A-Za-z_]+:$`)

// openEnd is the end of a line that no sign ends.
var openEnd = regexp.MustCompile(`[\w/@:.=-]$`)

// wholeEmail is the address of a service account to its end.
var wholeEmail = regexp.MustCompile(`@[\w.-]+\.gserviceaccount\.com$`)

// follows are the words that come after a name in the sentences of Google's messages and of registries' clients.
var follows = wordSet(`must from does has have is are was were not on in at to then for or and denied with as this that before
	permission because failed when while after by latest unable error status unauthorized name manifest using pulling
	cause ensure if note see permissions which the a an of may please read service user image it`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
