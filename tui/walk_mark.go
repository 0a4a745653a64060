package tui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
)

// stepMark is the sign and word of a step in the list.
func (w *walkScreen) stepMark(s model.Step, index int) (sign, word string, style lipgloss.Style) {
	if o, hasOutcome := w.outcomes[s.ID]; hasOutcome {
		return outcomeMark(w.styles, o)
	}
	switch {
	case w.writing && index == w.current:
		return "…", "writing", w.styles.accent
	case s.Allowed != nil && !*s.Allowed:
		return "✗", "not yours", w.styles.verdicts[model.Missing]
	case !s.Certain:
		return "?", "if needed", w.styles.verdicts[model.Unknown]
	}
	return "○", "to do", w.styles.plain
}

func outcomeMark(t *styles, o model.Outcome) (sign, word string, style lipgloss.Style) {
	switch o.State {
	case model.StepDone:
		if o.Verified {
			return "✓", "verified", t.verdicts[model.Granted]
		}
		return "?", "not verified", t.verdicts[model.Unknown]
	case model.StepAlready:
		if o.Kind == model.StepRevoke {
			return "✓", "was gone", t.verdicts[model.Granted]
		}
		return "✓", "was there", t.verdicts[model.Granted]
	case model.StepSkipped:
		return "–", "skipped", t.dim
	case model.StepNotAllowed:
		return "✗", "not allowed", t.verdicts[model.Missing]
	}
	return "✗", "failed", t.verdicts[model.Missing]
}
