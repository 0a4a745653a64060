package view

import (
	"fmt"
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
)

// WorkloadTable writes a line for each workload. Its columns are as wide as the list needs, so that a line can be written before the
// next one is known.
type WorkloadTable struct {
	p                         *console.Printer
	nameWidth, kindWidth, end int
}

// The columns of the table.
const (
	verdictColumn = "VERDICT"
	nameColumn    = "WORKLOAD"
	kindColumn    = "KIND"
	regionColumn  = "REGION"
	openColumn    = "NOT GRANTED"
)

// NewWorkloadTable makes the table of these workloads, and writes its head.
func NewWorkloadTable(p *console.Printer, names []model.WorkloadName) *WorkloadTable {
	t := &WorkloadTable{p: p, nameWidth: len(nameColumn), kindWidth: len(kindColumn), end: len(regionColumn)}
	for _, n := range names {
		t.nameWidth = max(t.nameWidth, cells.Width(text.Clean(n.Name)))
		t.kindWidth = max(t.kindWidth, len(n.Kind.DisplayName()))
		t.end = max(t.end, cells.Width(text.Clean(n.Region)))
	}
	if len(names) > 0 {
		head := cells.Pad(verdictColumn, cells.Width(p.Verdict(model.Granted).Text))
		p.Line(console.Faint.Text(head + t.place(nameColumn, kindColumn, regionColumn) + openColumn))
	}
	return t
}

// place are the columns between verdict and reasons.
func (t *WorkloadTable) place(name, kind, region string) string {
	return "  " + cells.Pad(name, t.nameWidth) + "  " + cells.Pad(kind, t.kindWidth) + "  " + cells.Pad(region, t.end) + "  "
}

// Add writes the line of a workload.
func (t *WorkloadTable) Add(v model.WorkloadVerdict) {
	w := v.Workload
	t.p.WrapAfter([]console.Span{t.p.Verdict(v.Verdict), console.Text(t.place(text.Clean(w.Name), w.Kind.DisplayName(), text.Clean(w.Region)))}, console.Text(openText(v)))
}

// openText names the checks that have the verdict of the whole, or says why nothing could be looked at.
func openText(v model.WorkloadVerdict) string {
	if len(v.Gaps) > 0 {
		return v.Gaps[0].Reason
	}
	var parts []string
	for _, part := range v.OpenParts() {
		switch {
		case part.Verdict != v.Verdict:
		case part.Shared():
			parts = append(parts, part.Reason+" ("+text.CountNoun(len(part.Labels), "check")+")")
		default:
			parts = append(parts, part.Labels...)
		}
	}
	return strings.Join(parts, ", ")
}

// WorkloadsEnd writes what follows the table: how many there are of each verdict, what could not be listed, and what to run next.
// Asked is how many workloads there are.
func WorkloadsEnd(p *console.Printer, all model.ProjectVerdicts, asked int, next string) {
	if asked == 0 && len(all.Gaps) == 0 {
		p.Paragraph(0, console.Text("No service, job or worker pool runs in project "+all.Consumer.ID+"."))
		return
	}
	if asked > 0 {
		p.Line()
		p.Paragraph(0, console.Strong.Text(workloadsSummary(all, asked)))
	}
	if len(all.Gaps) > 0 {
		writeGapList(p, "Not all workloads could be listed:", gapSentences(all.Gaps, nil), all.Gaps)
	}
	if next != "" {
		p.Line()
		p.Line(console.Strong.Text("Next:"), console.Text(" "+next))
	}
}

// workloadsSummary counts the workloads by verdict, the worst first.
func workloadsSummary(all model.ProjectVerdicts, asked int) string {
	checked := text.CountNoun(len(all.Workloads), "workload")
	if !all.Complete {
		checked = fmt.Sprintf("%d of %s", len(all.Workloads), text.CountNoun(asked, "workload"))
	}
	var counts []string
	for _, v := range []model.Verdict{model.Denied, model.Missing, model.Unknown, model.Granted} {
		if n := all.Counts[v]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, v))
		}
	}
	if len(counts) == 0 {
		return checked + " of " + all.Consumer.ID + " checked."
	}
	return checked + " of " + all.Consumer.ID + " checked: " + strings.Join(counts, ", ") + "."
}
