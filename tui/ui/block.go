package ui

import (
	"strings"

	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Block collects lines with a prefix column.
type Block struct {
	Styles *Styles
	Width  int
	Lines  []string
}

// Add appends a line as it is.
func (b *Block) Add(line string) { b.Lines = append(b.Lines, line) }

// Command appends a shell command, broken where a shell takes it.
func (b *Block) Command(command string) {
	for i, l := range WrapCommand(command, b.Width-6) {
		prefix := "  $ "
		if i > 0 {
			prefix = "    "
		}
		for n, part := range wrapLong(l, b.Width-6) {
			if n > 0 {
				prefix = "          "
			}
			b.Add(b.Styles.Dim.Render(prefix) + part)
		}
	}
}

// wrapLong breaks a line only when it does not fit; what leads it stays.
func wrapLong(l string, width int) []string {
	if cells.Width(l) <= width {
		return []string{l}
	}
	indent := l[:len(l)-len(strings.TrimLeft(l, " "))]
	parts := cells.Wrap(l, width-len(indent))
	const continues = ` \`
	if body, ok := strings.CutSuffix(l, continues); ok && parts[len(parts)-1] == `\` { // it stays with the last word
		parts = cells.Wrap(body, width-len(indent)-len(continues))
		parts[len(parts)-1] += continues
	}
	parts[0] = indent + parts[0]
	return parts
}

// Blank appends an empty line.
func (b *Block) Blank() { b.Lines = append(b.Lines, "") }

// Para wraps a text, which makes it clean.
func (b *Block) Para(prefix, text string) {
	for i, l := range cells.Wrap(text, b.Width-4-len(prefix)) {
		if i > 0 {
			prefix = strings.Repeat(" ", len(prefix))
		}
		b.Add("  " + b.Styles.Dim.Render(prefix) + l)
	}
}

// SideBySide draws two panes of a height with a rule between them, which stands in the column at.
func (t *Styles) SideBySide(left, right []string, at, width, height int) []string {
	lines := make([]string, height)
	rule := MarkedLine(PaneText, NoRow, t.Frame.Render(signs.Vertical))
	for n := range lines {
		if n < len(left) {
			lines[n] = left[n]
		}
		lines[n] = cells.Fit(lines[n], at) + rule
		if n < len(right) {
			lines[n] += cells.Cut(right[n], width-at-1)
		}
	}
	return lines
}
