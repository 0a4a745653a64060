package pick

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/list"
	"whopulls/tui/ui"
)

// Recent is a question that was asked before, with its last answer.
type Recent struct {
	Project  string
	Workload *model.WorkloadName // nil: what ran there was not there yet
	Answer   string              // the last verdict and when it was; empty: none is known
	Verdict  model.Verdict       // that the answer has the colour of
}

// Way is a row that leads to another place. It is no project.
type Way struct {
	About string // what it leads to, for the pane behind the list
	Open  func() tea.Cmd
}

func (w Way) follow() tea.Cmd { return w.Open() }

// Describe says what the row leads to.
func (w Way) Describe() string { return w.About }

// asked is the value of a recent row: it leads to its map, and the pane shows its project.
type asked struct {
	Way
	project string
}

// Previewed is what the pane shows for the row.
func (a asked) Previewed() (id string, value any) { return a.project, model.Project{ID: a.project} }

// The headings of the first list, and the note behind the project that gcloud's configuration names.
const (
	recentSection    = "RECENT"
	projectsSection  = "PROJECTS"
	ElsewhereSection = "START ELSEWHERE"

	currentMark = "gcloud's project"
)

// pickConsumer is where the way begins. What was asked before can be asked again before the list has arrived.
func pickConsumer(e *Picking, q model.Question) ui.Screen {
	p := pickProject(e, "Which project runs the container?", func(p model.Project) tea.Cmd {
		q := q
		q.Project = p.ID
		return ui.Push(screenAfterProject(e, q))
	})
	p.KnownSoFar, p.Section = q, projectsSection
	p.SetPlaceholder("type to filter, or paste anything")
	e.ShowRecents(p)
	if id := e.CurrentProject; id != "" {
		p.AddTop(list.Item{Cells: []string{id}, ID: id, Note: currentMark, Value: model.Project{ID: id}})
	}
	for _, i := range e.Elsewhere {
		i.Section = ElsewhereSection
		p.AddLast(i)
	}
	p.EmptyText = func(list.State) string { return emptyProjectsText }
	return p
}

// ShowRecents puts the recent questions of now above the projects. Another list has none.
func (e *Picking) ShowRecents(first *list.List) {
	if first.Section != projectsSection {
		return
	}
	var items []list.Item
	for _, r := range e.Recents {
		items = append(items, e.recentItem(first.KnownSoFar, r))
	}
	first.SetRecent(items)
}

// emptyProjectsText says why the list of projects is empty. https://docs.cloud.google.com/iam/docs/roles-permissions/browser
const emptyProjectsText = "You may see no project. Either you have none yet, or you may use one but not list it: type its id above. To list projects, ask for roles/browser."

// recentItem is a recent question as a row. Where an image is known already, it is asked about that one.
func (e *Picking) recentItem(q model.Question, r Recent) list.Item {
	q.Project, q.Workload = r.Project, r.Workload
	title := r.Project
	if r.Workload != nil {
		q.Kind = ""
		title = ui.QuestionBreadcrumb(q)
	}
	open := func() tea.Cmd { return ui.Push(screenAfterProject(e, q)) }
	return list.Item{Cells: []string{title}, ID: "recent " + r.Project, Section: recentSection, Note: r.Answer, Verdict: r.Verdict, Value: asked{Way{Open: open}, r.Project}}
}

// Repositories looks for a repository by its project, for the screen that onChoose opens.
func Repositories(e *Picking, onChoose func(model.RepositoryName) tea.Cmd) ui.Screen {
	return pickProject(e, "Which project holds the repository?", func(p model.Project) tea.Cmd {
		return ui.Push(pickRepository(e, p.ID, func(r model.Repository) tea.Cmd { return onChoose(r.Name) }))
	})
}
