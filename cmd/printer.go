package cmd

import (
	"io"
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/kinsoku"
	"whopulls/model"
)

// printer writes lines for people. Everything goes through spans, which lose their control characters on the way: names
// and messages come from Google and are not trusted with a terminal. The first failed write is kept in err.
type printer struct {
	w            io.Writer
	width        int
	colour       bool
	screenReader bool // to a screen reader: words, no signs
	mono         bool // bold and faint, but no colours
	err          error
}

// span is a piece of a line in one tone.
type span struct {
	tone tone
	text string
}

// tone is what a piece of text is to the reader; it carries no meaning that the words don't.
type tone int

const (
	plain tone = iota
	strong
	faint
	good
	bad
	doubtful
)

// styles uses the terminal's own sixteen colours, which the user chose to be readable.
var styles = map[tone]lipgloss.Style{
	strong:   lipgloss.NewStyle().Bold(true),
	faint:    lipgloss.NewStyle().Faint(true),
	good:     lipgloss.NewStyle().Foreground(lipgloss.Green),
	bad:      lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	doubtful: lipgloss.NewStyle().Foreground(lipgloss.Yellow),
}

func text(s string) span { return span{plain, s} }

// line writes one line.
func (p *printer) line(spans ...span) { p.write(p.render(spans) + "\n") }

// prompt writes a prompt and stays on its line.
func (p *printer) prompt(prompt string) { p.write(p.render([]span{{strong, prompt}}) + " ") }

// wrapAfter writes what comes after head wrapped to the width, the following lines below its beginning.
func (p *printer) wrapAfter(head []span, body span) {
	indent := 0
	for _, s := range head {
		indent += ansi.StringWidth(clean(s.text))
	}
	for i, line := range wrap(clean(body.text), p.width-indent) {
		if i > 0 {
			head = []span{text(strings.Repeat(" ", indent))}
		}
		p.line(append(head, span{body.tone, line})...)
	}
}

// paragraph writes wrapped text behind an indent.
func (p *printer) paragraph(indent int, body span) {
	p.wrapAfter([]span{text(strings.Repeat(" ", indent))}, body)
}

func (p *printer) render(spans []span) string {
	var b strings.Builder
	for _, s := range spans {
		piece := clean(s.text)
		if style, ok := styles[s.tone]; ok && p.colour && piece != "" {
			if p.mono {
				style = style.UnsetForeground()
			}
			piece = style.Render(piece)
		}
		b.WriteString(piece)
	}
	return strings.TrimRight(b.String(), " ")
}

func (p *printer) write(s string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, s)
	}
}

// clean keeps characters that a terminal may obey, or that nobody sees, from the terminal. Line ends become
// spaces, so that a message can't begin a line of its own.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case model.IsInvisible(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// wrap breaks text at spaces, and where Japanese may break, so that names and commands stay whole to copy. It gives at least
// one line.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, piece := range kinsoku.Pieces(s) {
		space := ""
		if piece.AfterSpace {
			space = " "
		}
		switch {
		case line == "":
			line = piece.Text
		case ansi.StringWidth(line+space+piece.Text) > width:
			lines = append(lines, line)
			line = piece.Text
		default:
			line += space + piece.Text
		}
	}
	return append(lines, line)
}

// pad fills text with spaces up to a width in columns.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-ansi.StringWidth(s)))
}
