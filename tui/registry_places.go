package tui

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/tui/accessmap"
	"whopulls/tui/list"
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
// Without either they are the levels of the project in question.
func (r *root) registryPlaces() (places []registryPlace) {
	levels, repository := r.levelsInSight()
	if repository.ID != "" {
		places = append(places, registryPlace{model.StaleInRepository(repository), "repository " + repository.ID, levels})
		levels = withProject(levels, repository.Project)
	}
	for _, l := range levels {
		places = append(places, registryPlace{model.StaleIn(l.Resource), model.Describe(l.Resource, levels), levels})
	}
	if own := r.typedProject(); own != "" && !slices.ContainsFunc(levels, func(a model.Ancestor) bool { return a.Resource == own }) {
		places = append(places, registryPlace{model.StaleIn(own), model.Describe(own, nil), nil})
	}
	return places
}

// typedProject is the project whose id is typed in the palette; empty: no list brought one of that id.
func (r *root) typedProject() model.Resource {
	if r.palette == nil {
		return ""
	}
	id := strings.TrimSpace(r.palette.Typed())
	if !r.connector.current().seen.HasProject(id) {
		return ""
	}
	return model.ProjectResource(id)
}

// levelsInSight are the levels of what the screens are about, and the repository, if it is one.
func (r *root) levelsInSight() (levels []model.Ancestor, repository model.RepositoryName) {
	for _, s := range slices.Backward(r.stack) {
		switch s := s.(type) {
		case *accessmap.Screen:
			if repository, known := s.Repository(); known {
				return s.Levels(), repository
			}
		case *registry.Screen:
			levels = s.Levels()
			if project := s.Scope().Scope.Project(); project != "" {
				levels = withProject(levels, project)
			}
			return levels, repository
		}
	}
	finder := r.connector.current().finder
	if project := r.projectUnderCursor(); project != "" {
		return withProject(finder.Known(project), project), repository
	}
	if picked := r.pickedProjects(); len(picked) > 0 {
		return finder.Known(picked[0]), repository
	}
	for _, project := range r.searchProjects() { // nobody asked about it, but what is above it is above others too
		levels = slices.DeleteFunc(slices.Clone(finder.Known(project)), func(l model.Ancestor) bool { return l.Resource.Kind() != model.KindOrganization })
	}
	return levels, repository
}

// projectUnderCursor is that of a list's row; empty: the row is not one.
func (r *root) projectUnderCursor() string {
	if l, ok := r.top().(*list.List); ok {
		if row, ok := l.Current(); ok {
			if project, ok := row.Value.(model.Project); ok {
				return project.ID
			}
		}
	}
	return ""
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
