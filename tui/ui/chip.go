package ui

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// VerdictSigns carry the verdict where colour does not.
var VerdictSigns = map[model.Verdict]string{model.Granted: signs.Granted, model.Missing: signs.Missing, model.Denied: signs.Denied, model.Unknown: signs.Unknown}

// VerdictSign is the sign of a verdict as the terminal shows it.
func (t *Styles) VerdictSign(v model.Verdict) string { return t.Signs.Text(VerdictSigns[v]) }

// VerdictMark is the sign and the word of a check, and the style of both; a pending one waits.
func (t *Styles) VerdictMark(c model.Check) (sign, word string, style lipgloss.Style) {
	if c.Pending() {
		return t.Signs.Text(signs.Pending), "reading", t.Dim
	}
	word = string(c.Verdict)
	if c.Verdict == model.Granted && isFact(c) {
		word = "ok"
	}
	return t.VerdictSign(c.Verdict), word, t.Verdicts[c.Verdict]
}

// isFact reports whether a check asks what is there: nobody grants that.
func isFact(c model.Check) bool {
	return c.NotApplicable() || slices.Contains([]string{model.CheckRunAPI, model.CheckRuntimeAccount, model.CheckImage}, c.BaseID())
}

// chipWidth is that of the longest verdict with its sign.
const chipWidth = len("? granted")

// CheckChip is the verdict of a check with a blank at each end, and the style of it all.
func (t *Styles) CheckChip(c model.Check) (chip string, style lipgloss.Style) {
	sign, word, style := t.VerdictMark(c)
	if !c.Pending() {
		style = t.Chips[c.Verdict]
	}
	return chipText(sign, word, chipWidth), style
}

// VerdictChip is words with the sign of a verdict, on its ground.
func (t *Styles) VerdictChip(v model.Verdict, words string) string {
	return t.Chips[v].Render(chipText(t.VerdictSign(v), words, 0))
}

func chipText(sign, word string, width int) string {
	return " " + cells.Pad(sign+" "+word, width) + " "
}

// Cursor is the sign before what is under the cursor, with the blanks around it: so many cells.
func (t *Styles) Cursor(width int) string {
	return strings.Repeat(" ", max(0, width-2)) + t.Signs.Text(signs.Cursor) + " "
}
