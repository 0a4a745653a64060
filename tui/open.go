package tui

import (
	"context"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/explain"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// The root opens the screens: a screen is given what it reads from and how to open the next one, and knows no other screen.

// picking opens the lists.
func (e *app) picking() *pick.Picking {
	f := &pick.Picking{Session: e.Session, OpenMap: e.openMap, RecentWorkload: e.recentWorkload,
		Cloud: func(ctx context.Context) (pick.Cloud, error) { return e.awaitCloud(ctx) }}
	for _, r := range e.recent {
		f.RecentProjects = append(f.RecentProjects, r.Project)
	}
	return f
}

func (e *app) openMap(q model.Question, listedImage string) ui.Screen {
	return accessmap.New(e.Session, e.mapLinks(), q, listedImage)
}

func (e *app) mapLinks() accessmap.Links {
	return accessmap.Links{
		Cloud:       func(ctx context.Context) (accessmap.Cloud, error) { return e.awaitCloud(ctx) },
		PlanOptions: e.opts.Plan,
		OpenWalk:    func(s model.Situation, p model.Plan) ui.Screen { return newWalkScreen(e, s.Question, s, p) },
		OpenUndo: func(s model.Situation) ui.Screen {
			steps, writes := e.changes.undoSteps(e.connector.current().sandbox)
			return newUndoWalk(e, s.Question, s, steps, writes)
		},
		CanUndo: func() bool {
			steps, _ := e.changes.undoSteps(e.connector.current().sandbox)
			return len(steps) > 0
		},
		OpenExplain: func(known model.Question) ui.Screen { return e.openExplain(known, "") },
		OpenCleanup: func(repository model.RepositoryName) ui.Screen { return newCleanupScreen(e, repository) },
	}
}

func (e *app) openExplain(known model.Question, text string) ui.Screen {
	return explain.New(e.Session, func(q model.Question) ui.Screen { return e.openMap(q, "") }, known, text)
}
