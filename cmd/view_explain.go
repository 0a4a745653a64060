package cmd

import (
	"strings"

	"whopulls/cmd/console"
	reading "whopulls/model/failure"
	"whopulls/text/cells"
)

// causeMark is ✗ for what stops a deploy, and ? where nothing was read.
func causeMark(c reading.Cause) console.Mark {
	if c == reading.Unrecognized {
		return console.Doubtful.Mark("?")
	}
	return console.Bad.Mark("✗")
}

// viewFailure writes what was read: the cause in a line, who lacks what, and the names found in the text.
func viewFailure(p *console.Printer, f reading.Failure) {
	viewHeadline(p, 0, f)
	named, column := f.LabeledFields(), 0
	for _, pair := range named {
		column = max(column, cells.Width(pair[0])+2)
	}
	for i, pair := range named {
		if i == 0 {
			p.Line()
		}
		p.Line(console.Faint.Text("  "+cells.Pad(pair[0], max(column, len("consumer project  ")))), console.Text(pair[1]))
	}
}

// viewHeadline writes one error behind an indent: what it is, and who lacks what.
func viewHeadline(p *console.Printer, indent int, f reading.Failure) {
	m := causeMark(f.Cause)
	p.WrapAfter([]console.Span{console.Text(strings.Repeat(" ", indent)), m.Tone.Text(m.Sign + " ")}, console.Strong.Text(f.Headline()))
	p.Paragraph(indent+2, console.Text(f.Summary))
}

// viewAdvice writes what to do; a command stands whole on a line of its own, to be copied.
func viewAdvice(p *console.Printer, f reading.Failure) {
	p.Line()
	p.Line(console.Strong.Text(label(labelNext, f)))
	for _, step := range f.Next {
		if step.Command != "" {
			p.Line(console.Text("    " + step.Command))
			continue
		}
		p.Paragraph(2, console.Text(step.Words))
	}
}

// viewOtherErrors lists the other errors of the text.
func viewOtherErrors(p *console.Printer, f reading.Failure) {
	for n, o := range f.Others {
		if n == 0 {
			p.Line()
			p.Line(console.Strong.Text(label(labelOtherErrors, f)))
		}
		viewHeadline(p, 2, o)
	}
}
