package explain

import (
	"slices"
	"strings"

	"whopulls/tui/ui"
)

// Copyables are the names that stand in the text, the commands of what to do next, what the text is taken for, and the text.
func (s *Screen) Copyables() (all ui.Copyables) {
	if s.text == "" {
		return nil
	}
	for _, named := range s.failure.LabeledFields() {
		all.Add(named[0], named[1])
	}
	for _, next := range s.nextSteps() {
		all.Add(s.translate(sayCommand), next.Command)
	}
	all.Add(s.translate(sayMeaning), s.failure.Headline(), s.failure.Summary)
	all.Add(s.translate(sayText), slices.Collect(strings.Lines(s.text))...)
	return all
}
