package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/ui"
)

// Recent is a consumer project that was picked, and the workload that was picked there last, if any was.
type Recent struct {
	Project  string
	Workload *model.WorkloadName
}

// maxRecent is how many are kept.
const maxRecent = 5

// AddRecent puts a pick first among the recent ones. A project keeps its workload until another one is picked there.
func AddRecent(list []Recent, pick Recent) []Recent {
	updated := []Recent{pick}
	for _, r := range list {
		switch {
		case r.Project != pick.Project:
			updated = append(updated, r)
		case updated[0].Workload == nil:
			updated[0].Workload = r.Workload
		}
	}
	return updated[:min(len(updated), maxRecent)]
}

// pickedMsg says that a pick was made at Google.
type pickedMsg struct{ pick Recent }

// saveRecent notes that a map was reached, unless it is a sandbox's: what is picked there is no project of anybody's. The
// program waits for what is written about it.
func (e *app) saveRecent(s ui.Screen) tea.Cmd {
	m, ok := s.(*accessmap.Screen)
	if !ok {
		return nil
	}
	pick := Recent{m.Knows().Project, m.Knows().Workload}
	saved := make(chan pickedMsg, 1)
	e.writes.Add(1)
	go func() {
		defer e.writes.Done()
		defer close(saved)
		if cloud, err := e.awaitCloud(e.Context); err != nil || cloud.World() != "" {
			return
		}
		if e.opts.SaveRecent != nil {
			e.opts.SaveRecent(pick)
		}
		saved <- pickedMsg{pick}
	}()
	return ui.Receive(saved)
}

// recentWorkload is the workload that was picked last in a project.
func (e *app) recentWorkload(project string) *model.WorkloadName {
	at := slices.IndexFunc(e.recent, func(r Recent) bool { return r.Project == project })
	if at < 0 {
		return nil
	}
	return e.recent[at].Workload
}
