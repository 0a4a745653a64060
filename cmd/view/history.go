package view

import (
	"strings"
	"time"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/ledger"
)

// HistoryEntry is an entry of the journal, for programs.
type HistoryEntry struct {
	ID        string           `json:"id"`
	Run       string           `json:"run"`
	Time      time.Time        `json:"time"`
	Target    string           `json:"target"`
	Account   string           `json:"account"`
	Project   string           `json:"project"`
	Kind      model.StepKind   `json:"kind"`
	Resource  model.Resource   `json:"resource"`
	Role      string           `json:"role,omitempty"`
	Member    model.Member     `json:"member"`
	Condition *model.Condition `json:"condition,omitempty"`
	Undoes    string           `json:"undoes,omitempty"`
	State     ledger.State     `json:"state"`
	Until     time.Time        `json:"until,omitzero"` // of an unclear change: until when its request may still arrive
	Message   string           `json:"message,omitempty"`
}

// entryMark is the sign of a state.
func entryMark(s ledger.State) console.Mark {
	switch s {
	case ledger.StateDone:
		return console.Good.Mark(s.Sign())
	case ledger.StateFailed:
		return console.Bad.Mark(s.Sign())
	case ledger.StateUnclear, ledger.StateIntended:
		return console.Doubtful.Mark(s.Sign())
	}
	return console.Plain.Mark(s.Sign())
}

// History writes the entries by run: time and account, then the changes.
func History(p *console.Printer, entries []HistoryEntry, origin string) {
	if len(entries) == 0 {
		p.Line(console.Text("Nothing was changed yet."))
		return
	}
	runs := map[string]string{} // by the ids of their entries
	for i, e := range entries {
		runs[e.ID] = e.Run
		if i == 0 || entries[i-1].Run != e.Run {
			if i > 0 {
				p.Line()
			}
			p.Line(console.Strong.Text(e.Run), console.Text("  "+runText(e, origin, runs[e.Undoes])))
		}
		writeEntry(p, e)
	}
}

// writeEntry writes a change, and its member where the title does not name it.
func writeEntry(p *console.Printer, e HistoryEntry) {
	step := model.Step{Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member}
	heading := step.Heading()
	p.WrapAfter([]console.Span{console.Text("  "), p.Mark(entryMark(e.State), string(e.State), len(ledger.StateIntended)), console.Text("  " + e.ID + "  ")}, console.Text(heading))
	if e.Member != "" && !strings.Contains(heading, console.MemberName(e.Member)) {
		p.Paragraph(4, console.Faint.Text(string(e.Member)))
	}
	if e.Message != "" && e.State != ledger.StateDone {
		p.Paragraph(4, console.Text(ledger.WithDeadline(e.Message, e.Until)))
	}
}

// runText says when a run was, who made it and for which project. An undo names the run that it took back.
func runText(e HistoryEntry, origin, undone string) string {
	parts := []string{e.Time.Local().Format("2006-01-02 15:04:05 MST")}
	if e.Account != "" {
		parts = append(parts, console.MemberName(model.Member(e.Account)))
	}
	if e.Project != "" {
		parts = append(parts, "for "+e.Project)
	}
	if undone != "" {
		parts = append(parts, "takes back "+undone)
	}
	if e.Target != origin {
		parts = append(parts, "in another cloud: "+e.Target)
	}
	return strings.Join(parts, "  ")
}
