package walk

import (
	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/model/propagation"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// Grants is the purpose of making the steps of a question's plan.
type Grants struct {
	Question model.Question
}

// Trail is the question, and that it is a walk.
func (g Grants) Trail() string {
	return ui.QuestionBreadcrumb(g.Question) + signs.Within + "walk"
}

// BackTo is the map that the plan comes from.
func (g Grants) BackTo() string { return "the map" }

// StepTitle is the step's own title.
func (g Grants) StepTitle(s model.Step) string { return s.Title }

// Explain explains the line of the map that the step closes.
func (g Grants) Explain(s model.Step, now model.Situation, fate explanation.Fate) (line string, x explanation.Explanation) {
	d := model.Diagnose(now)
	c, known := d.CheckByID(s.Check)
	if !known {
		return s.Title, explanation.OfChange(s, g.Question.Project, fate)
	}
	return d.CheckLabel(c), explanation.OfCheck(d, c, explanation.Remedy{Step: &s, Made: fate != explanation.Planned})
}

// Write names the consumer project of the question.
func (g Grants) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: g.Question.Project}
}

// Deploys gives the workload and the image of the question.
func (g Grants) Deploys() (project string, w *model.WorkloadName, image model.Image) {
	return g.Question.Project, g.Question.Workload, g.Question.Image
}

// nextText says what is left once everything is granted. No line of the map shows that an image is pulled: a deploy does.
func (g Grants) nextText(effect propagation.Stage) string {
	switch {
	case effect == "" || effect == propagation.Observed:
		return "nothing is open"
	case effect == propagation.Proven:
		return "a deploy has proved it"
	case g.Question.Workload == nil:
		return "next: deploy"
	}
	return "next: deploy again"
}

// Headline says how far the plan is, and the verdict at its end.
func (g Grants) Headline(p Progress) Headline {
	switch {
	case p.TakingBack:
		return p.TakingBackHeadline()
	case p.Reading:
		return p.readingHeadline()
	case p.NotRead:
		return Headline{signs.Unknown + " not read again", model.Unknown, p.Count() + " done; what else is open is not known"}
	case p.Diagnosis != nil && p.Diagnosis.Verdict == model.Granted && p.DeployFailed:
		return Headline{signs.Missing + " granted, but the deploy after it failed", model.Missing, p.Count() + " done"}
	case p.Diagnosis != nil && p.Diagnosis.Verdict == model.Granted:
		h := Headline{Words: signs.Granted + " granted and verified", Details: p.Count() + " done; " + g.nextText(p.Effect)}
		if p.Effect == "" || p.Effect.IsShown() { // no colour says that all is well before a deploy does
			h.Verdict = model.Granted
		}
		return h
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
