package tui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/text/signs"
	"whopulls/tui/list"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// The first minute: the rows around the list of projects, and those of an empty list.

// elsewhere are the rows behind the projects: other places to begin.
func (e *app) elsewhere() []list.Item {
	row := func(id, title, note, about string, shown func(list.State) bool, open func() tea.Cmd) list.Item {
		return list.Item{Cells: []string{title}, ID: "way " + id, Note: note, Shown: shown, Value: pick.Way{About: about, Open: open}}
	}
	rows := []list.Item{
		row("account", "Another account or configuration", "for this run alone", "Lists gcloud's configurations and accounts. The one that is chosen is used for this run.",
			func(s list.State) bool { return s.Empty && e.opts.Logins.List != nil }, func() tea.Cmd { return func() tea.Msg { return loginsWantedMsg{} } }),
		row("repository", "A repository", "who may pull from it?", "Asks for a repository, and shows who may read it, who uses it, and what can go.", nil,
			func() tea.Cmd { return ui.Push(e.chooseRegistry()) }),
		row("failure", "An error message", "paste it, or type it", "Reads an error message of Cloud Run: who lacks what, and what to do.", nil,
			func() tea.Cmd { return ui.Push(e.openExplain(model.Question{}, "")) }),
		row("history", "History", "what was changed, and undo", "Lists every change that whopulls made, and takes changes back.",
			func(list.State) bool { return e.hasHistory || e.mapLinks().CanUndo() }, func() tea.Cmd { return ui.Push(e.openHistory()) }),
	}
	if e.opts.ConnectSandbox != nil {
		rows = append(rows, row("sandbox", "Look around", sandboxNote, "Opens a pretend company inside the program. Nothing of it is real.",
			func(s list.State) bool { return s.Empty && !e.connector.current().sandbox },
			func() tea.Cmd { return func() tea.Msg { return ui.ReconnectMsg{Sandbox: true} } }))
	}
	return rows
}

// sandboxNote says what the sandbox is.
const sandboxNote = "a pretend company"

// chooseRegistry asks for a repository, and shows who may read it.
func (e *app) chooseRegistry() ui.Screen {
	return pick.Repositories(e.picking(), func(r model.RepositoryName) tea.Cmd { return ui.Push(e.openRegistry(model.StaleInRepository(r), nil)) })
}

// startMsg is a message about how to begin, which something follows.
type startMsg interface{ handle(r *root) tea.Cmd }

// knownMsg brings what the first screens show: recents, logins, and whether there is a history.
type knownMsg interface{ keep(r *root) }

// loginsWantedMsg asks for the palette with the accounts and configurations alone.
type loginsWantedMsg struct{}

func (loginsWantedMsg) handle(r *root) tea.Cmd { return r.openLogins() }

// historyMsg says whether the journal has any change.
type historyMsg struct{ any bool }

func (m historyMsg) keep(r *root) {
	r.hasHistory = m.any
	if first, ok := r.stack[0].(*list.List); ok {
		first.RefreshLast()
	}
}

// turnOnMsg asks for the step that turns Cloud Run on.
type turnOnMsg struct{ project string }

func (m turnOnMsg) handle(r *root) tea.Cmd { return r.turnOn(m.project) }

// readHistory looks whether there is anything to show in the history.
func (e *app) readHistory() tea.Msg {
	cloud, err := e.awaitCloud(e.Context)
	if err != nil {
		return nil
	}
	h, err := cloud.History()
	here := func(c ledger.Entry) bool { return c.Target == cloud.Origin() }
	return historyMsg{err == nil && slices.ContainsFunc(h.Entries, here)}
}

// onlyRunAPI leaves one step in a plan: to turn Cloud Run on.
var onlyRunAPI = model.PlanOptions{Only: []string{model.CheckRunAPI}}

// turnOn leads to the step that turns Cloud Run on in a project in which nothing runs yet.
func (r *root) turnOn(project string) tea.Cmd {
	from := r.top()
	r.say(readingTurnOn)
	return func() tea.Msg {
		s, err := r.readTurnOn(r.Context, model.Question{Project: project, Kind: model.Service})
		return turnOnPlanMsg{from, s, err}
	}
}

const readingTurnOn = "reading what it takes " + signs.More

// readTurnOn reads what the step needs: the API, whose project it is, and whether the caller may turn it on.
func (e *app) readTurnOn(ctx context.Context, q model.Question) (model.Situation, error) {
	cloud, err := e.awaitCloud(ctx)
	if err != nil {
		return model.Situation{}, err
	}
	ignore := func(model.Situation) {}
	s, err := cloud.ReadFacts(ctx, q.Project, []model.Want{{Kind: model.WantCaller}, {Kind: model.WantProject, Project: q.Project},
		{Kind: model.WantAPI, Resource: model.APIResource(q.Project, model.RunService)}}, ignore)
	if err != nil {
		return s, err
	}
	s.Question = q
	tests := slices.DeleteFunc(model.Wants(s, onlyRunAPI), func(w model.Want) bool { return w.Kind != model.WantTest })
	tested, err := cloud.ReadFacts(ctx, q.Project, tests, ignore)
	s.Tested = tested.Tested
	return s, err
}

// turnOnPlanMsg brings what was read for the step.
type turnOnPlanMsg struct {
	from      ui.Screen
	situation model.Situation
	err       error
}

// handle opens the walk, unless the list was left meanwhile.
func (msg turnOnPlanMsg) handle(r *root) tea.Cmd {
	if r.top() != msg.from {
		return nil
	}
	if msg.err != nil {
		return ui.Notice("could not read what it takes: " + msg.err.Error())
	}
	d := model.Diagnose(msg.situation)
	plan := model.PlanFor(msg.situation, d, onlyRunAPI)
	if len(plan.Steps) == 0 {
		return ui.Notice(r.whyNotTurnedOn(d))
	}
	purpose := turningOn{walk.Grants{Question: msg.situation.Question}}
	return ui.Push(r.openWalk(walk.Task{Purpose: purpose, Situation: msg.situation, Steps: plan.Steps}))
}

// whyNotTurnedOn says why there is no step that turns Cloud Run on.
func (r *root) whyNotTurnedOn(d model.Diagnosis) string {
	if c, ok := d.CheckByID(model.CheckRunAPI); ok && c.Verdict != model.Granted {
		return "whether Cloud Run is on is not known: " + c.Reason
	}
	return "Cloud Run is on by now: " + r.Keys.Symbol(ui.IntentReread, true) + " reads the list again"
}

// turningOn is the purpose of turning Cloud Run on where nothing runs yet: no map waits for it.
type turningOn struct{ walk.Grants }

// Trail is the project, and what is done there.
func (t turningOn) Trail() string { return t.Question.Project + signs.Within + "turn Cloud Run on" }

// BackTo is the list of what runs there.
func (turningOn) BackTo() string { return "the list" }

// Headline says whether it is on.
func (t turningOn) Headline(p walk.Progress) walk.Headline {
	if p.Finished && p.AllDone() {
		return walk.Headline{Words: signs.Granted + " Cloud Run is on", Verdict: model.Granted, Details: "nothing runs there yet; the list has a first deployment"}
	}
	return t.Grants.Headline(p)
}
