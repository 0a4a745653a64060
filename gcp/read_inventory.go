package gcp

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/guard"
	"whopulls/model"
)

const permGetRevision model.Permission = "run.revisions.get"

// inventoryTask reads what Cloud Run may still start in a project. NOT_FOUND is a gap here: a project that is gone and
// one that the caller may not see look alike.
func (c *Cloud) inventoryTask(project string) task {
	a := operation{action: "list what runs in project " + project, resource: model.ProjectResource(project),
		permission: model.Service.Permission("list"), subject: "project " + project}
	field := func(s *model.Situation) map[string]model.Fact[model.Inventory] { return s.Inventories }
	return storeIn(field, project, a, func(ctx context.Context) (model.Inventory, error) { return c.inventory(ctx, project) })
}

// inventory reads the kinds of workload side by side. If no kind could be listed, it gives the first kind's
// error. Anything else that could not be read is a gap of the inventory. That includes the list of instances,
// which not every region has.
func (c *Cloud) inventory(ctx context.Context, project string) (model.Inventory, error) {
	sources := c.workloadSources(project, allKinds)
	found := make([]model.Inventory, len(sources))
	failed := make([]error, len(sources))
	var all sync.WaitGroup
	for i, s := range sources {
		all.Go(guard.Func(func() { found[i], failed[i] = c.inventoryOfKind(ctx, project, s) }))
	}
	all.Wait()
	if !slices.Contains(failed, nil) {
		return model.Inventory{}, failed[0]
	}
	var whole model.Inventory
	for i, f := range found {
		whole.Running = append(whole.Running, f.Running...)
		whole.Gaps = append(whole.Gaps, f.Gaps...)
		if failed[i] != nil {
			whole.Gaps = append(whole.Gaps, sources[i].operation.gap(transport.ParseError(failed[i])))
		}
	}
	return whole, nil
}

// inventoryOfKind lists one kind, and then looks into the revisions that serve. It is an error when not even a part of the
// list came.
func (c *Cloud) inventoryOfKind(ctx context.Context, project string, s listSource[model.RunningWorkload]) (model.Inventory, error) {
	var found model.Inventory
	pages := 0
	for page, err := range s.pages(ctx) {
		if err != nil && pages == 0 {
			return found, err
		}
		if err != nil {
			page.Gaps = append(page.Gaps, s.operation.gap(transport.ParseError(err)))
		}
		pages++
		found.Running = append(found.Running, page.Items...)
		for _, g := range page.Gaps {
			if !slices.Contains(found.Gaps, g) { // every page names the regions that did not answer
				found.Gaps = append(found.Gaps, g)
			}
		}
	}
	found.Gaps = append(found.Gaps, c.readRevisions(ctx, project, found.Running)...)
	c.readRunners(ctx, project, found.Running)
	return found, nil
}

// readRunners finds out what the templates run as whose list names no account. API v1, which lists, has no field for an
// agent identity (iam-facts 12.6), and one that is left out is no default account for certain.
func (c *Cloud) readRunners(ctx context.Context, project string, running []model.RunningWorkload) {
	var group errgroup.Group
	group.SetLimit(transport.MaxInFlight)
	for i := range running {
		w := &running[i]
		if w.ServiceAccount != "" || w.Kind != model.Service && w.Kind != model.Job {
			continue
		}
		group.Go(guard.Task(func() error {
			r := w.Resource(project)
			t, err := c.readTemplate(ctx, w.Kind, r.Path())
			if err != nil {
				words := "what " + w.Kind.DisplayName() + " " + w.Name + " runs as"
				gap := operation{action: "see " + words, resource: r, permission: w.Kind.Permission("get"), subject: w.Kind.DisplayName() + " " + w.Name}.gap(transport.ParseError(err))
				w.RunnerGap = &gap
				return nil
			}
			w.ServiceAccount, w.AgentIdentity = clean(t.account), t.agentIdentity
			return nil
		}))
	}
	_ = group.Wait() // each look keeps its own error
}

// revisionRead is the reading of one revision that serves.
type revisionRead struct {
	operation operation
	path      string // its name in API v2
	revision  *model.Revision
	err       error
}

// readRevisions reads the images of the revisions that serve. Those that can't be read are gaps and leave the inventory.
func (c *Cloud) readRevisions(ctx context.Context, project string, running []model.RunningWorkload) []model.Gap {
	reads := revisionReads(project, running)
	var gaps []model.Gap
	if len(reads) > limits.Revisions {
		gaps = append(gaps, reads[limits.Revisions].operation.gap(transport.ParseError(transport.LimitErrorf("more than %d revisions serve", limits.Revisions))))
		reads = reads[:limits.Revisions] // the others have no images, and leave the inventory
	}
	ctx, cancel := context.WithTimeout(ctx, limits.ListTime)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(transport.MaxInFlight)
	for i := range reads {
		group.Go(guard.Task(func() error {
			reads[i].err = c.readRevision(ctx, reads[i].path, reads[i].revision)
			return nil
		}))
	}
	_ = group.Wait() // each look keeps its own error
	for _, l := range reads {
		if l.err != nil {
			gaps = append(gaps, l.operation.gap(transport.ParseError(l.err)))
		}
	}
	unread := func(r model.Revision) bool { return len(r.Images) == 0 }
	for i := range running {
		running[i].Serving = slices.DeleteFunc(running[i].Serving, unread)
	}
	return gaps
}

func revisionReads(project string, running []model.RunningWorkload) []revisionRead {
	var looks []revisionRead
	for _, w := range running {
		r := w.Resource(project)
		for i := range w.Serving {
			revision := &w.Serving[i]
			words := "revision " + revision.Name + " of " + w.Kind.DisplayName() + " " + w.Name
			looks = append(looks, revisionRead{path: r.Path() + "/revisions/" + revision.Name, revision: revision,
				operation: operation{action: "see " + words, resource: r, permission: permGetRevision, subject: words}})
		}
	}
	return looks
}

// readRevision asks API v2, whose one host knows all regions; v1 wants the host of each (iam-facts 8.2).
func (c *Cloud) readRevision(ctx context.Context, path string, revision *model.Revision) error {
	r, err := c.clients.RunV2.Projects.Locations.Services.Revisions.Get(path).Context(ctx).Do() // of worker pools too: it is the same call
	if err != nil {
		return err
	}
	revision.Images, revision.ServiceAccount = imagesOfV2(r.Containers, r.Sandboxes), clean(r.ServiceAccount)
	revision.AgentIdentity = runsAsAgent(r.WorkloadIdentityConfig)
	if len(revision.Images) == 0 {
		return errors.New("the answer names no image of revision " + model.Resource(path).ID())
	}
	return nil
}
