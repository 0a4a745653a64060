package walk

import (
	"whopulls/model"
	"whopulls/tui/ui"
)

// Grants is the purpose of making the steps of a question's plan.
type Grants struct {
	Question model.Question
}

func (g Grants) Trail() string { return ui.QuestionBreadcrumb(g.Question) + " ▸ walk" }

func (g Grants) BackTo() string { return "the map" }

func (g Grants) StepTitle(s model.Step) string { return s.Title }

func (g Grants) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: g.Question.Project}
}

func (g Grants) Headline(p Progress) Headline {
	switch {
	case p.Reading:
		return p.readingHeadline()
	case p.Diagnosis != nil && p.Diagnosis.Verdict == model.Granted:
		return Headline{"✓ granted and verified", model.Granted, p.Count() + " done; nothing is open"}
	case p.Diagnosis != nil:
		v := p.Diagnosis.Verdict
		return Headline{ui.VerdictSigns[v] + " still " + string(v), v, p.Count() + " done; the map shows what is open"}
	}
	note := "each asks before a change"
	if p.ReadOnly {
		note = ui.NothingChanged
	}
	return Headline{Words: "The steps", Details: p.Count() + " done; " + note}
}
