package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/charmbracelet/x/ansi"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text"
)

// writeWorst writes the reasons for the worst verdict.
func writeWorst(p *console.Printer, d model.Diagnosis) {
	if d.Verdict == model.Granted {
		p.Line(p.Verdict(d.Verdict), console.Text("  nothing is missing"))
		writeGaps(p, "Not read, and ignored without --strict:", checksWithVerdict(d, d.Verdict))
		return
	}
	writeWhy(p, d, d.Verdict)
	if d.Verdict == model.Denied {
		writeWhy(p, d, model.Missing)
	}
}

// writeWhy names the checks that have a verdict, by the labels of their lines, and writes the reasons. It lists what could not
// be read once for all of them, because many checks depend on the same facts.
func writeWhy(p *console.Printer, d model.Diagnosis, v model.Verdict) {
	checks := checksWithVerdict(d, v)
	if v == model.Unknown {
		writeCheckNames(p, d, v, checks)
		writeGaps(p, "Why this is not known:", checks)
	}
	groups := groupByReasons(checks, v)
	for _, same := range groups {
		reasons := model.Reasons(same, v)
		switch {
		case v != model.Unknown:
			writeCheckNames(p, d, v, same)
		case len(reasons) > 0 && len(groups) > 1:
			p.Paragraph(2, console.Strong.Text("For "+checkNames(d, same)+":"))
		}
		for _, sentence := range reasons {
			p.Paragraph(2, console.Text(sentence))
		}
	}
}

// groupByReasons groups checks that have the same reasons, in the order of the first of each.
func groupByReasons(checks []model.Check, v model.Verdict) (groups [][]model.Check) {
	groupOf := map[string]int{}
	for _, c := range checks {
		key := strings.Join(model.Reasons([]model.Check{c}, v), "\n")
		n, ok := groupOf[key]
		if !ok {
			n = len(groups)
			groupOf[key], groups = n, append(groups, nil)
		}
		groups[n] = append(groups[n], c)
	}
	return groups
}

func writeCheckNames(p *console.Printer, d model.Diagnosis, v model.Verdict, checks []model.Check) {
	p.WrapAfter([]console.Span{p.Verdict(v), console.Text("  ")}, console.Strong.Text(checkNames(d, checks)))
}

// checkNames are the labels of checks, with the ids that --only takes.
func checkNames(d model.Diagnosis, checks []model.Check) string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = d.CheckLabel(c) + " (" + c.ID + ")"
	}
	return strings.Join(names, "; ")
}

// checksWithVerdict are the checks that have a verdict, in the order of their lines.
func checksWithVerdict(d model.Diagnosis, v model.Verdict) []model.Check {
	return slices.DeleteFunc(orderedChecks(d), func(c model.Check) bool { return c.Verdict != v })
}

// uniqueGaps are the sentences about gaps, each once.
func uniqueGaps(checks []model.Check) []string {
	var gaps []string
	for _, c := range checks {
		for _, g := range c.Gaps {
			if s := gapSentence(c.Levels, g); !slices.Contains(gaps, s) {
				gaps = append(gaps, s)
			}
		}
	}
	return gaps
}

func gapSentence(levels []model.Ancestor, g model.Gap) string { return g.Sentence(levels) }

// maxShownGaps keeps the output to one screen. The JSON document has them all.
const maxShownGaps = 8

// maxShownNexts is enough for a next step.
const maxShownNexts = 3

func writeGaps(p *console.Printer, heading string, checks []model.Check) {
	var allGaps []model.Gap
	for _, c := range checks {
		allGaps = append(allGaps, c.Gaps...)
	}
	writeGapList(p, heading, uniqueGaps(checks), allGaps)
}

