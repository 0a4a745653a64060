package ui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
)

// OutcomeMark is the sign and the word of what became of a step.
func (t *Styles) OutcomeMark(o model.Outcome) (sign, word string, style lipgloss.Style) {
	switch o.State {
	case model.StepDone:
		if o.Verified {
			return "✓", "verified", t.Verdicts[model.Granted]
		}
		return "?", "not verified", t.Verdicts[model.Unknown]
	case model.StepAlready:
		if o.Kind == model.StepRevoke {
			return "✓", "was gone", t.Verdicts[model.Granted]
		}
		return "✓", "was there", t.Verdicts[model.Granted]
	case model.StepSkipped:
		return "–", "skipped", t.Dim
	case model.StepNotAllowed:
		return "✗", "not allowed", t.Verdicts[model.Missing]
	}
	return "✗", "failed", t.Verdicts[model.Missing]
}
