package console

import (
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Printer writes lines for people. Everything goes through spans, which lose their control characters on the way: names
// and messages come from Google and are not trusted with a terminal. The first failed write is kept in err.
type Printer struct {
	W            io.Writer
	Width        int
	Colour       bool
	screenReader bool // to a screen reader: words, no signs
	mono         bool // bold and faint, but no colours
	signs        signs.Set
	Err          error
}

// Span is a piece of a line in one tone.
type Span struct {
	tone tone
	Text string
}

// tone is what a piece of text is to the reader; it carries no meaning that the words don't.
type tone int

// The tones.
const (
	Plain tone = iota
	Strong
	Faint
	Good
	Bad
	Doubtful
)

// styles uses the terminal's own sixteen colours, which the user chose to be readable.
var styles = map[tone]lipgloss.Style{
	Strong:   lipgloss.NewStyle().Bold(true),
	Faint:    lipgloss.NewStyle().Faint(true),
	Good:     lipgloss.NewStyle().Foreground(lipgloss.Green),
	Bad:      lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	Doubtful: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
}

// Text is a piece of plain text.
func Text(s string) Span { return Plain.Text(s) }

// Text is a piece of text in this tone.
func (t tone) Text(s string) Span { return Span{t, s} }

// Line writes one line.
func (p *Printer) Line(spans ...Span) { p.write(p.render(spans) + "\n") }

// prompt writes a prompt and stays on its line.
func (p *Printer) prompt(prompt string) { p.write(p.render([]Span{Strong.Text(prompt)}) + " ") }

// WrapAfter writes what comes after head wrapped to the width, the following lines below its beginning.
func (p *Printer) WrapAfter(head []Span, body Span) {
	indent := 0
	for _, s := range head {
		indent += cells.Width(text.Clean(s.Text))
	}
	for i, line := range cells.WrapWhole(body.Text, p.Width-indent) {
		if i > 0 {
			head = []Span{Text(strings.Repeat(" ", indent))}
		}
		p.Line(append(head, body.tone.Text(line))...)
	}
}

// Paragraph writes wrapped text behind an indent.
func (p *Printer) Paragraph(indent int, body Span) {
	p.WrapAfter([]Span{Text(strings.Repeat(" ", indent))}, body)
}

func (p *Printer) render(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		piece := text.Clean(s.Text)
		if style, ok := styles[s.tone]; ok && p.Colour && piece != "" {
			if p.mono {
				style = style.UnsetForeground()
			}
			piece = style.Render(piece)
		}
		b.WriteString(piece)
	}
	return strings.TrimRight(b.String(), " ")
}

// Overwrite writes a line over the one that the cursor stands on, and stays there. It fits the width.
func (p *Printer) Overwrite(line string) {
	p.write(EraseSequence + p.render([]Span{Text(cells.Cut(line, p.Width-1))}))
}

// Erase clears the line that overwrite wrote.
func (p *Printer) Erase() { p.write(EraseSequence) }

// EraseSequence returns to the start of a line and clears it.
const EraseSequence = "\r\x1b[K"

func (p *Printer) write(s string) {
	if p.Err == nil {
		_, p.Err = io.WriteString(p.W, s)
	}
}
