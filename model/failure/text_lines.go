package failure

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"whopulls/text/pattern"
)

// line is one line of a text, without what a logger or a frame put around it.
type line struct {
	text       string
	width      int    // columns of the whole line, frame included
	hasTime    bool   // a time stands before it
	stepNumber string // number of the build's step, where the line has one
}

// linePrefixes are prefixes of lines. They are Terraform's frame, quotation and table signs, and the times
// and levels of logs (RFC 3339, clock, syslog, klog). Build steps of Cloud Build and BuildKit are too, and
// the commands of GitHub's log.
var linePrefixes = []linePrefix{
	{form: pattern.Lazy(`^\s*(?:\d+\s*)?[│┃║▌|>]+(?: |$)`)},
	{form: pattern.Lazy(`^\s*#\d+ (?:\d+\.\d+ )?`), isTime: true},
	{form: pattern.Lazy(`^\s*[[(]?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?[\])]?:?(?:\s+|$)`), isTime: true},
	{form: pattern.Lazy(`^\s*[[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?(?:\s+|$)`), isTime: true},
	{form: pattern.Lazy(`^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \S+ [\w./-]+(?:\[\d+\])?: `), isTime: true},
	{form: pattern.Lazy(`^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.-]+:\d+\] `), isTime: true},
	{form: pattern.Lazy(`^Step #(\d+)(?: - "[^"]*")?: `), isStep: true},
	{form: pattern.Lazy(`^\s*(?:::error(?: [^:]*)?::|##\[\w+\])`)},
	{form: pattern.Lazy(`^\s*(?:\[(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\]|(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)(?:\[\d+\])?)(?:\s+|$)`)},
}

// linePrefix is a prefix that is no part of what a line says. A time is one of a log, or a number of BuildKit's.
type linePrefix struct {
	form   pattern.Pattern
	isTime bool
	isStep bool // it has the number of a build's step
}

// frameLine is a line that only draws.
var frameLine = pattern.Lazy(`^[\s│┃║╷╵╭╮╰╯┌┐└┘─━═+|-]*$`)

// frameEnd is the right side of a frame.
var frameEnd = pattern.Lazy(`\s+[│┃║]\s*$`)

// maxPrefixes: a frame within a log within a build, and one more.
const maxPrefixes = 4

func stripLine(text string) line {
	l := line{text: strings.TrimRight(text, wordSeparators+"\u3000")}
	l.width = displayWidth(l.text)
	if frameLine().MatchString(l.text) {
		l.text = ""
		return l
	}
	l.text = frameEnd().ReplaceAllString(normalizeJapanese(l.text), "")
	for range maxPrefixes {
		before := l.text
		for _, p := range linePrefixes {
			if at := p.form().FindStringSubmatchIndex(l.text); at != nil {
				l.hasTime = l.hasTime || p.isTime
				if p.isStep {
					l.stepNumber = l.text[at[2]:at[3]]
				}
				l.text = l.text[at[1]:]
			}
		}
		if l.text == before {
			break
		}
	}
	l.text = strings.Trim(l.text, wordSeparators)
	return l
}

// displayWidth counts those that a line takes on a terminal, where Japanese takes two for each sign.
func displayWidth(line string) (n int) {
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

// joinLines makes one line of each paragraph.
func joinLines(text string) string {
	if !strings.Contains(text, "\n") {
		return stripLine(text).text
	}
	var lines []line
	for one := range strings.SplitSeq(text, "\n") {
		lines = append(lines, stripLine(one))
	}
	full, room, entries := wrapWidths(lines), paragraphWidths(lines), hasLogEntries(lines)
	pieces := make([]string, 0, 2*len(lines))
	last := ""
	for i, l := range lines {
		switch {
		case i > 0 && entries && l.hasTime:
			pieces = append(pieces, "\n")
		case i > 0:
			pieces = append(pieces, lineSeparator(lines[i-1], l, full, room[i-1]))
		}
		if l.stepNumber != "" {
			if i > 0 && last != "" && last != l.stepNumber {
				pieces[len(pieces)-1] = string(stepStarted)
			}
			last = l.stepNumber
		}
		pieces = append(pieces, l.text)
	}
	joinContinuations(pieces)
	return strings.Join(pieces, "") + trailingEllipsis(lines, full)
}

// hasLogEntries reports whether each time begins an entry of a log. Where every line has one they may have been put before
// the pieces of a single text.
func hasLogEntries(lines []line) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return l.hasTime }) &&
		slices.ContainsFunc(lines, func(l line) bool { return !l.hasTime && l.text != "" })
}

