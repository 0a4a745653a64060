package tui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// stepMark is the sign and word of a step in the list.
func (w *walkScreen) stepMark(s model.Step, index int) (sign, word string, style lipgloss.Style) {
	if o, hasOutcome := w.outcomes[s.ID]; hasOutcome {
		return outcomeMark(w.Styles, o)
	}
	switch {
	case w.writing && index == w.current:
		return "…", "writing", w.Styles.Accent
	case s.Allowed != nil && !*s.Allowed:
		return "✗", "not yours", w.Styles.Verdicts[model.Missing]
	case !s.Certain:
		return "?", "if needed", w.Styles.Verdicts[model.Unknown]
	}
	return "○", "to do", w.Styles.Plain
}

func outcomeMark(t *ui.Styles, o model.Outcome) (sign, word string, style lipgloss.Style) {
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
