package view

import (
	"strings"

	"whopulls/cmd/console"
	reading "whopulls/model/failure"
	language "whopulls/model/words"
	"whopulls/text/cells"
)

// ExplainDocument is what explain says to programs.
type ExplainDocument struct {
	reading.Document
	Diagnosis *CheckDocument `json:"diagnosis,omitempty"`
}

// ExplainDocumentOf is the document of a reading; a is nil if the question could not be answered.
func ExplainDocumentOf(found reading.Failure, a *Assessment) ExplainDocument {
	d := ExplainDocument{Document: found.Document()}
	if a != nil {
		document := CheckDocumentOf(*a)
		d.Diagnosis = &document
	}
	return d
}

// causeMark is ✗ for what stops a deploy, and ? if no cause was found.
func causeMark(c reading.Cause) console.Mark {
	if c == reading.Unrecognized {
		return console.Doubtful.Mark("?")
	}
	return console.Bad.Mark("✗")
}

// Failure writes what was read: the cause in a line, who lacks what, and the names found in the text.
func Failure(p *console.Printer, f reading.Failure) {
	writeHeadline(p, 0, f)
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

// writeHeadline writes one error, indented: what it is, and who lacks what.
func writeHeadline(p *console.Printer, indent int, f reading.Failure) {
	p.WrapAfter([]console.Span{console.Text(strings.Repeat(" ", indent)), p.Sign(causeMark(f.Cause))}, console.Strong.Text(f.Headline()))
	p.Paragraph(indent+2, console.Text(f.Summary))
}

// Advice writes what to do. A command is on its own line, so that it can be copied.
func Advice(p *console.Printer, f reading.Failure) {
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

// OtherErrors lists the other errors of the text.
func OtherErrors(p *console.Printer, f reading.Failure) {
	for n, o := range f.Others {
		if n == 0 {
			p.Line()
			p.Line(console.Strong.Text(label(labelOtherErrors, f)))
		}
		writeHeadline(p, 2, o)
	}
}

// The labels of explain.
var (
	labelNext        = language.Message[struct{}]{EN: "Next:", JA: "次の手順:"}
	labelOtherErrors = language.Message[struct{}]{EN: "Also in the text:", JA: "テキストにあるほかのエラー:"}
)

// label gives a label in the language of a reading.
func label(m language.Message[struct{}], f reading.Failure) string {
	return m.With(struct{}{}).Render(f.Language())
}
