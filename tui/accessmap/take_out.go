package accessmap

import "whopulls/tui/ui"

// TakeOuts are the answer, and what asks somebody else for the steps.
func (m *Screen) TakeOuts() []ui.TakeOut {
	a := ui.Answer{Situation: m.situation, Diagnosis: m.diagnosis, Plan: m.plan}
	if len(m.plan.Steps)+len(m.plan.Ask) == 0 {
		a.WhyNoSteps = m.whyNoSteps()
	}
	return m.Links.TakeOuts(a)
}

// takeOutBinding stands in the footer while there is something to ask somebody for.
func (m *Screen) takeOutBinding() ui.Binding {
	b := ui.BindTakeOut
	b.Hidden = len(m.plan.Steps)+len(m.plan.Ask) == 0
	return b.DisabledIf(m.whyNoAnswer())
}

// whyNoAnswer says why there is nothing to take out yet; empty: there is.
func (m *Screen) whyNoAnswer() string {
	switch {
	case m.Busy:
		return "still reading: the answer is whole when everything has arrived"
	case m.err != nil && !m.hasCompleteRead():
		return "the question could not be read"
	}
	return ""
}
