package walk

import (
	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/text/signs"
)

var _ Batcher = Undo{}

// Undo is the purpose of taking changes back that were made before.
type Undo struct {
	Where  string                 // where the walk is
	Back   string                 // what it goes back to, as in "the map"
	Of     string                 // who made the changes, as in "this run of whopulls"
	Writes map[string]model.Write // what takes the changes back, by the step's id
}

// Trail is where the walk was opened, and that it takes back.
func (u Undo) Trail() string { return u.Where + signs.Within + "undo" }

// BackTo is where the walk was opened.
func (u Undo) BackTo() string { return u.Back }

// StepTitle is the step's own title.
func (u Undo) StepTitle(s model.Step) string { return s.Title }

// Explain explains the change that the step makes.
func (u Undo) Explain(s model.Step, _ model.Situation, fate explanation.Fate) (line string, x explanation.Explanation) {
	return s.Title, explanation.OfChange(s, u.Writes[s.ID].Project, fate)
}

// Write names the entry that a step takes back, and its project.
func (u Undo) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: u.Writes[s.ID].Project, Undoes: u.Writes[s.ID].Undoes}
}

// BatchWords ask once for everything that is left.
func (u Undo) BatchWords([]model.Step) BatchWords {
	return BatchWords{Question: "Take back what " + u.Of + " changed?", Why: lastFirstText, Yes: "take all back", Done: "taken back"}
}

// Headline says how far the taking back is.
func (u Undo) Headline(p Progress) Headline {
	switch {
	case p.InBatch:
		return p.TakingBackHeadline()
	case !p.Finished:
		return Headline{Words: "What " + u.Of + " changed", Details: p.Count() + " taken back; each asks first"}
	case p.Reading:
		return p.readingHeadline()
	}
	return undoEndHeadline(p)
}

// undoEndHeadline ends a walk that took changes back. That something is missing after it is what was wanted.
func undoEndHeadline(p Progress) Headline {
	h := Headline{Words: "Not all was taken back", Details: p.Count() + "; each line says why"}
	if p.AllDone() {
		h = Headline{signs.Granted + " taken back", model.Granted, p.Count()}
	}
	if p.Diagnosis != nil {
		h.Details += "; the verdict is " + string(p.Diagnosis.Verdict) + " now"
	}
	return h
}
