package ui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text/signs"
)

// OutcomeMark is the sign and the word of what became of a step.
func (t *Styles) OutcomeMark(o model.Outcome) (sign, word string, style lipgloss.Style) {
	switch o.State {
	case model.StepDone:
		if o.Verified {
			return signs.Granted, "verified", t.Verdicts[model.Granted]
		}
		return "?", "not verified", t.Verdicts[model.Unknown]
	case model.StepAlready:
		if o.Kind == model.StepRevoke {
			return signs.Granted, "was gone", t.Verdicts[model.Granted]
		}
		return signs.Granted, "was there", t.Verdicts[model.Granted]
	case model.StepSkipped:
		return signs.Skipped, "skipped", t.Dim
	case model.StepNotAllowed:
		return signs.Missing, "not allowed", t.Verdicts[model.Missing]
	}
	return signs.Missing, "failed", t.Verdicts[model.Missing]
}
