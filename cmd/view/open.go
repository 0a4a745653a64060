package view

import (
	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/text/cells"
)

// OpenDocument is what open says to programs. A field is null where the text doesn't tell it.
type OpenDocument struct {
	Kind       pasted.Kind   `json:"kind"`
	Opens      pasted.Screen `json:"opens"`
	ProjectID  *string       `json:"projectId"`
	Workload   *OpenWorkload `json:"workload"`
	Image      *string       `json:"image"`
	Repository *string       `json:"repository"`
	Principal  model.Member  `json:"principal"`
	Summary    string        `json:"summary"`
}

// OpenWorkload is a workload whose region may not be known.
type OpenWorkload struct {
	Kind   model.WorkloadKind `json:"kind"`
	Name   string             `json:"name"`
	Region *string            `json:"region"`
}

// OpenDocumentOf is the document of what was recognized.
func OpenDocumentOf(t pasted.Thing) OpenDocument {
	d := OpenDocument{Kind: t.Kind, Opens: t.Opens, ProjectID: orNull(t.Project), Image: orNull(t.Image.Text), Repository: orNull(t.Repository.String()),
		Principal: t.Principal, Summary: t.Summary}
	if w := t.Workload; w != nil {
		d.Workload = &OpenWorkload{w.Kind, w.Name, orNull(w.Region)}
	}
	return d
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Open writes what was recognized, and the command that answers it.
func Open(p *console.Printer, t pasted.Thing, next []string) {
	mark := console.Good.Mark("✓")
	if t.Kind == pasted.Unknown {
		mark = console.Doubtful.Mark("?")
	}
	p.WrapAfter([]console.Span{p.Sign(mark)}, console.Strong.Text(t.Summary))
	workload := ""
	if w := t.Workload; w != nil {
		workload = w.Kind.DisplayName() + " " + w.Name
		if w.Region != "" {
			workload += " in " + w.Region
		}
	}
	isFirst := true
	for _, field := range [][2]string{{"project", t.Project}, {"workload", workload}, {"image", t.Image.Text}, {"repository", t.Repository.String()},
		{"principal", string(t.Principal)}} {
		if field[1] == "" {
			continue
		}
		if isFirst {
			p.Line()
		}
		isFirst = false
		p.Line(console.Faint.Text("  "+cells.Pad(field[0], len("repository  "))), console.Text(field[1]))
	}
	if len(next) > 0 {
		p.Line()
		p.Line(console.Strong.Text("Next:"), console.Text(" "+shellescape.QuoteCommand(next)))
	}
}
