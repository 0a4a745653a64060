package cmd

import (
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/console"
	"whopulls/model"
)

// stateMarks are how the ends of a step look.
var stateMarks = map[model.StepState]console.Mark{
	model.StepDone:       console.Good.Mark("✓"),
	model.StepAlready:    console.Good.Mark("✓"),
	model.StepSkipped:    console.Plain.Mark("-"),
	model.StepNotAllowed: console.Bad.Mark("✗"),
	model.StepFailed:     console.Bad.Mark("✗"),
}

const stateWidth = len(model.StepNotAllowed)

// viewOutcome writes what became of a step.
func viewOutcome(p *console.Printer, o model.Outcome) {
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
		return "It was there already; nothing was written."
	case o.State == model.StepDone && o.Verified:
		return "A fresh read shows it."
	case o.State == model.StepDone:
		return "It was accepted, but a fresh read does not show it yet."
	}
	return ""
}

// viewAfterSteps writes how things stand after the steps.
func viewAfterSteps(p *console.Printer, w *walk, after assessment, repeatFlags []string) {
	if len(w.outcomes) == 0 {
		if viewOnlyVerdict(p, after.diagnosis, w.request.plan) {
			viewWorst(p, after.diagnosis)
		} else {
			viewNoSteps(p, after)
		}
		viewAsk(p, after)
		if w.dryRunMade {
			viewDryRun(p, w)
		}
		return
	}
	if w.mayHaveChanged() {
		viewEffects(p, w)
	}
	if w.dryRunMade {
		p.Line()
		viewDryRun(p, w)
	}
	p.Line()
	p.Line(console.Strong.Text("After this:"))
	viewOnlyVerdict(p, after.diagnosis, w.request.plan)
	viewWorst(p, after.diagnosis)
	p.Line()
	repeatFlags = slices.Clone(repeatFlags)
	for _, g := range w.unconfirmed {
		repeatFlags = append(repeatFlags, "--"+flagConfirm+"="+g.Name)
	}
	viewNext(p, after.forAllChecks(), repeatFlags, w.request.readOnly)
	viewUndoCommand(p, w)
}

// forAllChecks is the finding with the steps of all checks: what comes next is not only what --only named, which again leaves out.
func (f assessment) forAllChecks() assessment {
	if len(f.options.Only) > 0 {
		f.options.Only, f.situation.ReadingDone = nil, true // the tests of the other steps were not asked for
		f.plan = model.PlanFor(f.situation, f.diagnosis, f.options)
	}
	return f
}

// viewOnlyVerdict says how the checks stand that the user named, where that is not how all of them do.
func viewOnlyVerdict(p *console.Printer, d model.Diagnosis, o model.PlanOptions) bool {
	v := o.Verdict(d)
	if v == d.Verdict {
		return false
	}
	p.Line(p.Verdict(v), console.Text("  "+strings.Join(o.Only, ", ")+", as asked by --only; of what was not asked for:"))
	return true
}

// viewUndoCommand says how to take it all back. What a sandbox of our own held is gone by then.
func viewUndoCommand(p *console.Printer, w *walk) {
	made := slices.ContainsFunc(w.outcomes, func(o model.Outcome) bool { return o.Entry != nil && o.State == model.StepDone && isInvertible(o.Step) })
	if !made || w.request.target.world != "" {
		return
	}
	p.Line(console.Strong.Text("Undo:"), console.Text(" "+undoCommand(w.request, w.runID)))
}

// undoCommand takes an entry or a run back, by the same caller and in the same place.
func undoCommand(r request, id string) string {
	return "whopulls " + shellescape.QuoteCommand(append([]string{"undo", id}, r.callerFlags()...))
}

// callerFlags are the given flags that say who calls which cloud, for a command that has its question from elsewhere.
func (r request) callerFlags() []string {
	return slices.DeleteFunc(slices.Clone(r.repeatFlags), func(word string) bool {
		name := flagName(word)
		return !slices.Contains([]string{"account", "configuration", flagImpersonate, "billing-project", flagSandbox}, name)
	})
}

// viewEffects says what is known of the effect of each grant, apart from the binding being there. Nobody knows when a
// change has reached every corner; what is typical is Google's own word (iam-facts 6.7).
func viewEffects(p *console.Printer, w *walk) {
	p.Line()
	unobserved := false
	for _, o := range w.outcomes {
		switch {
		case o.Kind != model.StepGrant || !o.InPlace():
		case o.Effect == model.EffectObserved:
			p.Paragraph(0, console.Text("Step "+o.ID+" is in effect: your own test of the permission says yes."))
		case o.Effect == model.EffectEvaluated && o.State == model.StepDone:
			unobserved = true
			p.Paragraph(0, console.Text("Step "+o.ID+" was granted at "+w.doneAt[o.ID].Format("15:04:05 MST")+". Policy Troubleshooter says yes to it; only the next real deploy shows its effect."))
		case o.State == model.StepDone:
			unobserved = true
			p.Paragraph(0, console.Text("Step "+o.ID+" was granted at "+w.doneAt[o.ID].Format("15:04:05 MST")+"; only the next real deploy shows its effect."))
		}
	}
	if unobserved {
		p.Paragraph(0, console.Text("IAM changes typically take 2 minutes to reach everything; 7 or more are possible."))
	}
}
