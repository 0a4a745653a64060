package cmd

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"whopulls/model"
)

// inPages hands out a list in pages of ten.
func inPages[T any](c *fakeCloud, all ...T) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for items := range slices.Chunk(all, 10) {
			if c.pagesRead++; !yield(model.ListPage[T]{Items: items}, nil) {
				return
			}
		}
		if c.listsHaveGap && !yield(model.ListPage[T]{Gaps: []model.Gap{{Reason: "you may not list everything"}}}, nil) {
			return
		}
		if c.listErr != nil {
			yield(model.ListPage[T]{}, c.listErr)
		}
	}
}

func (c *fakeCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	all := []model.Project{{ID: "myproject-b", Number: "222222222222", Name: "Myproject B"}, {ID: "myproject-a", Number: "111111111111", Name: "myproject-a"}}
	for n := range c.moreProjects {
		all = append(all, model.Project{ID: fmt.Sprintf("neighbour-%03d", n), Number: fmt.Sprint(300000000000 + n)})
	}
	if c.emptyLists {
		all = nil
	}
	if c.endlessLists {
		return func(yield func(model.ListPage[model.Project], error) bool) {
			yield(model.ListPage[model.Project]{Items: all}, nil)
			<-ctx.Done()
			yield(model.ListPage[model.Project]{}, ctx.Err())
		}
	}
	return inPages(c, all...)
}

func (c *fakeCloud) Workloads(context.Context, string) iter.Seq2[model.ListPage[model.Workload], error] {
	named := func(kind model.WorkloadKind, region, name string) model.Workload {
		return model.Workload{WorkloadName: model.WorkloadName{Kind: kind, Region: region, Name: name}, ServiceAccount: runner, Images: model.ImagesOf(image)}
	}
	return inPages(c, named(model.Service, "us-central1", "web"), named(model.Service, "asia-northeast1", "web"),
		named(model.WorkerPool, "asia-northeast1", "poller"), named(model.Job, "asia-northeast1", "myjob"))
}

func (c *fakeCloud) Repositories(_ context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error] {
	return inPages(c, model.Repository{Name: model.RepositoryName{Project: project, Location: "asia-northeast1", ID: "myrepo"}, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"},
		model.Repository{Name: model.RepositoryName{Project: project, Location: "us-central1", ID: "base"}, Format: "DOCKER", Mode: "VIRTUAL_REPOSITORY"})
}

func (c *fakeCloud) Images(_ context.Context, r model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	base := r.Location + "-docker.pkg.dev/" + r.Project + "/" + r.ID + "/"
	digest := "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	return inPages(c, model.ListedImage{Base: model.ImageOf(base + "myjob"), Path: "myjob", Digest: digest, Tags: []string{"latest", "v2"}},
		model.ListedImage{Base: model.ImageOf(base + "other"), Path: "other", Digest: digest})
}
