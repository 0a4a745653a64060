package tui

import (
	"charm.land/lipgloss/v2"

	"whopulls/model"
)

// theme is the styles by what they mean. It uses the terminal's own sixteen colours, so that the user's palette, dark or
// light, decides how they look; every sign and word reads without them.
type theme struct {
	plain, dim, bold, accent, title, key, chosen, frame lipgloss.Style
	added, danger                                       lipgloss.Style
	verdicts                                            map[model.Verdict]lipgloss.Style
}

func newTheme() *theme {
	plain := lipgloss.NewStyle()
	ink := func(index string) lipgloss.Style { return plain.Foreground(lipgloss.Color(index)) }
	return &theme{
		plain: plain, dim: plain.Faint(true), bold: plain.Bold(true), accent: ink("6"),
		title: ink("6").Bold(true), key: plain.Bold(true), chosen: plain.Bold(true).Reverse(true), frame: plain.Faint(true),
		added: ink("2"), danger: ink("1").Bold(true),
		verdicts: map[model.Verdict]lipgloss.Style{
			model.Granted: ink("2"), model.Missing: ink("1").Bold(true),
			model.Denied: ink("5").Bold(true), model.Unknown: ink("3").Bold(true),
		},
	}
}

// signs carry the verdict where colour does not.
var signs = map[model.Verdict]string{model.Granted: "✓", model.Missing: "✗", model.Denied: "⊘", model.Unknown: "?"}

// mark is the sign and the word of a check, and the style of both; a pending one waits.
func (t *theme) mark(c model.Check) (sign, word string, style lipgloss.Style) {
	if c.Pending() {
		return "·", "reading", t.dim
	}
	return signs[c.Verdict], string(c.Verdict), t.verdicts[c.Verdict]
}
