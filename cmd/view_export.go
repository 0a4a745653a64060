package cmd

import (
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/handover"
)

// writeTerraform writes the steps as a configuration.
func writeTerraform(p *console.Printer, f assessment) {
	p.Line(console.Text("# What is missing for " + f.diagnosis.Consumer.ID + " to run " + strings.Join(model.ImageNames(f.situation, f.diagnosis), ", ") + "."))
	for _, sentence := range model.Reasons(f.diagnosis.Unclosed(), model.Missing) {
		p.Line(console.Text("# Not closed by this: " + sentence))
	}
	if len(f.plan.Steps) == 0 {
		p.Line(console.Text("# No steps: the verdict is " + string(f.plan.Verdict) + "."))
		writeAsk(p, f.plan)
		return
	}
	writeLines(p, handover.Terraform(f.plan, f.diagnosis.Consumer))
}

// writeLines writes a text of many lines as it stands.
func writeLines(p *console.Printer, document string) {
	for line := range strings.Lines(document) {
		p.Line(console.Text(strings.TrimSuffix(line, "\n")))
	}
}

// accessRequestOf is what is handed to somebody who may make the changes.
func accessRequestOf(f assessment) handover.ChangeRequest {
	return handover.ChangeRequest{Situation: f.situation, Diagnosis: f.options.FilterDiagnosis(f.diagnosis), Plan: f.plan}
}
