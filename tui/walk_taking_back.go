package tui

import (
	"whopulls/model"
)

// undoPurpose is the purpose of taking changes back that were made before.
type undoPurpose struct {
	where  string                 // where the walk is
	back   string                 // what it goes back to, as in "the map"
	of     string                 // who made the changes, as in "this run of whopulls"
	writes map[string]model.Write // what takes the changes back, by the step's id
}

func (u undoPurpose) Trail() string { return u.where + " ▸ undo" }

func (u undoPurpose) BackTo() string { return u.back }

func (u undoPurpose) StepTitle(s model.Step) string { return s.Title }

func (u undoPurpose) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: u.writes[s.ID].Project, Undoes: u.writes[s.ID].Undoes}
}

func (u undoPurpose) BatchWords([]model.Step) batchWords {
	return batchWords{Question: "Take back what " + u.of + " changed?", Why: lastFirstText, Yes: "take all back", Done: "taken back"}
}

func (u undoPurpose) Headline(p walkProgress) walkHeadline {
	switch {
	case p.InBatch:
		return p.TakingBackHeadline()
	case !p.Finished:
		return walkHeadline{Words: "What " + u.of + " changed", Details: p.Count() + " taken back; each asks first"}
	case p.Reading:
		return p.readingHeadline()
	}
	return undoEndHeadline(p)
}

// undoEndHeadline ends a walk that took changes back. That something is missing after it is what was wanted.
func undoEndHeadline(p walkProgress) walkHeadline {
	h := walkHeadline{Words: "Not all was taken back", Details: p.Count() + "; each line says why"}
	if p.AllDone() {
		h = walkHeadline{"✓ taken back", model.Granted, p.Count()}
	}
	if p.Diagnosis != nil {
		h.Details += "; the verdict is " + string(p.Diagnosis.Verdict) + " now"
	}
	return h
}
