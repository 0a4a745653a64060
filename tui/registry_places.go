package tui

import (
	"slices"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/palette"
	"whopulls/tui/registry"
	"whopulls/tui/ui"
)

// registryPlace is what a registry can be opened of, and how people call it.
type registryPlace struct {
	question model.Question
	title    string
	levels   []model.Ancestor
}

// registryPlaces are those of the uppermost map or registry: its repository, the project, and the folders and the organization above.
func (r *root) registryPlaces() (places []registryPlace) {
	var levels []model.Ancestor
	for _, s := range slices.Backward(r.stack) {
		switch s := s.(type) {
		case *accessmap.Screen:
			levels = s.Levels()
			if repository, known := s.Repository(); known {
				places = append(places, registryPlace{model.StaleInRepository(repository), "repository " + repository.ID, levels})
				levels = withProject(levels, repository.Project)
			}
		case *registry.Screen:
			levels = s.Levels()
			if project := s.Scope().Scope.Project(); project != "" {
				levels = withProject(levels, project)
			}
		default:
			continue
		}
		break
	}
	for _, l := range levels {
		places = append(places, registryPlace{model.StaleIn(l.Resource), model.Describe(l.Resource, levels), levels})
	}
	return places
}

// withProject puts a project before the levels above it, unless they begin with it.
func withProject(levels []model.Ancestor, project string) []model.Ancestor {
	own := model.ProjectResource(project)
	if slices.ContainsFunc(levels, func(a model.Ancestor) bool { return a.Resource == own }) {
		return levels
	}
	return append([]model.Ancestor{{Resource: own}}, levels...)
}

// registryEntries lead to the registries of those places. What the screen on top shows, or has an action for, is left out.
func (r *root) registryEntries(bindings []ui.Binding) (entries []palette.Entry) {
	here, _ := r.top().(*registry.Screen)
	offered := slices.ContainsFunc(bindings, func(b ui.Binding) bool { return b.Intent == ui.IntentRegistry })
	for _, p := range r.registryPlaces() {
		isRepository := p.question.Scope.Kind() == model.KindRepository
		if offered && isRepository || here != nil && here.Scope().Scope == p.question.Scope {
			continue
		}
		entries = append(entries, r.screenEntry(palette.Entry{ID: "place registry " + string(p.question.Scope), Section: palette.Places, Kind: "place",
			Title: "Registry of " + p.title, WhyOff: r.whyOffline()}, func() ui.Screen { return r.openRegistry(p.question, p.levels) }))
	}
	return entries
}
