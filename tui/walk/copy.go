package walk

import "whopulls/tui/ui"

// Copyables are what the current step has to copy.
func (w *Screen) Copyables() (all ui.Copyables) {
	s := w.steps[w.current]
	all.AddStep(s)
	sign, word, _ := w.stepMark(s, w.current)
	all.Add("line", sign+" "+word+"  "+s.ID+"  "+s.Title)
	return all
}
