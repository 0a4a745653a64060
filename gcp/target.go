package gcp

import (
	"context"
	"sync"

	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"

	"whopulls/model"
)

// targets are the projects that changes were made in, as they were read once.
type targets struct {
	mu   sync.Mutex
	read map[string]model.Project
}

// Target is the project that a resource lies in, with its labels; where it can't be read, a gap and its ID. A folder or an
// organization lies in none: it has its display name alone, as far as that can be read. See model.Gate.
func (c *Cloud) Target(ctx context.Context, r model.Resource) model.Fact[model.Project] {
	id := r.Project()
	if id == "" {
		return model.Known(model.Project{Name: c.named(ctx, r)})
	}
	c.targets.mu.Lock()
	defer c.targets.mu.Unlock()
	if p, ok := c.targets.read[id]; ok {
		return model.Known(p)
	}
	p, err := c.clients.projects.GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/" + id})
	read := fact(seeProject(id), projectOf(p), err)
	if !read.Read() {
		read.Value = model.Project{ID: id}
		return read
	}
	if c.targets.read == nil {
		c.targets.read = map[string]model.Project{}
	}
	c.targets.read[id] = read.Value
	return read
}

// named is the display name of a folder or an organization, read once; empty where it can't be read.
func (c *Cloud) named(ctx context.Context, r model.Resource) string {
	if kind := r.Kind(); kind != model.KindFolder && kind != model.KindOrganization {
		return ""
	}
	c.targets.mu.Lock()
	defer c.targets.mu.Unlock()
	if p, ok := c.targets.read[r.Path()]; ok {
		return p.Name
	}
	name, err := c.displayName(ctx, r)
	if err != nil {
		return ""
	}
	if c.targets.read == nil {
		c.targets.read = map[string]model.Project{}
	}
	c.targets.read[r.Path()] = model.Project{Name: clean(name)}
	return clean(name)
}
