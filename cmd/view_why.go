package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// viewWorst says why the worst checks stand as they do.
func viewWorst(p *printer, d model.Diagnosis) {
	if d.Verdict == model.Granted {
		p.line(p.verdict(d.Verdict), text("  nothing is missing"))
		viewGaps(p, "Not known (--strict counts it):", checksWithVerdict(d, d.Verdict))
		return
	}
	viewWhy(p, d, d.Verdict)
	if d.Verdict == model.Denied {
		viewWhy(p, d, model.Missing)
	}
}

// viewWhy names checks of one verdict by the words of their lines, and says why they have it. What could not be read is
// told for all of them together, since most of it many hang on.
func viewWhy(p *printer, d model.Diagnosis, v model.Verdict) {
	checks := checksWithVerdict(d, v)
	if v == model.Unknown {
		viewCheckNames(p, d, v, checks)
		viewGaps(p, "Why this is not known:", checks)
	}
	groups := groupByReasons(checks, v)
	for _, same := range groups {
		reasons := model.Reasons(same, v)
		switch {
		case v != model.Unknown:
			viewCheckNames(p, d, v, same)
		case len(reasons) > 0 && len(groups) > 1:
			p.paragraph(2, span{strong, "Of " + checkNames(d, same) + ":"})
		}
		for _, sentence := range reasons {
			p.paragraph(2, text(sentence))
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

func viewCheckNames(p *printer, d model.Diagnosis, v model.Verdict, checks []model.Check) {
	p.wrapAfter([]span{p.verdict(v), text("  ")}, span{strong, checkNames(d, checks)})
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

func viewGaps(p *printer, heading string, checks []model.Check) {
	var allGaps []model.Gap
	for _, c := range checks {
		allGaps = append(allGaps, c.Gaps...)
	}
	viewGapList(p, heading, uniqueGaps(checks), allGaps)
}

// viewGapList says what could not be read, in sentences, and what helps against it.
func viewGapList(p *printer, heading string, gaps []string, allGaps []model.Gap) {
	if len(gaps) == 0 {
		return
	}
	p.paragraph(2, text(heading))
	for _, g := range gaps[:min(len(gaps), maxShownGaps)] {
		p.wrapAfter([]span{text("  - ")}, text(g))
	}
	if hidden := len(gaps) - maxShownGaps; hidden > 0 {
		p.line(text(fmt.Sprintf("  and %d more; --format=json lists them all", hidden)))
	}
	nexts := model.AdviceFor(allGaps)
	for _, next := range nexts[:min(len(nexts), maxShownNexts)] {
		viewGapNext(p, next)
	}
}

// viewGapNext says what to do about gaps: a command stays on one line, to copy.
func viewGapNext(p *printer, next model.Advice) {
	if next.Command != "" {
		p.line(text("  What helps: " + next.String()))
		return
	}
	p.wrapAfter([]span{text("  What helps: ")}, text(next.Words))
}

// maxQuotedWidth is enough for most failure texts; some of Cloud Run's run to a dozen lines and more.
const maxQuotedWidth = 600

func viewObservations(p *printer, observations []model.Observation) {
	shown := map[model.Evidence]bool{}
	for _, o := range observations {
		if o.Kind == model.ObservationNearMiss { // one binding may be close to several checks
			if !shown[o.Binding()] {
				p.line()
				p.paragraph(2, text(clean(o.Text)))
			}
			shown[o.Binding()] = true
			continue
		}
		prefix := "Observed: "
		if !o.Time.IsZero() {
			prefix = "Observed " + o.Time.UTC().Format(time.RFC3339) + ": "
		}
		p.line()
		if o.Age > 0 { // the text says the time itself, and matters to its end
			p.paragraph(2, text("From an earlier reading: "+o.Text))
			continue
		}
		words := clean(o.Text)
		if o.Quoted { // what whopulls says itself is read to its end
			words = ansi.Truncate(words, maxQuotedWidth, " … (--format=json has it all)")
		}
		p.paragraph(2, text(prefix+words))
		if o.Command != "" { // whole, to copy
			p.line(text("  " + o.Command))
		}
	}
}

// viewNext says what to run next, with the same flags, on a line that is whole to copy; where nothing may be changed, no
// grant.
func viewNext(p *printer, f assessment, repeatFlags []string, readOnly bool) {
	command := nextCommand(f.plan)
	if readOnly && command != "" {
		command = "plan"
	}
	if len(f.plan.Ask) > 0 {
		p.paragraph(0, span{strong, f.plan.AskIntro()})
		for _, s := range f.plan.Ask {
			p.wrapAfter([]span{text("  - ")}, text(s.Title))
		}
	}
	if command == "" {
		p.line(span{strong, "Next:"}, text(" "+noCommandText(f.diagnosis.Verdict)))
		return
	}
	p.line(span{strong, "Next:"}, text(" whopulls "+shellescape.QuoteCommand(append([]string{command}, repeatFlags...))))
	if command == "plan" {
		p.line(text("      With --format=markdown it is a request to hand to somebody who may."))
	}
	if len(f.diagnosis.Unclosed()) > 0 {
		p.line(text("      That leaves what no grant closes; see above."))
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
