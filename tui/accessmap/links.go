package accessmap

import (
	"context"
	"iter"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// openRegistry looks at who may pull: from the chosen level and what is below it, or else from the repository.
func (m *Screen) openRegistry() tea.Cmd {
	if level := m.selected.level; slices.Contains([]model.Kind{model.KindProject, model.KindFolder, model.KindOrganization}, level.Kind()) {
		return ui.Push(m.OpenLevel(level, m.Levels()))
	}
	repository, known := m.Repository()
	if !known {
		return ui.Notice(noRepositoryNotice)
	}
	return ui.Push(m.OpenRegistry(repository, m.Levels()))
}

// Repository is the chosen one, or that of the chosen line, or else the one that is pulled from.
func (m *Screen) Repository() (repository model.RepositoryName, known bool) {
	if r, isRepository := m.selected.level.Repository(); isRepository {
		return r, true
	}
	for _, id := range []string{m.selected.check, model.CheckPull} {
		if c, ok := m.diagnosis.CheckByID(id); ok {
			if r, isRepository := c.Resource.Repository(); isRepository {
				return r, true
			}
		}
	}
	return model.RepositoryName{}, false
}

// Levels are those above the project of the chosen level, or of the repository, as far as they were read.
func (m *Screen) Levels() []model.Ancestor {
	if place, _, ok := rungOf(m.picture, m.selected); ok {
		return m.situation.Ancestry[place.Name].Value
	}
	repository, _ := m.Repository()
	return m.situation.Ancestry[repository.Project].Value
}

// undo takes back what this run of the program changed: one change is asked about at once, of more there is a walk.
func (m *Screen) undo() tea.Cmd {
	if why := m.whyNoUndo(); why != "" {
		return ui.Notice(why)
	}
	return ui.Push(m.OpenUndo(m.situation))
}

// whyNoUndo says why there is nothing to take back from the map; empty: there is.
func (m *Screen) whyNoUndo() string {
	switch {
	case m.ReadOnly:
		return ui.NothingChanged
	case !m.CanUndo():
		return "nothing of this run to take back"
	}
	return ""
}

// Cloud reads what a question asks.
type Cloud interface {
	Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error)
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
}

// Links holds what a map reads from and how it opens other screens.
type Links struct {
	Cloud        ui.Connection[Cloud]
	PlanOptions  model.PlanOptions
	Answered     func(q model.Question, s model.Situation, d model.Diagnosis) tea.Cmd // keeps what a whole reading gave
	TakeOuts     func(ui.Answer) []ui.TakeOut
	OpenWalk     func(s model.Situation, p model.Plan, first string) ui.Screen // first is the id of the step to begin with
	OpenUndo     func(s model.Situation) ui.Screen
	CanUndo      func() bool // this run of the program changed something that can be taken back
	OpenExplain  func(known model.Question) ui.Screen
	OpenRegistry func(repository model.RepositoryName, levels []model.Ancestor) ui.Screen
	OpenLevel    func(level model.Resource, levels []model.Ancestor) ui.Screen // the registry of a project, a folder or an organization
}

// step is the step that closes a check.
func (m *Screen) step(check string) *model.Step { return stepClosing(m.plan.Steps, check) }

// stepClosing is the step among several that closes a check.
func stepClosing(steps []model.Step, check string) *model.Step {
	for i, s := range steps {
		if s.Check == check || slices.Contains(s.Closes, check) {
			return &steps[i]
		}
	}
	return nil
}

// noRepositoryNotice is why there is no registry to look at.
const noRepositoryNotice = "no repository of Artifact Registry is known here"

// NewRead is the map of what was read already. It reads nothing before it is asked to.
func NewRead(e *ui.Session, links Links, s model.Situation) *Screen {
	m := New(e, links, s.Question)
	m.Busy, m.situation, m.lastComplete = false, s, s
	m.diagnose()
	return m
}
