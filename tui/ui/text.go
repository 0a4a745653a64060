package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// CleanInput cleans what is typed or pasted into a line, since it is shown there.
func CleanInput(msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		msg.Content = text.Clean(msg.Content)
		return msg
	case tea.KeyPressMsg:
		msg.Text = text.Clean(msg.Text)
		return msg
	}
	return msg
}

// wrapNonEmpty wraps a text, and gives no line for an empty one.
func wrapNonEmpty(s string, width int) []string {
	if s == "" {
		return nil
	}
	return cells.Wrap(s, width)
}

// WrapCommand breaks a command before its flags, as a shell would take it.
func WrapCommand(command string, width int) []string {
	var lines []string
	line := ""
	const breakMark = "\x00" // in no command
	for _, part := range strings.Split(strings.NewReplacer(" --", breakMark+"--", " '--", breakMark+"'--").Replace(command), breakMark) {
		if line == "" {
			line = part
			continue
		}
		if cells.Width(line+" "+part) <= width-2 {
			line += " " + part
			continue
		}
		lines = append(lines, line+" \\")
		line = "    " + part
	}
	return append(lines, line)
}

// VisibleLines gives the part of the body that fits, from the offset on, and says where there is more. It brings the offset
// back into the body. The keys are those that page.
func (t *Styles) VisibleLines(body []string, offset *int, room int, keys string) []string {
	if len(body) <= room || room < 2 {
		*offset = 0
		return MarkText(body[:min(len(body), max(room, 0))])
	}
	room-- // for the line that says so
	*offset = max(0, min(*offset, len(body)-room))
	more := fmt.Sprintf("  "+signs.More+" lines %d to %d of %d, %s show the rest", *offset+1, *offset+room, len(body), keys)
	return append(MarkText(body[*offset:*offset+room]), t.Accent.Render(more))
}

// MarkText marks lines that scroll together.
func MarkText(lines []string) []string {
	marked := make([]string, len(lines))
	for n, l := range lines {
		marked[n] = MarkedLine(PaneText, NoRow, l)
	}
	return marked
}
