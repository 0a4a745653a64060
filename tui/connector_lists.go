package tui

import (
	"context"
	"iter"

	"whopulls/model"
	"whopulls/tui/seen"
)

// notedCloud notes what the lists bring: every screen adds to what can be found, without its doing.
type notedCloud struct {
	Cloud
	seen *seen.Index
}

// Projects lists projects.
func (c notedCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return c.seen.Projects(c.Cloud.Projects(ctx))
}

// Workloads lists what runs in a project.
func (c notedCloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return c.seen.Workloads(project, c.Cloud.Workloads(ctx, project))
}

// Repositories lists a project's repositories.
func (c notedCloud) Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return c.seen.Repositories(c.Cloud.Repositories(ctx, project))
}

// Images lists a repository's images.
func (c notedCloud) Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return c.seen.Images(repository, c.Cloud.Images(ctx, repository))
}
