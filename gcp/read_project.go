package gcp

import (
	"context"
	"strings"

	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	crmv1 "google.golang.org/api/cloudresourcemanager/v1"

	"whopulls/gcp/transport"
	"whopulls/model"
)

func projectOperation(project string) operation {
	return operation{action: "see project " + project, resource: model.ProjectResource(project), permission: model.PermGetProject, subject: "project " + project}
}

func (c *Cloud) projectTask(project string) task {
	a := projectOperation(project)
	a.notFoundIsAnswer = true
	field := func(s *model.Situation) map[string]model.Fact[model.Project] { return s.Projects }
	return storeIn(field, project, a, func(ctx context.Context) (model.Project, error) {
		p, err := c.clients.Projects.GetProject(ctx, &resourcemanagerpb.GetProjectRequest{Name: "projects/" + project})
		return projectOf(p), err
	})
}

// projectOf: the API's name carries the number (iam-facts 8.1).
func projectOf(p *resourcemanagerpb.Project) model.Project {
	labels := make(map[string]string, len(p.GetLabels()))
	for k, v := range p.GetLabels() {
		labels[clean(k)] = clean(v)
	}
	return model.Project{
		ID: clean(p.GetProjectId()), Number: clean(strings.TrimPrefix(p.GetName(), "projects/")),
		Name: clean(p.GetDisplayName()), State: p.GetState().String(), Labels: labels,
	}
}

// ancestryTask reads the levels above a project or, by its path, a folder, and then their display names, which nothing
// waits for. NOT_FOUND is a gap here: without its ancestry nothing can be said about a project.
func (c *Cloud) ancestryTask(project string) task {
	if r := model.AncestorResource(project); r.Kind() == model.KindFolder {
		a := operation{action: "see the levels above " + describe(r), resource: r, permission: permGetFolder, subject: describe(r)}
		field := func(s *model.Situation) map[string]model.Fact[[]model.Ancestor] { return s.Ancestry }
		return storeIn(field, project, a, func(ctx context.Context) ([]model.Ancestor, error) { return c.folderAncestors(ctx, r) })
	}
	a := operation{action: "read the levels above project " + project, resource: model.ProjectResource(project),
		permission: model.PermGetProject, subject: "project " + project}
	return func(ctx context.Context) taskResult {
		levels, err := c.ancestry(ctx, project)
		found := factFrom(a, levels, err)
		end := taskResult{err: err, apply: func(r *readRun) {
			r.situation.Ancestry[project] = found
			r.setLevelNames()
		}}
		for _, l := range levels {
			if l.Resource.Kind() != model.KindProject {
				end.levels = append(end.levels, l.Resource)
			}
		}
		return end
	}
}

const permGetFolder model.Permission = "resourcemanager.folders.get"

// maxLevels are more than Google has: folders go ten deep.
const maxLevels = 20

// folderAncestors goes from parent to parent: getAncestry is of projects alone.
func (c *Cloud) folderAncestors(ctx context.Context, r model.Resource) ([]model.Ancestor, error) {
	levels := []model.Ancestor{{Resource: r}}
	for r.Kind() == model.KindFolder && len(levels) < maxLevels {
		f, err := c.clients.Folders.GetFolder(ctx, &resourcemanagerpb.GetFolderRequest{Name: r.Path()})
		if err != nil {
			return nil, err
		}
		r = model.AncestorResource(clean(f.GetParent()))
		levels = append(levels, model.Ancestor{Resource: r})
	}
	return levels, nil
}

func (c *Cloud) ancestry(ctx context.Context, project string) ([]model.Ancestor, error) {
	resp, err := c.clients.ResourceManagerV1.Projects.GetAncestry(project, &crmv1.GetAncestryRequest{}).Context(transport.WithCallOptions(ctx, transport.CallOptions{ReadOnly: true})).Do()
	if err != nil {
		return nil, err
	}
	levels := []model.Ancestor{{Resource: model.ProjectResource(project)}}
	for _, l := range resp.Ancestor {
		if id := l.ResourceId; id != nil && id.Type != "project" {
			levels = append(levels, model.Ancestor{Resource: model.AncestorResource(clean(id.Type) + "s/" + clean(id.Id))})
		}
	}
	return levels, nil
}

// displayNameTask reads the display name of a folder or organization, once for each; a name that can't be read stays empty.
func (c *Cloud) displayNameTask(r model.Resource) task {
	return func(ctx context.Context) taskResult {
		name, err := c.displayName(ctx, r)
		return taskResult{err: err, apply: func(rd *readRun) {
			if err == nil {
				rd.levelNames[r] = clean(name)
				rd.setLevelNames()
			}
		}}
	}
}

func (c *Cloud) displayName(ctx context.Context, r model.Resource) (string, error) {
	if r.Kind() == model.KindFolder {
		f, err := c.clients.Folders.GetFolder(ctx, &resourcemanagerpb.GetFolderRequest{Name: r.Path()})
		return f.GetDisplayName(), err
	}
	o, err := c.clients.Organizations.GetOrganization(ctx, &resourcemanagerpb.GetOrganizationRequest{Name: r.Path()})
	return o.GetDisplayName(), err
}

// apiTask: the APIs asked about are Google's and exist, so NOT_FOUND means the project.
func (c *Cloud) apiTask(r model.Resource) task {
	a := operation{action: "see which APIs are on in project " + r.Project(), resource: r, permission: model.PermGetAPI,
		subject: "project " + r.Project()}
	field := func(s *model.Situation) map[model.Resource]model.Fact[bool] { return s.APIs }
	return storeIn(field, r, a, func(ctx context.Context) (bool, error) { return c.apiEnabled(ctx, r) })
}

func (c *Cloud) apiEnabled(ctx context.Context, r model.Resource) (bool, error) {
	service, err := c.clients.ServiceUsage.GetService(ctx, &serviceusagepb.GetServiceRequest{Name: r.Path()})
	return service.GetState() == serviceusagepb.State_ENABLED, err
}
