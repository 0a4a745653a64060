package sandbox

import (
	"context"
	"path"
	"strings"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// projects serves google.cloud.resourcemanager.v3.Projects.
type projects struct {
	crm.UnimplementedProjectsServer
	*core
}

const maxProjectPage = 500 // the largest page of projects, folders or organizations

// fullNodeName is the full name of a project, a folder or an organization.
func fullNodeName(relative string) string { return world.FullName("cloudresourcemanager", relative) }

func (s *projects) GetProject(ctx context.Context, r *crm.GetProjectRequest) (*crm.Project, error) {
	id, err := parseID(r.Name, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "resourcemanager.projects.get", fullNodeName(r.Name)); err != nil {
		return nil, err
	}
	return projectProto(s.world.Project(id)), nil
}

// projectProto gives a project as its message, named by its number as in the API.
func projectProto(p *world.Project) *crm.Project {
	created := timestamppb.New(world.ParseTime(p.CreateTime))
	m := &crm.Project{
		Name: "projects/" + p.Number, Parent: p.Parent, ProjectId: p.ID, DisplayName: p.DisplayName,
		State: crm.Project_ACTIVE, Labels: p.Labels, CreateTime: created, UpdateTime: created, Etag: `W/"` + p.Number + `"`,
	}
	if p.State == "DELETE_REQUESTED" {
		m.State = crm.Project_DELETE_REQUESTED
		m.DeleteTime = timestamppb.New(world.DefaultTime)
	}
	return m
}

// SearchProjects finds the projects that the caller may get. The search itself needs no permission.
func (s *projects) SearchProjects(ctx context.Context, r *crm.SearchProjectsRequest) (*crm.SearchProjectsResponse, error) {
	terms, err := parseSearchTerms(r.Query, "id", "projectId", "name", "displayName", "state", "lifecycleState", "parent", "labels.")
	if err != nil {
		return nil, err
	}
	authorizer := s.newAuthorizer(ctx, "resourcemanager.projects.get")
	found := listFiltered(s.world.Projects, func(p *world.Project) bool {
		return terms.matches(projectFieldValue(p)) && authorizer.Allowed(fullNodeName(p.Name()))
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "search "+r.Query, maxProjectPage)
	if err != nil {
		return nil, err
	}
	return &crm.SearchProjectsResponse{Projects: projectProtos(part), NextPageToken: next}, nil
}

// newAuthorizer makes a check of one permission of the caller on many resources.
func (c *core) newAuthorizer(ctx context.Context, permission string) *world.Authorizer {
	return c.world.NewAuthorizer(caller(ctx), permission, time.Now())
}

func projectProtos(list []*world.Project) []*crm.Project {
	var protos []*crm.Project
	for _, p := range list {
		protos = append(protos, projectProto(p))
	}
	return protos
}

func projectFieldValue(p *world.Project) func(string) string {
	return func(field string) string {
		switch field {
		case "id", "projectId":
			return p.ID
		case "name", "displayName":
			return p.DisplayName
		case "state", "lifecycleState":
			return p.State
		case "parent":
			return p.Parent
		}
		return p.Labels[strings.TrimPrefix(field, "labels.")]
	}
}

// ListProjects gives the direct children of a folder or an organization.
func (s *projects) ListProjects(ctx context.Context, r *crm.ListProjectsRequest) (*crm.ListProjectsResponse, error) {
	if err := s.requirePermission(ctx, "resourcemanager.projects.list", fullNodeName(r.Parent)); err != nil {
		return nil, err
	}
	found := listFiltered(s.world.Projects, func(p *world.Project) bool {
		return p.Parent == r.Parent && (p.State == "ACTIVE" || r.ShowDeleted)
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "list "+r.Parent, maxProjectPage)
	if err != nil {
		return nil, err
	}
	return &crm.ListProjectsResponse{Projects: projectProtos(part), NextPageToken: next}, nil
}

func (s *projects) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.projects.getIamPolicy", r)
}

func (s *projects) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.projects.setIamPolicy", r)
}

func (s *projects) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testPermissions(ctx, fullNodeName(r.Resource), r)
}

// searchTerms are the parts of a search query. All of them must match.
type searchTerms []struct{ field, pattern string }

// parseSearchTerms reads a query of FIELD:VALUE and FIELD=VALUE, joined by AND. In a value * matches
// anything. A field that ends in a dot matches every field with that prefix. A field that the sandbox can't
// search by is refused, not ignored.
func parseSearchTerms(query string, fields ...string) (searchTerms, error) {
	var found searchTerms
	for _, word := range strings.Fields(query) {
		if word == "AND" {
			continue
		}
		at := strings.IndexAny(word, ":=")
		if at < 1 || !knownField(word[:at], fields) {
			return nil, invalid("Query %q is not understood; the sandbox searches by %s, each FIELD:VALUE.", query, strings.Join(fields, ", "))
		}
		found = append(found, struct{ field, pattern string }{word[:at], strings.Trim(word[at+1:], `"`)})
	}
	return found, nil
}

func knownField(field string, fields []string) bool {
	for _, f := range fields {
		if f == field || (strings.HasSuffix(f, ".") && strings.HasPrefix(field, f)) {
			return true
		}
	}
	return false
}

func (t searchTerms) matches(value func(field string) string) bool {
	for _, term := range t {
		if !matchesPattern(term.pattern, value(term.field)) {
			return false
		}
	}
	return true
}

// matchesPattern ignores case. * matches anything, including slashes.
func matchesPattern(pattern, text string) bool {
	slashless := func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "/", "\x00") }
	ok, err := path.Match(slashless(pattern), slashless(text))
	return err == nil && ok
}
