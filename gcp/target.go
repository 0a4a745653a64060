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

// Target is the project that a resource lies in, with its labels as far as they can be read; empty for a resource in
// none. Whether it is production hangs on them, see model.Gate.
func (c *Cloud) Target(ctx context.Context, r model.Resource) model.Project {
	id := r.Project()
	if id == "" {
		return model.Project{}
	}
	c.targets.mu.Lock()
	defer c.targets.mu.Unlock()
	if p, ok := c.targets.read[id]; ok {
		return p
	}
	p, err := c.clients.projects.GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/" + id})
	if err != nil {
		return model.Project{ID: id}
	}
	if c.targets.read == nil {
		c.targets.read = map[string]model.Project{}
	}
	c.targets.read[id] = projectOf(p)
	return c.targets.read[id]
}