// joinContinuations takes out the backslashes that make one line of two.
func joinContinuations(pieces []string) {
	for i := 1; i < len(pieces); i += 2 {
		if pieces[i] == continuation {
			pieces[i-1] = strings.TrimSuffix(pieces[i-1], `\`)
			pieces[i] = ""
			if strings.HasPrefix(pieces[i+1], `\ `) {
				pieces[i+1] = pieces[i+1][1:]
			}
		}
	}
}

// paragraphWidths gives for each line the columns that its paragraph uses: those of its widest line.
func paragraphWidths(lines []line) []int {
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

// trailingEllipsis is an ellipsis if the text ends with a full line, probably within a word. Then a person
// copied no further.
func trailingEllipsis(lines []line, full map[int]bool) string {
	last := lines[len(lines)-1]
	sameWidth := func(l line) bool { return l.width == last.width || l.width == last.width-1 } // one may have lost a space
	if !full[last.width] || !slices.ContainsFunc(lines[:len(lines)-1], sameWidth) || !unfinishedEnd().MatchString(last.text) {
		return ""
	}
	return string(ellipsis)
}

// continuation is between two lines of which a backslash makes one.
const continuation = `\`

// escapeChars are the letters and signs that a backslash makes something else of in JSON, in quoted YAML and in the languages of
// logs. Another backslash is YAML's own sign.
const escapeChars = `"'/abefnrtuUvx01234567`

// lineSeparator gives what stands between two lines once they are joined. A backslash at the end of a full
// line is half of an escape if the next line begins with the other half. Otherwise YAML or the shell marks a
// continued line. If a space follows, YAML begins the next line with another backslash.
func lineSeparator(before, next line, full map[int]bool, room int) string {
	switch {
	case before.text == "" || next.text == "":
		return "\n"
	case trailingBackslashes(before.text)%2 == 1 && (!full[before.width] || !strings.ContainsAny(next.text[:1], escapeChars)):
		return continuation
	case trailingBackslashes(before.text) > 0:
		return ""
	case breaksName(before, next, full):
		return ""
	}
	if before.width+wrapSlack+displayWidth(firstWord(next.text)) <= room || before.width > maxLoneWidth && !full[before.width] {
		return string(lineEnded)
	}
	return string(wrapped)
}

// wrapSlack is how much longer one line of a wrapped text may be than another. The difference is a space, a
// quote before it, or an escape in it.
const wrapSlack = 4

// trailingBackslashes counts those at the end of a line.
func trailingBackslashes(s string) int { return len(s) - len(strings.TrimRight(s, `\`)) }

// A line of at least the narrowest width counts as wrapped. If no other line has its width, it counts only up
// to the widest of usual terminals.
const minWrapWidth, maxLoneWidth = 40, 200

// wrapWidths are the widths at which the text seems to be wrapped by columns: the greatest one, and those of several
// lines.
func wrapWidths(lines []line) map[int]bool {
	count, widest := map[int]int{}, 0
	for _, l := range lines {
		count[l.width]++
		widest = max(widest, l.width)
	}
	full := map[int]bool{}
	for width, lines := range count {
		full[width] = width >= minWrapWidth && (lines > 1 || width == widest && width <= maxLoneWidth)
	}
	return full
}

// breaksName reports whether a name continues from one line to the next. The last word of the line must look
// like a part of a name. The line must end where wrapping ends it. The next line must not begin with a word
// that follows names, and must not begin something that is known, as a command line does.
func breaksName(before, next line, full map[int]bool) bool {
	tail, head := lastWord(before.text), firstWord(next.text)
	if !nameLike().MatchString(tail) || strings.ContainsAny(head[:1], `"'([{,;.`) || yamlKey().MatchString(head) || wordsAfterName[strings.ToLower(strings.Trim(head, `.,:;)`))] || classOf(next.text) != classOther {
		return false
	}
	if strings.ContainsAny(tail[len(tail)-1:], "-/@_=") { // wrapping at hyphens leaves lines of any width
		return before.width+len(head) >= minWrapWidth
	}
	return full[before.width] && !startsUpper(head) && !fullAccountEmail().MatchString(tail)
}

func startsUpper(word string) bool { return word[0] >= 'A' && word[0] <= 'Z' }

// between are the signs that stand between words.
const wordSeparators = " " + string(wrapped) + string(lineEnded) + string(stepStarted)

func lastWord(s string) string {
	at := strings.LastIndexAny(s, wordSeparators)
	if at < 0 {
		return s
	}
	_, width := utf8.DecodeRuneInString(s[at:])
	return s[at+width:]
}

func firstWord(s string) string {
	if at := strings.IndexAny(s, wordSeparators); at >= 0 {
		return s[:at]
	}
	return s
}

// nameLike is a word with the signs of a name in it: not one that ends a sentence, a bracket or a quotation.
var nameLike = pattern.Lazy(`^["'([]*[\w%~+*-]*(?:[@/:.-][\w%~+*-]+|[@/:-])+[@/:._=-]*$`)

// yamlKey begins a line of YAML, or of a list of what happened.
var yamlKey = pattern.Lazy(`^[A-Za-z_]+:$`)

// unfinishedEnd is the end of a line that no sign ends.
var unfinishedEnd = pattern.Lazy(`[\w/@:.=-]$`)

// fullAccountEmail is the address of a service account to its end.
var fullAccountEmail = pattern.Lazy(`@[\w.-]+\.gserviceaccount\.com$`)

// wordsAfterName are the words that come after a name in the sentences of Google's messages and of registries' clients.
var wordsAfterName = wordSet(`must from does has have is are was were not on in at to then for or and denied with as this that before
	permission because failed when while after by latest unable error status unauthorized name manifest using pulling
	cause ensure if note see permissions which the a an of may please read service user image it`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}
