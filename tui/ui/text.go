package ui

import (
	"fmt"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/text"
)

// Clean makes a text from somebody else safe to show.
func Clean(s string) string { return text.Clean(s) }

// CleanInput cleans what is typed or pasted into a line, since it is shown there.
func CleanInput(msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		msg.Content = Clean(msg.Content)
		return msg
	case tea.KeyPressMsg:
		msg.Text = Clean(msg.Text)
		return msg
	}
	return msg
}

// Cut shortens plain or styled text to a width in cells.
func Cut(s string, width int) string { return ansi.Truncate(s, max(width, 0), "…") }

// Pad shortens or fills text to exactly a width in cells.
func Pad(s string, width int) string {
	s = Cut(s, width)
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}

// Wrap breaks text into lines of at most width cells, at spaces and where Japanese may break; a word that is longer than a
// line is broken after one of the signs that e-mails and resource names are made of.
func Wrap(s string, width int) []string {
	if width < 1 {
		return nil
	}
	var lines []string
	line := ""
	for _, piece := range text.Pieces(Clean(s)) {
		word, gap := piece.Text, ""
		if piece.AfterSpace && line != "" {
			gap = " "
		}
		if line != "" && ansi.StringWidth(line+gap+word) <= width {
			line += gap + word
			continue
		}
		if ansi.StringWidth(word) > width {
			var head string
			if head, word = fillLine(line+gap, word, width); head != "" {
				line += gap + head
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
		for ansi.StringWidth(word) > width {
			head := breakWord(word, width)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	return append(lines, line)
}

// wrapNonEmpty is a text in lines; none for an empty one.
func wrapNonEmpty(s string, width int) []string {
	if s == "" {
		return nil
	}
	return Wrap(s, width)
}

// fillLine cuts off a long word what fits behind a begun line, if there is a good place to break it.
func fillLine(line, word string, width int) (head, rest string) {
	if line == "" {
		return "", word
	}
	fitting := ansi.Truncate(word, max(0, width-ansi.StringWidth(line)), "")
	at := strings.LastIndexAny(fitting, breakAfter) + 1
	return word[:at], word[at:]
}

// breakAfter are the signs after which a long word is broken.
const breakAfter = "@/:="

// breakWord gives as much of a long word as fits, up to the last good place to break it.
func breakWord(word string, width int) string {
	head := ansi.Truncate(word, width, "")
	if head == "" {
		_, size := utf8.DecodeRuneInString(word)
		return word[:size]
	}
	if at := strings.LastIndexAny(head, breakAfter); at > len(head)/3 {
		return head[:at+1]
	}
	if next, _ := utf8.DecodeRuneInString(word[len(head):]); !text.MayBeginLine(next) {
		if _, size := utf8.DecodeLastRuneInString(head); size < len(head) {
			return head[:len(head)-size]
		}
	}
	return head
}

// wrapCommand breaks a command before its flags, as a shell would take it.
func wrapCommand(command string, width int) []string {
	var lines []string
	line := ""
	const breakMark = "\x00" // in no command
	for _, part := range strings.Split(strings.NewReplacer(" --", breakMark+"--", " '--", breakMark+"'--").Replace(command), breakMark) {
		if line == "" {
			line = part
			continue
		}
		if ansi.StringWidth(line+" "+part) <= width-2 {
			line += " " + part
			continue
		}
		lines = append(lines, line+" \\")
		line = "    " + part
	}
	return append(lines, line)
}

// Justify puts left and right text on one line; the left one gives way.
func Justify(left, right string, width int) string {
	right = Cut(right, width)
	room := width - ansi.StringWidth(right)
	if room < 2 {
		return right
	}
	return Pad(left, room-1) + " " + right
}

// VisibleLines gives the part of the body that fits from the offset on, and says when there is more. The offset is brought
// back into the body. The keys are those that page.
func (t *Styles) VisibleLines(body []string, offset *int, room int, keys string) []string {
	if len(body) <= room || room < 2 {
		*offset = 0
		return body[:min(len(body), max(room, 0))]
	}
	room-- // for the line that says so
	*offset = max(0, min(*offset, len(body)-room))
	more := fmt.Sprintf("  … lines %d to %d of %d, %s show the rest", *offset+1, *offset+room, len(body), keys)
	return append(append([]string(nil), body[*offset:*offset+room]...), t.Accent.Render(more))
}
