package cmd

import (
	"fmt"
	"slices"

	"whopulls/model"
	"whopulls/report"
)

// staleMarks are the signs of what can be removed, what is in use, and what is not judged; the status is the word.
var staleMarks = map[model.StaleStatus]mark{
	model.StaleActive: verdictMarks[model.Granted], model.StaleUnknown: verdictMarks[model.Unknown], model.StaleExcessive: {"!", doubtful},
	model.StalePublic: {"!", bad},
}

// staleIndent is as wide as the widest status with its sign.
const staleIndent = len("? redundant  ")

// viewStale lists the bindings, those first that can be removed or replaced.
func viewStale(p *printer, found report.Stale) {
	list, levels := found.List, found.Levels
	p.line(text(staleTitle(found.Scope)), span{strong, found.Scope.Path()})
	bindings := slices.Clone(list.Bindings)
	slices.SortStableFunc(bindings, func(a, b model.StaleBinding) int { return a.Rank() - b.Rank() })
	for _, b := range bindings {
		p.line()
		viewStaleBinding(p, found, b)
	}
	if len(list.Gaps) > 0 {
		p.line()
		viewGapList(p, "Not all who may read it could be listed:", gapSentences(list.Gaps, levels), list.Gaps)
	}
	p.line()
	if found.IndexNote != "" {
		p.paragraph(0, text(found.IndexNote))
	}
	if found.FilterNote != "" {
		p.paragraph(0, text(found.FilterNote))
	}
	p.paragraph(0, span{strong, staleSummary(bindings)})
}

// staleTitle begins the title.
func staleTitle(scope model.Resource) string {
	if scope.Kind() == model.KindRepository {
		return "Who may read "
	}
	return "Who may read the repositories of "
}

// resourceText name the resource of a binding: among the repositories of several projects one in full.
func resourceText(found report.Stale, r model.Resource) string {
	if r.Kind() == model.KindRepository && found.Scope.Kind() != model.KindRepository {
		return "repository " + r.Path()
	}
	return model.Describe(r, found.Levels)
}

func viewStaleBinding(p *printer, found report.Stale, b model.StaleBinding) {
	levels := found.Levels
	m, ok := staleMarks[b.Status]
	if !ok {
		m = mark{"✗", bad}
	}
	head := p.mark(m, string(b.Status), len("redundant"))
	p.wrapAfter([]span{head, text("  ")}, span{strong, memberName(b.Member)})
	p.paragraph(staleIndent, text(b.Role+" on "+resourceText(found, b.Resource)+staleConditionText(b.Condition)))
	p.paragraph(staleIndent, text(b.Reason))
	for _, u := range b.Evidence {
		p.paragraph(staleIndent, text(u.Sentence()))
	}
	for _, sentence := range gapSentences(b.Gaps, levels) {
		p.paragraph(staleIndent, span{faint, sentence})
	}
	for _, command := range b.Gcloud {
		p.line(text(pad("", staleIndent) + command))
	}
}

func gapSentences(gaps []model.Gap, levels []model.Ancestor) []string {
	var unique []string
	for _, g := range gaps {
		if s := gapSentence(levels, g); !slices.Contains(unique, s) {
			unique = append(unique, s)
		}
	}
	return unique
}

func staleConditionText(c *model.Condition) string {
	if c == nil {
		return ""
	}
	return ", where " + c.Text()
}

// staleSummary counts what can be done and what not.
func staleSummary(bindings []model.StaleBinding) string {
	counts := map[model.StaleAction]int{}
	for _, b := range bindings {
		counts[b.Action()]++
	}
	public := ""
	if n := counts[model.ActionPublic]; n > 0 {
		public = fmt.Sprintf(" %d public,", n)
	}
	return fmt.Sprintf("%d can be removed, %d replaced,%s %d unknown, %d in use.", counts[model.ActionRemove], counts[model.ActionReplace],
		public, counts[model.ActionReview], counts[model.ActionKeep])
}
