package accessmap

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// kindBinding offers the next kind of a new deployment.
func (m *Screen) kindBinding() ui.Binding {
	next := m.question.NextKind()
	if next == "" {
		return ui.Binding{Intent: ui.IntentKind, Help: "another kind"}.DisabledIf(m.whyNoKind())
	}
	return ui.Binding{Intent: ui.IntentKind, Help: next.DisplayName() + " instead", LongHelp: "ask about a new " + next.DisplayName() + " instead"}
}

// whyNoKind says why no other kind can be asked about.
func (m *Screen) whyNoKind() string {
	if m.question.Workload != nil {
		return "it is deployed already"
	}
	return "only a service can be public"
}

// nextKind asks about another kind of new deployment. What was read of the one before is no answer to it.
func (m *Screen) nextKind() tea.Cmd {
	next := m.question.NextKind()
	if next == "" {
		return ui.Notice("no other kind: " + m.whyNoKind())
	}
	m.question.Kind = next
	m.situation, m.lastComplete = model.Situation{Question: m.question}, model.Situation{}
	m.Busy = true
	m.diagnose()
	return m.read()
}
