package tui

import (
	"cmp"
	"path"
	"strings"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/tui/ui"
)

// RenderFunc gives an answer as the command line prints it in a format: check for json, plan for the others.
type RenderFunc func(format string, s model.Situation, d model.Diagnosis, p model.Plan) (string, error)

// takeOutForm is a form that an answer can be taken out in.
type takeOutForm struct{ label, detail, format, ending string }

// takeOutForms are the forms, the one for people first.
var takeOutForms = []takeOutForm{
	{"request for a colleague", "for a mail or a chat", "request", ".request.txt"},
	{"request as Markdown", "for a ticket", "markdown", ".request.md"},
	{"gcloud commands", "a script of the grants", formatGcloud, ".grant.sh"},
	{"rights for a time", "Privileged Access Manager", formatPrivileged, ".pam.sh"},
	{"Terraform", "leaves other bindings be", "terraform", ".grant.tf"},
	{"picture of the map (SVG)", "for a page or a README", "svg", ".map.svg"},
	{"map in Mermaid", "GitHub draws it in Markdown", "mermaid", ".map.mmd"},
	{"map as plain text", "for a mail or a chat", "text", ".map.txt"},
	{"JSON of the answer", "as check prints it", formatJSON, ".check.json"},
}

const (
	formatGcloud     = "gcloud"
	formatJSON       = "json"
	formatPrivileged = "privileged-access" // of the app alone: on the command line it is a part of the request
)

// takeOuts are what can be taken out of an answer.
func (e *app) takeOuts(a ui.Answer) (all []ui.TakeOut) {
	for _, f := range takeOutForms {
		t := ui.TakeOut{Label: f.label, Detail: f.detail, WhyOff: a.WhyNoSteps, FileName: ui.FileName(nameOf(a), f.ending),
			Content: func() (string, error) { return e.opts.Render(f.format, a.Situation, a.Diagnosis, a.Plan) }}
		switch f.format {
		case formatJSON, "svg", "mermaid", "text":
			t.WhyOff = a.WhyNotNow
		case formatPrivileged:
			t = withPrivilegedAccess(t, a)
		case formatGcloud: // a shell that somebody works in must not end at the first error, as the script does
			t.Copied = func() (string, error) { return strings.Join(ui.CommandsOf(a.Plan.Steps), "\n"), nil }
		}
		all = append(all, t)
	}
	return all
}

// withPrivilegedAccess gives the commands that list and request rights that people hold only for a time.
func withPrivilegedAccess(t ui.TakeOut, a ui.Answer) ui.TakeOut {
	access := handover.ChangeRequest{Situation: a.Situation, Diagnosis: a.Diagnosis, Plan: a.Plan}.PrivilegedAccess()
	if access == nil {
		t.WhyOff = cmp.Or(t.WhyOff, "no change here needs a right of yours")
		return t
	}
	t.Content = func() (string, error) { return access.Script(), nil }
	return t
}

// nameOf names the files of an answer: the workload, else the image, else the project.
func nameOf(a ui.Answer) string {
	if w := a.Situation.Question.Workload; w != nil {
		return w.Name
	}
	for _, use := range a.Diagnosis.Images {
		return path.Base(use.Image.Path)
	}
	return a.Diagnosis.Consumer.ID
}
