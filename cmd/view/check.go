package view

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text/cells"
)

// Check writes a diagnosis for people, and what to run next.
func Check(p *console.Printer, a Assessment, repeatFlags []string) {
	Diagnosis(p, a)
	p.Line()
	writeNext(p, a, repeatFlags, false)
}

// Diagnosis writes who runs what, the checks of the three identities, and the reasons for the worst verdict.
func Diagnosis(p *console.Printer, a Assessment) {
	writeHeading(p, a)
	all := lanes(a)
	width := 0
	for _, l := range all {
		for _, r := range l.rows {
			width = max(width, cells.Width(r.question))
		}
	}
	for _, l := range all {
		p.Line()
		l.view(p, width)
	}
	p.Line()
	writeWorst(p, a.Diagnosis)
	writeObservations(p, a.Diagnosis.Observations)
	p.Line()
	p.Paragraph(0, console.Faint.Text(a.Diagnosis.UncheckedControls()))
}

// writeHeading writes which project runs which images.
func writeHeading(p *console.Printer, a Assessment) {
	for i, image := range model.ImageNames(a.Situation, a.Diagnosis) {
		head := []console.Span{console.Strong.Text(a.Diagnosis.Consumer.ID), console.Text(" runs ")}
		if i > 0 {
			head = []console.Span{console.Text(strings.Repeat(" ", len(a.Diagnosis.Consumer.ID)+len(" runs ")))}
		}
		p.Line(append(head, console.Strong.Text(image))...)
	}
	question := a.Situation.Question
	details := question.NewDeploymentText()
	if question.Kind == "" {
		details = strings.TrimSuffix(details, ")") + "; for another kind add --kind)"
	}
	if w := a.Diagnosis.Workload; w != nil {
		details = w.Kind.DisplayName() + " " + w.Name + " in " + w.Region
		if a.Situation.Workload.State == model.FactAbsent {
			details += ", which does not exist yet: treated as a new deployment"
		}
	}
	if question.Public {
		details += ", open to everybody"
	}
	if a.Sandbox != "" {
		details += ", " + a.Sandbox
	}
	p.Line(console.Faint.Text(details))
}

// lane is one identity with its checks.
type lane struct {
	title, who, note string
	rows             []row
}

// row is one check in a lane.
type row struct {
	verdict          model.Verdict
	question, reason string
}

// laneTitleWidth is as wide as the widest title.
const laneTitleWidth = len("DEPLOYS  ")

func (l lane) view(p *console.Printer, width int) {
	p.Line(console.Strong.Text(cells.Pad(l.title, laneTitleWidth)), console.Text(l.who))
	if l.note != "" {
		p.Line(console.Faint.Text(strings.Repeat(" ", laneTitleWidth) + l.note))
	}
	for _, r := range l.rows {
		p.WrapAfter([]console.Span{console.Text("  "), p.Verdict(r.verdict), console.Text("  " + cells.Pad(r.question, width+2))}, console.Text(r.reason))
	}
}

// orderedChecks are the checks in the order of their lines, which the app's map has too: by identity. The pull comes after
// what the agent needs in its own project.
func orderedChecks(d model.Diagnosis) []model.Check {
	identities := []model.Identity{model.Deployer, model.Puller, model.Runner, ""}
	position := func(c model.Check) int {
		at := 2 * slices.Index(identities, c.Identity)
		if c.BaseID() == model.CheckPull {
			at++
		}
		return at
	}
	checks := slices.Clone(d.Checks)
	slices.SortStableFunc(checks, func(a, b model.Check) int { return position(a) - position(b) })
	return checks
}

// lanes groups the checks by the identity that they are about.
func lanes(a Assessment) []lane {
	d := a.Diagnosis
	deployer := console.MemberName(d.Identities.Deployer)
	if caller := a.Situation.Caller; caller.Read() && caller.Value == d.Identities.Deployer {
		deployer += " (you)"
	}
	all := []lane{
		{title: "DEPLOYS", who: deployer, rows: rowsOf(d, model.Deployer)},
		{title: "PULLS", who: console.MemberName(d.Identities.Puller), note: "the Cloud Run service agent of " + d.Consumer.ID, rows: rowsOf(d, model.Puller)},
		{title: "RUNS", who: cmp.Or(d.RunnerDisplayName(), "not known"), note: "needs no right to the images: they are pulled before it runs", rows: rowsOf(d, model.Runner)},
		{title: "PROJECT AND IMAGE", rows: rowsOf(d, "")},
	}
	return all
}

func rowsOf(d model.Diagnosis, who model.Identity) []row {
	var rows []row
	for _, c := range orderedChecks(d) {
		if c.Identity == who {
			rows = append(rows, row{c.Verdict, d.CheckLabel(c), shortReason(c)})
		}
	}
	return rows
}

// shortReason is the evidence or the gap of a check in a few words. The full reasons of the worst checks follow below.
func shortReason(c model.Check) string {
	switch {
	case c.Verdict == model.Granted && len(c.Evidence) > 0:
		return evidenceText(c)
	case c.Verdict == model.Missing && len(c.Levels) > 0:
		return "no binding that was read gives it"
	case c.Verdict == model.Unknown && len(c.Gaps) > 0:
		return gapText(c)
	}
	return c.Reason
}

func evidenceText(c model.Check) string {
	proofs := c.Proofs()
	texts := make([]string, len(proofs))
	for i, e := range proofs {
		texts[i] = proofText(c, e)
	}
	return strings.Join(texts, ", ")
}

func proofText(c model.Check, e model.Evidence) string {
	switch {
	case c.NotApplicable():
		return "does not apply: no service account"
	case e.Role != "":
		return e.Role + " on " + levelText(c, e.Resource) + conditionText(e)
	case e.Source == model.SourceAnonymous:
		return "public: asked without signing in, the registry served it"
	case e.Source == model.SourceTest:
		return "your own test of the permission says yes"
	case c.ID == model.CheckRuntimeAccount:
		return "the account was read"
	case c.ID == model.CheckRunAPI:
		return "it is on"
	}
	return c.Reason
}

func conditionText(e model.Evidence) string {
	if e.Condition == "" {
		return ""
	}
	return ", under a condition"
}

// levelText names a level. The check's own resource is named by its kind alone.
func levelText(c model.Check, r model.Resource) string {
	switch {
	case r.Kind() == model.KindAccount && r == c.Resource:
		return "the account"
	case r == c.Resource && r.Kind() != model.KindProject:
		return "the " + string(r.Kind())
	}
	return model.Describe(r, c.Levels)
}

// gapText names the first gap. All gaps are listed below.
func gapText(c model.Check) string {
	g := c.Gaps[0]
	if g.Need == "" {
		return g.Reason
	}
	return "unread: needs " + string(g.Need)
}
