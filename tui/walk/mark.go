package walk

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text/signs"
)

// stepMark is the sign and word of a step in the list.
func (w *Screen) stepMark(s model.Step, index int) (sign, word string, style lipgloss.Style) {
	if o, hasOutcome := w.outcomes[s.ID]; hasOutcome {
		return w.Styles.OutcomeMark(o)
	}
	sign, word, style = w.openMark(s, index)
	return w.Styles.Signs.Text(sign), word, style
}

// openMark is that of a step that was not made.
func (w *Screen) openMark(s model.Step, index int) (sign, word string, style lipgloss.Style) {
	switch {
	case w.writing && index == w.current:
		return signs.More, "writing", w.Styles.Accent
	case s.Allowed != nil && !*s.Allowed:
		return signs.Missing, "not yours", w.Styles.Chips[model.Missing]
	case !s.Certain:
		return signs.Unknown, "if needed", w.Styles.Chips[model.Unknown]
	}
	return signs.ToDo, "to do", w.Styles.Plain
}
