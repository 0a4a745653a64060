package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// block collects lines with a prefix column.
type block struct {
	styles *styles
	width  int
	lines  []string
}

func (b *block) add(line string) { b.lines = append(b.lines, line) }

func (b *block) command(command string) {
	for i, l := range wrapCommand(command, b.width-6) {
		prefix := "  $ "
		if i > 0 {
			prefix = "    "
		}
		for n, part := range wrapLong(l, b.width-6) {
			if n > 0 {
				prefix = "          "
			}
			b.add(b.styles.dim.Render(prefix) + part)
		}
	}
}

// wrapLong breaks a line only when it does not fit; what leads it stays.
func wrapLong(l string, width int) []string {
	if ansi.StringWidth(l) <= width {
		return []string{l}
	}
	indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
	parts := wrap(l, width-len(indent))
	parts[0] = indent + parts[0]
	return parts
}

func (b *block) blank() { b.lines = append(b.lines, "") }

// para wraps a text, which makes it clean.
func (b *block) para(prefix, text string) {
	for i, l := range wrap(text, b.width-4-len(prefix)) {
		if i > 0 {
			prefix = strings.Repeat(" ", len(prefix))
		}
		b.add("  " + b.styles.dim.Render(prefix) + l)
	}
}
