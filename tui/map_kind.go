package tui

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// kindBinding offers the next kind of a new deployment.
func (m *mapScreen) kindBinding() binding {
	next := m.question.NextKind()
	if next == "" {
		return binding{intent: intentKind, help: "another kind"}.disabledIf(m.whyNoKind())
	}
	return binding{intent: intentKind, help: next.DisplayName() + " instead", longHelp: "ask about a new " + next.DisplayName() + " instead"}
}

// whyNoKind says why no other kind can be asked about.
func (m *mapScreen) whyNoKind() string {
	if m.question.Workload != nil {
		return "the workload has its kind"
	}
	return "only a service can be called by everybody"
}

// nextKind asks about another kind of new deployment. What was read of the one before is no answer to it.
func (m *mapScreen) nextKind() tea.Cmd {
	next := m.question.NextKind()
	if next == "" {
		return notice("no other kind: " + m.whyNoKind())
	}
	m.question.Kind = next
	m.situation, m.lastComplete = model.Situation{Question: m.question}, model.Situation{}
	m.busy = true
	m.diagnose()
	return m.read()
}
