package tui

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/explain"
	"whopulls/tui/history"
	"whopulls/tui/offline"
	"whopulls/tui/pick"
	"whopulls/tui/registry"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// The root opens the screens: a screen is given what it reads from and how to open the next one, and knows no other screen.

// picking opens the lists.
func (e *app) picking() *pick.Picking {
	f := &pick.Picking{Session: e.Session, OpenMap: e.openMap, OpenRead: e.openRead, PlanOptions: e.opts.Plan, Changes: e.changes.count,
		CurrentProject: e.opts.CurrentProject, RecentWorkload: e.recentWorkload,
		Elsewhere: e.elsewhere(), TurnOn: func(project string) tea.Cmd { return func() tea.Msg { return turnOnMsg{project} } },
		Cloud: func(ctx context.Context) (pick.Cloud, error) { return e.awaitCloud(ctx) }}
	for _, r := range e.recent {
		f.Recents = append(f.Recents, e.askedBefore(r))
	}
	return f
}

func (e *app) openMap(q model.Question) ui.Screen {
	e.lastQuestion = q
	return accessmap.New(e.Session, e.mapLinks(), q)
}

// openRead opens the map of what was read already.
func (e *app) openRead(s model.Situation) ui.Screen {
	e.lastQuestion = s.Question
	return accessmap.NewRead(e.Session, e.mapLinks(), s)
}

func (e *app) mapLinks() accessmap.Links {
	return accessmap.Links{
		Cloud:       func(ctx context.Context) (accessmap.Cloud, error) { return e.awaitCloud(ctx) },
		PlanOptions: e.opts.Plan,
		Answered:    e.saveAnswer,
		TakeOuts:    e.takeOuts,
		OpenWalk:    e.openGrants,
		OpenUndo:    e.openUndo,
		CanUndo: func() bool {
			steps, _ := e.changes.undoSteps(e.connector.current().sandbox)
			return len(steps) > 0
		},
		OpenExplain: func(known model.Question) ui.Screen { return e.openExplain(known, "") },
		OpenRegistry: func(r model.RepositoryName, levels []model.Ancestor) ui.Screen {
			return e.openRegistry(model.StaleInRepository(r), levels)
		},
		OpenLevel: func(level model.Resource, levels []model.Ancestor) ui.Screen {
			return e.openRegistry(model.StaleIn(level), levels)
		},
	}
}

// openGrants opens the walk through a plan, at one of its steps.
func (e *app) openGrants(s model.Situation, p model.Plan, first string) ui.Screen {
	return e.openWalk(walk.Task{Purpose: walk.Grants{Question: s.Question}, Situation: s, Steps: p.Steps, First: first, Ask: p.Ask, ReadAgain: e.readAgain(s.Question)})
}

// openUndo opens the walk that takes back what this run of the program changed.
func (e *app) openUndo(s model.Situation) ui.Screen {
	steps, writes := e.changes.undoSteps(e.connector.current().sandbox)
	purpose := walk.Undo{Where: ui.QuestionBreadcrumb(s.Question), Back: "the map", Of: "this run of whopulls", Writes: writes}
	return e.openWalk(walk.Task{Purpose: purpose, Situation: s, Steps: steps, ReadAgain: e.readAgain(s.Question)})
}

func (e *app) openWalk(t walk.Task) ui.Screen { return walk.New(e.Session, e.walkLinks(), t) }

// walkLinks bind a walk to the connection that it was opened with: its changes never go to another one.
func (e *app) walkLinks() walk.Links {
	at := e.connector.current()
	l := walk.Links{
		Cloud:      func(ctx context.Context) (walk.Cloud, error) { return at.await(ctx) },
		Production: e.opts.Production,
		Writes:     e.writes,
		TakeOuts:   e.takeOuts,
		Record:     func(w model.Write, o model.Outcome) { e.changes.add(w, o, at.sandbox) },
	}
	if e.opts.NewRunID != nil {
		l.RunID = e.opts.NewRunID()
	}
	return l
}

// readAgain reads what a question asks, once more.
func (e *app) readAgain(q model.Question) func(context.Context) (model.Situation, error) {
	at := e.connector.current()
	return func(ctx context.Context) (model.Situation, error) {
		cloud, err := at.await(ctx)
		if err != nil {
			return model.Situation{}, err
		}
		return cloud.Read(ctx, q, e.opts.Plan, nil)
	}
}

// openRegistry shows who may pull from what a question is about: model.StaleInRepository and model.StaleIn make it. The levels above
// have names for people, where somebody has read them.
func (e *app) openRegistry(q model.Question, levels []model.Ancestor) ui.Screen {
	links := registry.Links{Cloud: func(ctx context.Context) (registry.Cloud, error) { return e.awaitCloud(ctx) }, OpenWalk: e.openWalk,
		Render: e.renderRegistry, Project: cmp.Or(e.lastQuestion.Project, e.opts.CurrentProject), Running: e.writes}
	return registry.New(e.Session, links, q, levels)
}

// renderRegistry gives a report, with the names of the caller and of the cloud.
func (e *app) renderRegistry(format string, r registry.Report) (string, error) {
	r.CloudName = e.opts.Title
	if cloud := e.cloudIfConnected(); cloud != nil {
		r.Caller = cloud.Caller()
		if e.connector.current().sandbox {
			r.CloudName = "sandbox " + cloud.World()
		}
	}
	return e.opts.RenderRegistry(format, r)
}

// openHistory opens the list of what was changed. A journal that no later command can undo from ends with the program.
func (e *app) openHistory() ui.Screen {
	return history.New(e.Session, history.Links{
		Cloud:    func(ctx context.Context) (history.Cloud, error) { return e.awaitCloud(ctx) },
		OpenWalk: e.openWalk,
		Ends:     func() bool { return e.opts.UndoCommand == nil || e.connector.current().sandbox },
	})
}

// openOffline stands in for every screen while there is no connection.
func (e *app) openOffline(err error) *offline.Screen {
	failure := func() ui.Screen { return e.openExplain(e.opts.Question, "") }
	return offline.New(e.Session, offline.Links{OpenFailure: failure, Sandbox: e.opts.ConnectSandbox != nil, SandboxProjects: e.opts.SandboxProjects}, err)
}

func (e *app) openExplain(known model.Question, text string) ui.Screen {
	links := explain.Links{OpenMap: e.openMap, ReadProject: e.readProject}
	return explain.New(e.Session, links, known, text)
}

// readProject reads which project a number is; zero where nobody can say.
func (e *app) readProject(ctx context.Context, number string) model.Project {
	cloud, err := e.awaitCloud(ctx)
	if err != nil {
		return model.Project{}
	}
	return cloud.ProjectOf(ctx, model.ProjectResource(number)).Value
}
