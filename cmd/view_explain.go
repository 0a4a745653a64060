package cmd

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	reading "whopulls/model/failure"
)

// causeMark is ✗ for what stops a deploy, and ? where nothing was read.
func causeMark(c reading.Cause) mark {
	if c == reading.Unrecognized {
		return mark{"?", doubtful}
	}
	return mark{"✗", bad}
}

// viewFailure writes what was read: the cause in a line, who lacks what, and the names found in the text.
func viewFailure(p *printer, f reading.Failure) {
	viewHeadline(p, 0, f)
	named, column := f.LabeledFields(), 0
	for _, pair := range named {
		column = max(column, ansi.StringWidth(pair[0])+2)
	}
	for i, pair := range named {
		if i == 0 {
			p.line()
		}
		p.line(span{faint, "  " + pad(pair[0], max(column, len("consumer project  ")))}, text(pair[1]))
	}
}

// viewHeadline writes one error behind an indent: what it is, and who lacks what.
func viewHeadline(p *printer, indent int, f reading.Failure) {
	m := causeMark(f.Cause)
	p.wrapAfter([]span{text(strings.Repeat(" ", indent)), {m.tone, m.sign + " "}}, span{strong, f.Headline()})
	p.paragraph(indent+2, text(f.Summary))
}

// viewAdvice writes what to do; a command stands whole on a line of its own, to be copied.
func viewAdvice(p *printer, f reading.Failure) {
	p.line()
	p.line(span{strong, label(labelNext, f)})
	for _, step := range f.Next {
		if step.Command != "" {
			p.line(text("    " + step.Command))
			continue
		}
		p.paragraph(2, text(step.Words))
	}
}

// viewOtherErrors lists the other errors of the text.
func viewOtherErrors(p *printer, f reading.Failure) {
	for n, o := range f.Others {
		if n == 0 {
			p.line()
			p.line(span{strong, label(labelOtherErrors, f)})
		}
		viewHeadline(p, 2, o)
	}
}
