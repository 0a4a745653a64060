package sandbox

import (
	"context"
	"strconv"
	"strings"
	"time"

	v3 "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	crm "google.golang.org/api/cloudresourcemanager/v1"

	"whopulls/gcp/sandbox/world"
)

// getProject serves Resource Manager v1.
func (c *core) getProject(ctx context.Context, call restCall) (any, error) {
	if _, err := (&projects{core: c}).GetProject(ctx, &v3.GetProjectRequest{Name: "projects/" + call.pathValues["project"]}); err != nil {
		return nil, err
	}
	return v1Project(c.world.Project(call.pathValues["project"])), nil
}

// listProjects serves Resource Manager v1, which lists all projects that the caller may get. Its filter is
// the query of v3 under another name.
func (c *core) listProjects(ctx context.Context, call restCall) (any, error) {
	size, err := strconv.ParseInt("0"+call.query.Get("pageSize"), 10, 32)
	if err != nil {
		return nil, invalid("Page size %q is not valid; expected a whole number.", call.query.Get("pageSize"))
	}
	found, err := (&projects{core: c}).SearchProjects(ctx, &v3.SearchProjectsRequest{
		Query: call.query.Get("filter"), PageSize: int32(size), PageToken: call.query.Get("pageToken"),
	})
	if err != nil {
		return nil, err
	}
	answer := &crm.ListProjectsResponse{NextPageToken: found.NextPageToken}
	for _, p := range found.Projects {
		answer.Projects = append(answer.Projects, v1Project(c.world.Project(p.ProjectId)))
	}
	return answer, nil
}

// v1Project is a project as version 1 writes it: the number and the parts of the parent are separate fields.
func v1Project(p *world.Project) *crm.Project {
	number, _ := strconv.ParseInt(p.Number, 10, 64) // a world's numbers are checked at load
	m := &crm.Project{
		ProjectId: p.ID, ProjectNumber: number, Name: p.DisplayName, Labels: p.Labels,
		LifecycleState: p.State, CreateTime: world.ParseTime(p.CreateTime).Format(time.RFC3339Nano),
	}
	if kind, id, ok := strings.Cut(p.Parent, "/"); ok {
		m.Parent = &crm.ResourceId{Type: strings.TrimSuffix(kind, "s"), Id: id}
	}
	return m
}
