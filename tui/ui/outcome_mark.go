package ui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text/signs"
)

// OutcomeMark is the sign and the word of what became of a step, and their style as a chip.
func (t *Styles) OutcomeMark(o model.Outcome) (sign, word string, style lipgloss.Style) {
	sign, word, style = t.outcomeMark(o)
	return t.Signs.Text(sign), word, style
}

func (t *Styles) outcomeMark(o model.Outcome) (sign, word string, style lipgloss.Style) {
	switch o.State {
	case model.StepDone:
		if o.Verified {
			return signs.Granted, "verified", t.Chips[model.Granted]
		}
		return signs.Unknown, "not verified", t.Chips[model.Unknown]
	case model.StepAlready:
		if o.Kind == model.StepRevoke {
			return signs.Granted, "was gone", t.Chips[model.Granted]
		}
		return signs.Granted, "was there", t.Chips[model.Granted]
	case model.StepSkipped:
		return signs.Skipped, "skipped", t.Dim
	case model.StepNotAllowed:
		return signs.Missing, "not allowed", t.Chips[model.Missing]
	}
	return signs.Missing, "failed", t.Chips[model.Missing]
}
