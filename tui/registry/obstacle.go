package registry

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// obstacle is what stands in place of the list where nothing was read that could be listed.
type obstacle struct {
	verdict model.Verdict // missing: the scope does not exist
	words   string
	why     []string
	advice  []model.Advice
}

// obstacle says why there is no list. It reports false where there is one, or may be soon.
func (r *Screen) obstacle() (obstacle, bool) {
	scope, found := model.Describe(r.question.Scope, r.result.levels), &r.result
	switch {
	case r.Busy || r.reading.stopped || len(found.bindings) > 0:
		return obstacle{}, false
	case r.reading.err != nil:
		return obstacle{model.Unknown, scope + " could not be read", []string{r.reading.err.Error()}, append(r.AdviceOf(r.reading.err, false), r.otherWays()...)}, true
	case !found.whole:
		return obstacle{}, false
	case model.ScopeStateOf(found.situation) == model.ScopeAbsent:
		return obstacle{model.Missing, scopeText(r.question) + " does not exist", []string{"Nobody may pull from it, and nothing can be removed."},
			[]model.Advice{model.ScopeAdvice(r.question.Scope)}}, true
	case len(found.list.Gaps) == 0:
		return obstacle{}, false
	}
	o := obstacle{model.Unknown, scope + " could not be read", nil, model.AdviceFor(found.list.Gaps)}
	for _, g := range found.list.Gaps {
		o.why = append(o.why, ui.GapText(g))
	}
	if model.ScopeStateOf(found.situation) == model.ScopeHidden {
		o.words = model.ScopeHiddenText(r.question.Scope)
		o.advice = append(o.advice, model.ScopeAdvice(r.question.Scope))
	}
	return o, true
}

// scopeText names a scope. A repository has its project with it: that is what may be mistaken.
func scopeText(q model.Question) string {
	if q.Scope.Kind() == model.KindRepository {
		return "repository " + q.Repository.ID + " of " + q.Repository.Project
	}
	return model.Describe(q.Scope, nil)
}

// otherWays are what a person can do without the right to search a folder or an organization.
func (r *Screen) otherWays() []model.Advice {
	if !isScanned(r.question) {
		return nil
	}
	return []model.Advice{{Words: "without it: " + r.Keys.Symbol(ui.IntentPalette, false) + " opens the registry of one project"}}
}

// whyNothing says why an action has nothing to act on; empty: it has, or may have soon.
func (r *Screen) whyNothing() string {
	if o, stands := r.obstacle(); stands {
		return text.Clean(o.words)
	}
	return ""
}

// lines draw the obstacle: what is the matter, why, and what to do.
func (o obstacle) lines(t *ui.Styles, width int) []string {
	word := ui.VerdictSigns[o.verdict] + " " + string(o.verdict)
	lead, indent := "  "+t.Verdicts[o.verdict].Render(word)+"  ", strings.Repeat(" ", cells.Width(word)+4)
	block := &ui.Block{Styles: t, Width: width}
	for _, l := range cells.Wrap(o.words, width-len(indent)-2) {
		block.Add(lead + t.Bold.Render(l))
		lead = indent
	}
	block.Blank()
	for _, why := range o.why {
		block.Para("why    ", why)
	}
	for _, a := range o.advice {
		if a.Words != "" {
			block.Para("next   ", a.Words)
		}
		if a.Command != "" {
			block.Command(text.Clean(a.Command))
		}
	}
	return block.Lines
}

// obstacleView draws the screen of a scope of which nothing can be listed.
func (r *Screen) obstacleView(o obstacle, width, height int) string {
	lines := append(r.head(width, height >= airyHeight), o.lines(r.Styles, width)...)
	for len(lines) < height {
		lines = append(lines, "")
	}
	return strings.Join(lines[:height], "\n")
}
