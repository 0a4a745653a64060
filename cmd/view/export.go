package view

import (
	"strings"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/model/picture"
	"whopulls/report/accessmap"
)

// Rendered is an answer as the command line prints it in a format: check for JSON and the access map, plan for the others.
func Rendered(f options.Format, a Assessment) (string, error) {
	var b strings.Builder
	if f.IsDocument() {
		err := JSON(&b, CheckDocumentOf(a))
		return b.String(), err
	}
	if drawing, ok := AccessMap(f, a); ok {
		return drawing, nil
	}
	out := &console.Printer{W: &b, Width: renderedWidth}
	PlanAs(out, f, a)
	return b.String(), out.Err
}

// AccessMap is the map of an answer as a document, if the format is one of its forms.
func AccessMap(f options.Format, a Assessment) (drawing string, ok bool) {
	draw := map[options.Format]func(picture.Picture) string{
		options.FormatText: accessmap.Text, options.FormatSVG: accessmap.SVG, options.FormatMermaid: accessmap.Mermaid}[f]
	if draw == nil {
		return "", false
	}
	return draw(picture.Of(a.Situation, a.Diagnosis)), true
}

// renderedWidth is where a text for people breaks that no terminal shows.
const renderedWidth = 80

// PlanAs writes a plan for people, or in the format that was asked for.
func PlanAs(p *console.Printer, f options.Format, a Assessment) {
	switch f {
	case options.FormatGcloud:
		Script(p, a)
	case options.FormatTerraform:
		Terraform(p, a)
	case options.FormatMarkdown:
		Markdown(p, a)
	case options.FormatRequest:
		Request(p, a)
	default:
		Plan(p, a)
	}
}

// Terraform writes the steps as a configuration.
func Terraform(p *console.Printer, a Assessment) {
	p.Line(console.Text("# What is missing for " + a.Diagnosis.Consumer.ID + " to run " + strings.Join(model.ImageNames(a.Situation, a.Diagnosis), ", ") + "."))
	for _, sentence := range model.Reasons(a.Diagnosis.Unclosed(), model.Missing) {
		p.Line(console.Text("# Not closed by this: " + sentence))
	}
	if len(a.Plan.Steps) == 0 {
		p.Line(console.Text("# No steps: the verdict is " + string(a.Plan.Verdict) + "."))
		writeAskComments(p, a.Plan)
		return
	}
	writeLines(p, handover.Terraform(a.Plan, a.Diagnosis.Consumer))
}

// writeLines writes a text line by line.
func writeLines(p *console.Printer, document string) {
	for line := range strings.Lines(document) {
		p.Line(console.Text(strings.TrimSuffix(line, "\n")))
	}
}

// Markdown writes the plan as a request for a ticket.
func Markdown(p *console.Printer, a Assessment) { writeLines(p, requestOf(a).Markdown()) }

// Request writes the plan as a request in plain text.
func Request(p *console.Printer, a Assessment) { writeLines(p, requestOf(a).Text()) }

// requestOf is the request to somebody who may make the changes.
func requestOf(a Assessment) handover.ChangeRequest {
	return handover.ChangeRequest{Situation: a.Situation, Diagnosis: a.Options.FilterDiagnosis(a.Diagnosis), Plan: a.Plan}
}
