package gcp

import (
	"context"
	"sync"

	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"

	"whopulls/model"
)

// projectCache are the projects that changes were made in, as they were read once.
type projectCache struct {
	mu    sync.Mutex
	known map[string]model.Project
}

// ProjectOf is the project that a resource is in, with its labels; where it can't be read, a gap and its ID.
// A folder or an organization is in none: it has its display name alone, as far as that can be read. See
// model.Gate.
func (c *Cloud) ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project] {
	id := r.Project()
	if id == "" {
		return model.Known(model.Project{Name: c.cachedDisplayName(ctx, r)})
	}
	c.projects.mu.Lock()
	defer c.projects.mu.Unlock()
	if p, ok := c.projects.known[id]; ok {
		return model.Known(p)
	}
	p, err := c.clients.Projects.GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/" + id})
	read := factFrom(projectOperation(id), projectOf(p), err)
	if !read.Read() {
		read.Value = model.Project{ID: id}
		return read
	}
	if c.projects.known == nil {
		c.projects.known = map[string]model.Project{}
	}
	c.projects.known[id] = read.Value
	return read
}

// cachedDisplayName is the display name of a folder or an organization, read once; empty if it can't be read.
func (c *Cloud) cachedDisplayName(ctx context.Context, r model.Resource) string {
	if kind := r.Kind(); kind != model.KindFolder && kind != model.KindOrganization {
		return ""
	}
	c.projects.mu.Lock()
	defer c.projects.mu.Unlock()
	if p, ok := c.projects.known[r.Path()]; ok {
		return p.Name
	}
	name, err := c.displayName(ctx, r)
	if err != nil {
		return ""
	}
	if c.projects.known == nil {
		c.projects.known = map[string]model.Project{}
	}
	c.projects.known[r.Path()] = model.Project{Name: clean(name)}
	return clean(name)
}
