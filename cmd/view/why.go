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

// writeWorst says why the worst checks stand as they do.
func writeWorst(p *console.Printer, d model.Diagnosis) {
	if d.Verdict == model.Granted {
		p.Line(p.Verdict(d.Verdict), console.Text("  nothing is missing"))
		writeGaps(p, "Not known (--strict counts it):", checksWithVerdict(d, d.Verdict))
		return
	}
	writeWhy(p, d, d.Verdict)
	if d.Verdict == model.Denied {
		writeWhy(p, d, model.Missing)
	}
}

// writeWhy names checks of one verdict by the words of their lines, and says why they have it. What could not be read is
// told for all of them together, since most of it many hang on.
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
			p.Paragraph(2, console.Strong.Text("Of "+checkNames(d, same)+":"))
		}
		for _, sentence := range reasons {
			p.Paragraph(2, console.Text(sentence))
		}
	}
}

// groupByReasons puts checks together whose sentences are the same, in the order of the first of each.
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

// checkNames are checks by the words of their lines, with the ids that --only takes.
func checkNames(d model.Diagnosis, checks []model.Check) string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = d.CheckLabel(c) + " (" + c.ID + ")"
	}
	return strings.Join(names, "; ")
}

// checksWithVerdict of a verdict, in the order of their lines.
func checksWithVerdict(d model.Diagnosis, v model.Verdict) []model.Check {
	return slices.DeleteFunc(orderedChecks(d), func(c model.Check) bool { return c.Verdict != v })
}

// uniqueGaps says every gap once.
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

// maxShownGaps keeps the table to one screen; the document has them all.
const maxShownGaps = 8

// maxShownNexts are enough to go on with.
const maxShownNexts = 3

func writeGaps(p *console.Printer, heading string, checks []model.Check) {
	var allGaps []model.Gap
	for _, c := range checks {
		allGaps = append(allGaps, c.Gaps...)
	}
	writeGapList(p, heading, uniqueGaps(checks), allGaps)
}

// writeGapList says what could not be read, in sentences, and what helps against it.
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

// writeAdvice says what to do about gaps: a command stays on one line, to copy.
func writeAdvice(p *console.Printer, next model.Advice) {
	if next.Command != "" {
		p.Line(console.Text("  What helps: " + next.String()))
		return
	}
	p.WrapAfter([]console.Span{console.Text("  What helps: ")}, console.Text(next.Words))
}

// maxQuotedWidth is enough for most failure texts; some of Cloud Run's run to a dozen lines and more.
const maxQuotedWidth = 600

func writeObservations(p *console.Printer, observations []model.Observation) {
	shown := map[model.Evidence]bool{}
	for _, o := range observations {
		if o.Kind == model.ObservationNearMiss { // one binding may be close to several checks
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
		if o.Age > 0 { // the text says the time itself, and matters to its end
			p.Paragraph(2, console.Text("From an earlier reading: "+o.Text))
			continue
		}
		words := text.Clean(o.Text)
		if o.Quoted { // what whopulls says itself is read to its end
			words = ansi.Truncate(words, maxQuotedWidth, " … (--format=json has it all)")
		}
		p.Paragraph(2, console.Text(prefix+words))
		if o.Command != "" { // whole, to copy
			p.Line(console.Text("  " + o.Command))
		}
	}
}

// writeNext says what to run next, with the same flags, on a line that is whole to copy; where nothing may be changed, no
// grant.
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
		p.Line(console.Text("      With --format=markdown it is a request to hand to somebody who may."))
	}
	if len(a.Diagnosis.Unclosed()) > 0 {
		p.Line(console.Text("      That leaves what no grant closes; see above."))
	}
}

// nextCommand is grant where the caller may grant something that is surely missing, else plan, to hand over.
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
		return "no grant helps against a denial; whoever made it can change it"
	}
	if v == model.Unknown {
		return "nothing to grant; what is not known, and what would tell, is said above"
	}
	return "no grant closes this; what does is said above"
}
