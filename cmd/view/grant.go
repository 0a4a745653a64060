package view

import (
	"slices"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/console"
	"whopulls/model"
)

// stateMarks are the signs of the states in which a step can end.
var stateMarks = map[model.StepState]console.Mark{
	model.StepDone:       console.Good.Mark("✓"),
	model.StepAlready:    console.Good.Mark("✓"),
	model.StepSkipped:    console.Plain.Mark("-"),
	model.StepNotAllowed: console.Bad.Mark("✗"),
	model.StepFailed:     console.Bad.Mark("✗"),
}

const stateWidth = len(model.StepNotAllowed)

// Outcome writes how a step ended.
func Outcome(p *console.Printer, o model.Outcome) {
	head := []console.Span{p.Mark(stateMarks[o.State], string(o.State), stateWidth), console.Text("  ")}
	p.WrapAfter(head, console.Text(o.ID+". "+o.Title))
	if message := outcomeText(o); message != "" {
		p.Paragraph(4, console.Text(message))
	}
}

func outcomeText(o model.Outcome) string {
	switch {
	case o.Message != "":
		return o.Message
	case o.State == model.StepAlready:
		return "It is there already; nothing was written."
	case o.State == model.StepDone && o.Verified:
		return "A fresh read shows it."
	case o.State == model.StepDone:
		return "It was accepted, but a fresh read does not show it yet."
	}
	return ""
}

// DryRun is what Cloud Run answered to a deploy that changes nothing.
type DryRun struct {
	Accepted bool   `json:"accepted"`
	Message  string `json:"message,omitempty"`
}

// GrantResult is what grant did, and how things stand after it.
type GrantResult struct {
	Outcomes []model.Outcome
	DoneAt   map[string]time.Time // when each change was made, by the step's id
	Changed  bool                 // something may be other than before
	DryRun   *DryRun              // nil: no dry run was made
	After    Assessment
	Next     Assessment // After, with the steps of all checks
	Flags    []string   // that repeat the question
	ReadOnly bool
	Undo     []string // the command that takes it all back; empty: nothing can be taken back
}

// Grant writes how things stand after the steps of grant.
func Grant(p *console.Printer, g GrantResult) {
	after := g.After
	if len(g.Outcomes) == 0 {
		if writeOnlyVerdict(p, after) {
			writeWorst(p, after.Diagnosis)
		} else {
			writeNoSteps(p, after)
		}
		writeAsk(p, after)
		writeDryRun(p, g.DryRun)
		return
	}
	if g.Changed {
		writeEffects(p, g)
	}
	if g.DryRun != nil {
		p.Line()
	}
	writeDryRun(p, g.DryRun)
	p.Line()
	p.Line(console.Strong.Text("After this:"))
	writeOnlyVerdict(p, after)
	writeWorst(p, after.Diagnosis)
	p.Line()
	writeNext(p, g.Next, g.Flags, g.ReadOnly)
	writeUndo(p, g.Undo)
}

// writeOnlyVerdict writes the verdict on the checks that --only names, where that differs from the verdict on all.
func writeOnlyVerdict(p *console.Printer, a Assessment) bool {
	v := a.Options.Verdict(a.Diagnosis)
	if v == a.Diagnosis.Verdict {
		return false
	}
	p.Line(p.Verdict(v), console.Text("  "+strings.Join(a.Options.Only, ", ")+", as asked by --only; the other checks:"))
	return true
}

// Removals writes how stale remove ended, and the command that takes it back.
func Removals(p *console.Printer, outcomes []model.Outcome, undo []string) {
	p.Line()
	if len(outcomes) == 0 {
		p.Line(console.Text("Nothing to remove: no binding that could be seen has one of these statuses."))
		return
	}
	writeUndo(p, undo)
}

// writeUndo writes the command that takes everything back.
func writeUndo(p *console.Printer, command []string) {
	if len(command) > 0 {
		p.Line(console.Strong.Text("Undo:"), console.Text(" "+shellescape.QuoteCommand(command)))
	}
}

// Undone writes how long the changes of undo take to reach everything.
func Undone(p *console.Printer, outcomes []model.Outcome) {
	made := func(kind model.StepKind) bool {
		return slices.ContainsFunc(outcomes, func(o model.Outcome) bool { return o.State == model.StepDone && o.Kind == kind })
	}
	switch {
	case made(model.StepRevoke):
		p.Line()
		p.Paragraph(0, console.Text("IAM changes typically take 2 minutes to reach everything; 7 or more are possible. Then run whopulls check to see what is missing."))
	case made(model.StepGrant):
		p.Line()
		p.Paragraph(0, console.Text("IAM changes typically take 2 minutes to reach everything; 7 or more are possible."))
	}
}

// writeEffects writes what is known about the effect of each grant, apart from the binding itself. Nobody can know when a
// change has reached everything. Google documents what is typical (iam-facts 6.7).
func writeEffects(p *console.Printer, g GrantResult) {
	p.Line()
	unobserved := false
	for _, o := range g.Outcomes {
		sentence, observed := effectText(o, g.DoneAt[o.ID])
		if sentence == "" {
			continue
		}
		p.Paragraph(0, console.Text(sentence))
		unobserved = unobserved || !observed
	}
	if unobserved {
		p.Paragraph(0, console.Text("IAM changes typically take 2 minutes to reach everything; 7 or more are possible."))
	}
}

// effectText says what is known about a grant's effect, and whether the effect was observed.
func effectText(o model.Outcome, at time.Time) (sentence string, observed bool) {
	granted := "Step " + o.ID + " was granted at " + at.Format("15:04:05 MST")
	switch {
	case o.Kind != model.StepGrant || !o.InPlace():
		return "", false
	case o.Effect == model.EffectObserved:
		return "Step " + o.ID + " is in effect: your own test of the permission says yes.", true
	case o.State != model.StepDone:
		return "", false
	case o.Effect == model.EffectEvaluated:
		return granted + ". Policy Troubleshooter says yes to it; only the next real deploy shows its effect.", false
	}
	return granted + "; only the next real deploy shows its effect.", false
}

// writeDryRun writes what Cloud Run answered, if it was asked.
func writeDryRun(p *console.Printer, d *DryRun) {
	switch {
	case d == nil:
	case d.Accepted:
		p.WrapAfter([]console.Span{p.Sign(stateMarks[model.StepDone])}, console.Text("Cloud Run accepts a deploy of the workload as it is (validate-only: nothing was deployed)."))
	default:
		p.WrapAfter([]console.Span{p.Sign(stateMarks[model.StepFailed])}, console.Text("Cloud Run refuses a deploy of the workload as it is (validate-only): "+d.Message))
	}
}
