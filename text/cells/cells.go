// Package cells lays texts out in the cells of a terminal: how wide one is, and how it is shortened, filled and wrapped. Its
// functions take plain text; Width, Cut, Pad and Fit take styled text too.
package cells

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"whopulls/text"
)

// Width gives how many cells a text takes.
func Width(s string) int { return ansi.StringWidth(s) }

// Cut shortens a text to a width, and shows with … that it did.
func Cut(s string, width int) string { return ansi.Truncate(s, max(width, 0), "…") }

// Pad fills a text with spaces up to a width. A longer text stays as it is.
func Pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-Width(s))) }

// Fit shortens or fills a text to exactly a width.
func Fit(s string, width int) string { return Pad(Cut(s, width), width) }

// Justify puts two texts at the ends of a line. The left one gives way.
func Justify(left, right string, width int) string {
	right = Cut(right, width)
	room := width - Width(right)
	if room < 2 {
		return right
	}
	return Fit(left, room-1) + " " + right
}

// Wrap cleans a text and breaks it into lines of at most a width, at spaces and where Japanese may break. A word that is
// longer than a line is broken after a sign that e-mails and resource names are made of. Without one, it is broken within an id.
func Wrap(s string, width int) []string {
	if width < 1 {
		return nil
	}
	return wrapPieces(s, width, true)
}

// WrapWhole is Wrap for lines that are copied: a name or a command that is longer than a line stays whole. It gives at least
// one line.
func WrapWhole(s string, width int) []string { return wrapPieces(s, width, false) }

func wrapPieces(s string, width int, breaksWords bool) (lines []string) {
	line := ""
	for _, piece := range text.Pieces(text.Clean(s)) {
		word, gap := piece.Text, ""
		if piece.AfterSpace && line != "" {
			gap = " "
		}
		if line != "" && Width(line+gap+word) <= width {
			line += gap + word
			continue
		}
		if breaksWords && line != "" && Width(word) > width {
			var head string
			if head, word = splitToFit(word, width-Width(line+gap)); head != "" {
				line += gap + head
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
		for breaksWords {
			part := beginning(word, width)
			if Width(part) <= width {
				break
			}
			head := breakWord(part, width)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	return append(lines, line)
}

// beginning gives a part of a word that is wider than a width, or the whole word if none is. A word of a million signs is not
// measured again for each of its lines.
func beginning(word string, width int) string {
	const signsPerCell = 4
	for size := signsPerCell * (width + 1); size < len(word); size *= 2 {
		part := strings.ToValidUTF8(word[:size], "")
		if Width(part) > width {
			return part
		}
	}
	return word
}

// splitToFit splits a long word where it may break and its head fits a room. The head is empty if there is no
// such place.
func splitToFit(word string, room int) (head, rest string) {
	at := strings.LastIndexAny(ansi.Truncate(word, max(0, room), ""), breakAfter) + 1
	return word[:at], word[at:]
}

// breakAfter are the signs after which a long word is broken, and breakWithin those within the names that it is made of.
const (
	breakAfter  = "@/:="
	breakWithin = "-._,"
)

// breakWord gives as much of a long word as fits, up to the last good place to break it.
func breakWord(word string, width int) string {
	head := ansi.Truncate(word, width, "")
	if head == "" {
		_, size := utf8.DecodeRuneInString(word)
		return word[:size]
	}
	for _, signs := range []string{breakAfter, breakWithin} {
		if at := strings.LastIndexAny(head, signs); at > len(head)/3 {
			return head[:at+1]
		}
	}
	if next, _ := utf8.DecodeRuneInString(word[len(head):]); !text.MayBeginLine(next) {
		if _, size := utf8.DecodeLastRuneInString(head); size < len(head) {
			return head[:len(head)-size]
		}
	}
	return head
}
