package accessmap

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
)

// namesakesMsg brings workloads of the name of one that is not there.
type namesakesMsg struct {
	to         *Screen
	generation int
	names      []model.WorkloadName
}

// findNamesakes looks for workloads of that name elsewhere, where the one that is asked about is not there.
func (m *Screen) findNamesakes() tea.Cmd {
	q, generation := m.situation.Question, m.Generation
	if m.namesakes = nil; q.Workload == nil || m.situation.Workload.State != model.FactAbsent {
		return nil
	}
	return func() tea.Msg {
		cloud, err := m.Cloud(m.Context)
		if err != nil {
			return nil
		}
		var all []model.Workload
		for page, err := range cloud.Workloads(m.Context, q.Project) {
			if err != nil {
				break
			}
			all = append(all, page.Items...)
		}
		return namesakesMsg{m, generation, q.Workload.Namesakes(all)}
	}
}

// absentWorkloadText says that the workload that was named is not there; empty if it is, or where that is not
// known.
func (m *Screen) absentWorkloadText() string {
	w := m.situation.Question.Workload
	if w == nil || m.situation.Workload.State != model.FactAbsent {
		return ""
	}
	words := fmt.Sprintf("%s %s doesn't exist in %s of %s; treated as a new deployment.", w.Kind.DisplayName(), w.Name, w.Region, m.diagnosis.Consumer.ID)
	return text.Clean(strings.TrimSpace(words + " " + model.NamesakeSentence(m.namesakes)))
}
