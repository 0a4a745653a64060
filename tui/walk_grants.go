package tui

import (
	"whopulls/model"
	"whopulls/tui/ui"
)

// grantPurpose is the purpose of making the steps of a question's plan.
type grantPurpose struct {
	question model.Question
}

func (g grantPurpose) Trail() string { return ui.QuestionBreadcrumb(g.question) + " ▸ walk" }

func (g grantPurpose) BackTo() string { return "the map" }

func (g grantPurpose) StepTitle(s model.Step) string { return s.Title }

func (g grantPurpose) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: g.question.Project}
}

func (g grantPurpose) Headline(p walkProgress) walkHeadline {
	switch {
	case p.Reading:
		return p.readingHeadline()
	case p.Diagnosis != nil && p.Diagnosis.Verdict == model.Granted:
		return walkHeadline{"✓ granted and verified", model.Granted, p.Count() + " done; nothing is open"}
	case p.Diagnosis != nil:
		v := p.Diagnosis.Verdict
		return walkHeadline{ui.VerdictSigns[v] + " still " + string(v), v, p.Count() + " done; the map shows what is open"}
	}
	note := "each asks before a change"
	if p.ReadOnly {
		note = ui.NothingChanged
	}
	return walkHeadline{Words: "The steps", Details: p.Count() + " done; " + note}
}
