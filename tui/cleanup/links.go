package cleanup

import (
	"context"

	"whopulls/model"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// Cloud reads who may read a repository, and reads bindings again before they are removed.
type Cloud interface {
	ReadScope(ctx context.Context, q model.Question, progress func(model.Situation)) (model.Situation, error)
	RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error)
}

// Links holds what the list reads from, and how it opens a walk.
type Links struct {
	Cloud    ui.Connection[Cloud]
	OpenWalk func(walk.Task) ui.Screen
}
