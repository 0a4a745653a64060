package view

import (
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/handover"
)

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
