package view

import (
	"fmt"
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text/cells"
)

const unsureHeading = "Possibly missing; safe to apply if it is there already:"

// Plan writes the steps for people, in the order that works. A heading separates certain steps from uncertain ones.
func Plan(p *console.Printer, a Assessment) {
	if len(a.Plan.Steps) == 0 {
		writeNoSteps(p, a)
		writeAsk(p, a)
		return
	}
	for i, s := range a.Plan.Steps {
		if i == 0 || a.Plan.Steps[i-1].Certain != s.Certain {
			p.Paragraph(0, console.Strong.Text(planHeading(s)))
			p.Line()
		}
		Step(p, s.ID+". ", s, HeldPermissions(s))
		p.Line()
	}
	if unclosed := a.Options.FilterDiagnosis(a.Diagnosis).Unclosed(); len(unclosed) > 0 {
		p.Paragraph(0, console.Strong.Text(notClosedHeading))
		for _, sentence := range model.Reasons(unclosed, model.Missing) {
			p.WrapAfter([]console.Span{console.Text("  - ")}, console.Text(sentence))
		}
	}
	writeAsk(p, a)
}

// writeAsk writes what to ask for in places that the caller could not see at all.
func writeAsk(p *console.Printer, a Assessment) {
	if len(a.Plan.Ask) == 0 {
		return
	}
	p.Line()
	p.Paragraph(0, console.Strong.Text(a.Plan.AskIntro()))
	for _, s := range a.Plan.Ask {
		p.Line()
		Step(p, s.ID+". ", s, Permissions(s))
	}
}

const notClosedHeading = "What these steps do not close:"

func planHeading(s model.Step) string {
	if s.Certain {
		return "Missing:"
	}
	return unsureHeading
}

func writeNoSteps(p *console.Printer, a Assessment) {
	if a.Plan.Verdict == model.Granted {
		p.Line(console.Text("No steps: nothing is missing."))
		return
	}
	p.Line(console.Text(noStepsText(a.Plan)))
	writeWorst(p, a.Diagnosis)
}

func noStepsText(plan model.Plan) string {
	if len(plan.Ask) > 0 {
		return fmt.Sprintf("No steps: the verdict is %s, and what would close it is not yours to grant.", plan.Verdict)
	}
	return fmt.Sprintf("No steps: the verdict is %s, and no grant that was asked for closes it.", plan.Verdict)
}

// stepLabelWidth is the width of a step's labels.
const stepLabelWidth = len("   resource  ")

// Step writes a step in full: number, title, reason, resource, role, member, permissions and commands.
func Step(p *console.Printer, number string, s model.Step, requires string) {
	p.WrapAfter([]console.Span{console.Strong.Text(number)}, console.Strong.Text(s.Title))
	writeField(p, "why", s.Why)
	writeField(p, "resource", s.Resource.Path())
	if s.Role != "" {
		writeField(p, "role", s.Role)
	}
	if s.Member != "" {
		writeField(p, "member", string(s.Member))
	}
	writeField(p, "needs", requires)
	if s.Caution != "" {
		writeField(p, "caution", s.Caution)
	}
	for _, command := range s.Gcloud { // whole, to copy
		p.Line(console.Text(cells.Pad("   gcloud", stepLabelWidth)), console.Text(command))
	}
	if len(s.Gcloud) == 0 {
		writeField(p, "gcloud", "has no command for this")
	}
	if s.GcloudNeeds != "" {
		writeField(p, "", "needs a gcloud "+s.GcloudNeeds)
	}
}

func writeField(p *console.Printer, label, value string) {
	p.WrapAfter([]console.Span{console.Faint.Text(cells.Pad("   "+label, stepLabelWidth))}, console.Text(value))
}

// HeldPermissions lists the permissions that a step needs, and reports whether the caller has them.
func HeldPermissions(s model.Step) string {
	if len(s.Requires) == 0 {
		return Permissions(s)
	}
	return Permissions(s) + " (" + heldText(s) + ")"
}

// Permissions lists the permissions that a step needs.
func Permissions(s model.Step) string {
	if len(s.Requires) == 0 {
		return "no permission"
	}
	names := make([]string, len(s.Requires))
	for i, r := range s.Requires {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

func heldText(s model.Step) string {
	object := "it"
	if len(s.Requires) > 1 {
		object = "both"
	}
	switch {
	case s.Allowed == nil:
		return "not tested whether you have " + object
	case *s.Allowed:
		return "you have " + object
	}
	return "you don't have " + object + ": hand this step over"
}

// Script writes the steps as a POSIX script that stops at the first command that fails.
func Script(p *console.Printer, a Assessment) {
	p.Line(console.Text("#!/bin/sh"))
	p.Line(console.Text("# What is missing for " + a.Diagnosis.Consumer.ID + " to run " + strings.Join(model.ImageNames(a.Situation, a.Diagnosis), ", ") + "."))
	if left := a.Diagnosis.Unclosed(); len(left) > 0 {
		p.Line(console.Text("# " + notClosedHeading))
		for _, sentence := range model.Reasons(left, model.Missing) {
			p.Line(console.Text("# - " + sentence))
		}
	}
	p.Line(console.Text("set -eu"))
	if len(a.Plan.Steps) == 0 {
		p.Line()
		p.Line(console.Text("# No steps: the verdict is " + string(a.Plan.Verdict) + "."))
	}
	for i, s := range a.Plan.Steps {
		p.Line()
		if !s.Certain && (i == 0 || a.Plan.Steps[i-1].Certain) {
			p.Line(console.Text("# " + unsureHeading))
		}
		p.Line(console.Text("# " + s.ID + ". " + s.Title))
		if s.Caution != "" {
			p.Line(console.Text("# " + s.Caution))
		}
		if s.GcloudNeeds != "" {
			p.Line(console.Text("# Needs a gcloud " + s.GcloudNeeds + "."))
		}
		for _, command := range s.Gcloud {
			p.Line(console.Text(command))
		}
		if len(s.Gcloud) == 0 {
			p.Line(console.Text("# gcloud has no command for this."))
		}
	}
	writeAskComments(p, a.Plan)
}

// writeAskComments writes what to ask for as comments, so that none of it runs.
func writeAskComments(p *console.Printer, plan model.Plan) {
	if len(plan.Ask) == 0 {
		return
	}
	p.Line()
	p.Line(console.Text("# " + plan.AskIntro()))
	for _, s := range plan.Ask {
		p.Line(console.Text("# " + s.ID + ". " + s.Title))
		for _, command := range s.Gcloud {
			p.Line(console.Text("#    " + command))
		}
	}
}
