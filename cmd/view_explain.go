package cmd

import (
	reading "whopulls/model/failure"
)

// causeMark is ✗ for what stops a deploy, and ? where nothing was read.
func causeMark(c reading.Cause) mark {
	if c == reading.Unrecognized {
		return mark{"?", doubtful}
	}
	return mark{"✗", bad}
}

// viewReading writes what was read: the cause in a line, who lacks what, and the names found in the text.
func viewReading(p *printer, f reading.Failure) {
	m := causeMark(f.Cause)
	p.hang([]span{{m.tone, m.sign + " "}}, span{strong, f.Headline()})
	p.paragraph(2, text(f.Summary))
	for i, one := range f.Named() {
		if i == 0 {
			p.line()
		}
		p.line(span{faint, "  " + pad(one[0], len("consumer project  "))}, text(one[1]))
	}
}

// viewAdvice writes what to do; a command stands whole on a line of its own, to be copied.
func viewAdvice(p *printer, f reading.Failure) {
	p.line()
	p.line(span{strong, "Next:"})
	for _, step := range f.Next {
		if step.Command != "" {
			p.line(text("    " + step.Command))
			continue
		}
		p.paragraph(2, text(step.Words))
	}
}

// viewOthers lists the other errors of the text.
func viewOthers(p *printer, others []reading.Failure) {
	if len(others) == 0 {
		return
	}
	p.line()
	p.line(span{strong, "Also in the text:"})
	for _, o := range others {
		m := causeMark(o.Cause)
		p.hang([]span{text("  "), {m.tone, m.sign + " "}}, span{strong, o.Headline()})
		p.paragraph(4, text(o.Summary))
	}
}
