package registry

import (
	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// trail names a scope in the title line. What stands before a repository names the registry of its project.
func trail(q model.Question, levels []model.Ancestor) string {
	name := model.Describe(q.Scope, levels)
	switch q.Scope.Kind() {
	case model.KindRepository:
		name = ui.RepositoryBreadcrumb(q.Repository)
	case model.KindProject:
		name = q.Scope.ID()
	}
	return text.Clean("registry of " + name)
}

// heading asks about a scope, with the names of levels where they were read.
func heading(q model.Question, levels []model.Ancestor) string {
	switch q.Scope.Kind() {
	case model.KindRepository:
		return text.Clean("Who may pull from repository " + q.Repository.ID + " of " + q.Repository.Project + "?")
	case model.KindProject:
		return text.Clean("Who may pull from the repositories of " + q.Scope.ID() + "?")
	}
	return text.Clean("Who may pull from what is in " + model.Describe(q.Scope, levels) + "?")
}

// isScanned reports whether a scope is read from Cloud Asset Inventory.
func isScanned(q model.Question) bool {
	return q.Scope.Kind() == model.KindFolder || q.Scope.Kind() == model.KindOrganization
}
