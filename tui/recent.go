package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// Recent is a consumer project that was picked, and the workload that was picked there last, if any was.
type Recent struct {
	Project  string
	Workload *model.WorkloadName
}

// recents is how many are kept.
const recents = 5

// Remember puts a pick first among the recent ones. A project keeps its workload until another one is picked there.
func Remember(list []Recent, pick Recent) []Recent {
	kept := []Recent{pick}
	for _, r := range list {
		switch {
		case r.Project != pick.Project:
			kept = append(kept, r)
		case kept[0].Workload == nil:
			kept[0].Workload = r.Workload
		}
	}
	return kept[:min(len(kept), recents)]
}

// pickedMsg says that a pick was made at Google.
type pickedMsg struct{ pick Recent }

// picked notes that a map was reached, unless it is a sandbox's: what is picked there is no project of anybody's. The
// program waits for what is written about it.
func (e *env) picked(s screen) tea.Cmd {
	m, ok := s.(*mapScreen)
	if !ok {
		return nil
	}
	pick := Recent{m.question.Project, m.question.Workload}
	noted := make(chan pickedMsg, 1)
	e.writes.Add(1)
	go func() {
		defer e.writes.Done()
		defer close(noted)
		if cloud, err := e.cloud(e.ctx); err != nil || cloud.World() != "" {
			return
		}
		if e.opts.Picked != nil {
			e.opts.Picked(pick)
		}
		noted <- pickedMsg{pick}
	}()
	return next(noted)
}

// recentWorkload is the workload that was picked last in a project.
func (e *env) recentWorkload(project string) *model.WorkloadName {
	at := slices.IndexFunc(e.recent, func(r Recent) bool { return r.Project == project })
	if at < 0 {
		return nil
	}
	return e.recent[at].Workload
}
