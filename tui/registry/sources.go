package registry

import (
	"cmp"
	"fmt"
	"slices"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// source is a repository of the scope, with the bindings that reach it.
type source struct {
	resource model.Resource // empty: all of them
	name     string
	bindings []*binding
	unread   bool // its own bindings could not be read; those above it may have been
}

// sources are the repositories of a scope, where it has more than one.
type sources struct {
	rows   []source
	levels map[model.Resource][]model.Resource // above each repository
	cursor int                                 // on the one whose consumers are shown
	offset int
	room   int // for so many rows when it was drawn last
	width  int // of the widest name
}

// measure gives each repository its bindings, the worst repository first. The cursor stays on its repository.
func (s *sources) measure(found *result, scope model.Question) {
	chosen := s.chosen()
	s.width = 0
	s.rows, s.levels = nil, map[model.Resource][]model.Resource{}
	repositories := repositoriesOf(found, scope)
	if len(repositories) < 2 {
		s.cursor = 0
		return
	}
	upper := map[model.Resource][]*binding{} // by level
	own := map[model.Resource][]*binding{}
	all := source{name: fmt.Sprintf("all %d together", len(repositories))}
	for n := range found.bindings {
		b := &found.bindings[n]
		all.bindings = append(all.bindings, b)
		if b.Resource.Kind() == model.KindRepository {
			own[b.Resource] = append(own[b.Resource], b)
		} else {
			upper[b.Resource] = append(upper[b.Resource], b)
		}
	}
	for _, name := range repositories {
		at := source{resource: name.Resource(), name: text.Clean(shortName(name, scope)), bindings: own[name.Resource()]}
		s.levels[at.resource] = levelsOver(name, found)
		for _, l := range s.levels[at.resource] {
			at.bindings = append(at.bindings, upper[l]...)
		}
		at.unread = found.situation.Policies[at.resource].State == model.FactGap
		s.rows = append(s.rows, at)
		s.width = max(s.width, cells.Width(at.name))
	}
	slices.SortStableFunc(s.rows, source.compare)
	s.rows, s.width = slices.Insert(s.rows, 0, all), max(s.width, cells.Width(all.name))
	s.cursor = max(0, slices.IndexFunc(s.rows, func(at source) bool { return at.resource == chosen }))
}

// counts says in signs how many bindings reach the repository, or that its own could not be read.
func (s source) counts(t *ui.Styles) string {
	if s.unread {
		return t.Verdicts[model.Unknown].Render(signs.Unknown + " not read")
	}
	return counts(t, s.bindings)
}

// chosen is the repository whose consumers are shown; empty: all of them.
func (s *sources) chosen() model.Resource {
	if s.cursor >= len(s.rows) {
		return ""
	}
	return s.rows[s.cursor].resource
}

// reaches gives what reports whether a binding on a resource reaches the chosen repository.
func (s *sources) reaches() func(model.Resource) bool {
	chosen := s.chosen()
	if chosen == "" {
		return func(model.Resource) bool { return true }
	}
	levels := s.levels[chosen]
	return func(r model.Resource) bool { return r == chosen || slices.Contains(levels, r) }
}

// compare puts the repository first that has most to look at.
func (s source) compare(other source) int {
	worst := func(s source) int {
		count := map[section]int{}
		for _, b := range s.bindings {
			count[b.section]++
		}
		return count[notNeeded]
	}
	return cmp.Or(worst(other)-worst(s), cmp.Compare(s.name, other.name))
}

// shortName tells the repositories of a scope apart.
func shortName(name model.RepositoryName, scope model.Question) string {
	if name.Project == scope.Scope.Project() {
		return name.ID
	}
	return name.Project + "/" + name.ID
}

// repositoriesOf are those that hold a binding, and all that were listed of a project.
func repositoriesOf(found *result, scope model.Question) (names []model.RepositoryName) {
	known := map[model.RepositoryName]bool{}
	add := func(name model.RepositoryName) {
		if !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	if scope.Scope.Kind() == model.KindProject {
		for _, name := range found.situation.ProjectRepositories[scope.Scope.ID()].Value.Names {
			add(name)
		}
	}
	for n := range found.bindings {
		if name, ok := found.bindings[n].Resource.Repository(); ok && scope.Scope.Kind() != model.KindRepository {
			add(name)
		}
	}
	return names
}

// levelsOver are the levels above a repository, as far as they were read.
func levelsOver(name model.RepositoryName, found *result) []model.Resource {
	if found.situation.Index != nil {
		if levels := found.situation.Index.Levels[name.Project]; len(levels) > 0 {
			return levels
		}
	}
	levels := []model.Resource{model.ProjectResource(name.Project)}
	for _, a := range found.situation.Ancestry[name.Project].Value {
		if !slices.Contains(levels, a.Resource) {
			levels = append(levels, a.Resource)
		}
	}
	return levels
}