// writeGapList writes what could not be read, and what helps.
func writeGapList(p *console.Printer, heading string, gaps []string, allGaps []model.Gap) {
	if len(gaps) == 0 {
		return
	}
	p.Paragraph(2, console.Text(heading))
	for _, g := range gaps[:min(len(gaps), maxShownGaps)] {
		p.WrapAfter([]console.Span{console.Text("  - ")}, console.Text(g))
	}
	if hidden := len(gaps) - maxShownGaps; hidden > 0 {
		p.Line(console.Text(fmt.Sprintf("  and %d more; --format=json lists them all", hidden)))
	}
	nexts := model.AdviceFor(allGaps)
	for _, next := range nexts[:min(len(nexts), maxShownNexts)] {
		writeAdvice(p, next)
	}
}

// writeAdvice writes what helps against gaps. A command stays on one line, so that it can be copied.
func writeAdvice(p *console.Printer, next model.Advice) {
	if next.Command != "" {
		p.Line(console.Text("  What helps: " + next.String()))
		return
	}
	p.WrapAfter([]console.Span{console.Text("  What helps: ")}, console.Text(next.Words))
}

// maxQuotedWidth is enough for most error messages. Some of Cloud Run's have a dozen lines or more.
const maxQuotedWidth = 600

func writeObservations(p *console.Printer, observations []model.Observation) {
	shown := map[model.Evidence]bool{}
	for _, o := range observations {
		if o.Kind == model.ObservationNearMiss { // one binding may nearly serve several checks
			if !shown[o.Binding()] {
				p.Line()
				p.Paragraph(2, console.Text(text.Clean(o.Text)))
			}
			shown[o.Binding()] = true
			continue
		}
		prefix := "Observed: "
		if !o.Time.IsZero() {
			prefix = "Observed " + o.Time.UTC().Format(time.RFC3339) + ": "
		}
		p.Line()
		if o.Age > 0 { // the text has the time, and its end matters
			p.Paragraph(2, console.Text("From an earlier reading: "+o.Text))
			continue
		}
		words := text.Clean(o.Text)
		if o.Quoted { // only quoted text is cut
			words = ansi.Truncate(words, maxQuotedWidth, " … (--format=json has it all)")
		}
		p.Paragraph(2, console.Text(prefix+words))
		if o.Command != "" { // whole, to copy
			p.Line(console.Text("  " + o.Command))
		}
	}
}

// writeNext writes the command to run next, with the same flags, on one line to copy. It is not grant in read-only mode.
func writeNext(p *console.Printer, a Assessment, repeatFlags []string, readOnly bool) {
	command := nextCommand(a.Plan)
	if readOnly && command != "" {
		command = "plan"
	}
	if len(a.Plan.Ask) > 0 {
		p.Paragraph(0, console.Strong.Text(a.Plan.AskIntro()))
		for _, s := range a.Plan.Ask {
			p.WrapAfter([]console.Span{console.Text("  - ")}, console.Text(s.Title))
		}
	}
	if command == "" {
		p.Line(console.Strong.Text("Next:"), console.Text(" "+noCommandText(a.Diagnosis.Verdict)))
		return
	}
	p.Line(console.Strong.Text("Next:"), console.Text(" whopulls "+shellescape.QuoteCommand(append([]string{command}, repeatFlags...))))
	if command == "plan" {
		p.Line(console.Text("      Add --format=markdown for a request to somebody who may grant it."))
	}
	if len(a.Diagnosis.Unclosed()) > 0 {
		p.Line(console.Text("      Some of what is missing can't be granted; see above."))
	}
}

// nextCommand is grant where the caller may grant something that is certainly missing, otherwise plan, to hand over.
func nextCommand(plan model.Plan) string {
	if len(plan.Steps)+len(plan.Ask) == 0 {
		return ""
	}
	for _, s := range plan.Steps {
		if s.Certain && (s.Allowed == nil || *s.Allowed) {
			return "grant"
		}
	}
	return "plan"
}

func noCommandText(v model.Verdict) string {
	switch v {
	case model.Granted:
		return "deploy"
	case model.Denied:
		return "no grant overrides a denial; ask the owner of the policy"
	}
	if v == model.Unknown {
		return "nothing to grant; see above what is not known and how to find out"
	}
	return "no grant fixes this; see above what does"
}
