package sandbox_test

import (
	"fmt"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/sandbox"
)

const crmHost = "cloudresourcemanager.googleapis.com"

func TestProjects(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "")))(t)
	for _, name := range []string{"projects/myproject-a", "projects/111111111111"} {
		t.Run(name, func(t *testing.T) {
			p := must(c.GetProject(ctx, &crm.GetProjectRequest{Name: name}))(t)
			if p.Name != "projects/111111111111" || p.ProjectId != "myproject-a" || p.Parent != "folders/200000000001" || p.State != crm.Project_ACTIVE {
				t.Errorf("%s is %v", name, p)
			}
		})
	}
	found := all(t, c.SearchProjects(ctx, &crm.SearchProjectsRequest{Query: "state:ACTIVE", PageSize: 3}), iterator.Done)
	if len(found) < 10 {
		t.Errorf("the caller finds %d projects; the world has more", len(found))
	}
	for query, want := range map[string]int{"id:myproject-b": 1, "projectId:myproject-*": 2, "labels.env:shared AND state:ACTIVE": 1, "displayName:社内*": 1, "state:DELETE_REQUESTED": 1} {
		t.Run(query, func(t *testing.T) {
			if n := len(all(t, c.SearchProjects(ctx, &crm.SearchProjectsRequest{Query: query}), iterator.Done)); n != want {
				t.Errorf("%s finds %d, want %d", query, n, want)
			}
		})
	}
	_, err := c.SearchProjects(ctx, &crm.SearchProjectsRequest{Query: "colour:red"}).Next()
	wantCode(t, "a query that is not understood", err, codes.InvalidArgument)
	if n := len(all(t, c.ListProjects(ctx, &crm.ListProjectsRequest{Parent: "folders/200000000001"}), iterator.Done)); n != 4 {
		t.Errorf("folder apps lists %d active projects, want 4", n)
	}
}

// TestHiddenAndMissingLookAlike holds that a refusal does not reveal whether the
// thing is there.
func TestHiddenAndMissingLookAlike(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	stranger := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, nobody)))(t)
	for _, id := range []string{"myproject-a", "no-such-project"} {
		t.Run(id, func(t *testing.T) {
			_, err := stranger.GetProject(ctx, &crm.GetProjectRequest{Name: "projects/" + id})
			wantCode(t, id, err, codes.PermissionDenied)
			wantReason(t, err, "IAM_PERMISSION_DENIED", map[string]string{"permission": "resourcemanager.projects.get", "resource": "projects/" + id})
		})
	}
	if n := len(all(t, stranger.SearchProjects(ctx, &crm.SearchProjectsRequest{}), iterator.Done)); n != 0 {
		t.Errorf("a stranger finds %d projects", n)
	}
}

func TestProjectPolicy(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "")))(t)
	get := &iampb.GetIamPolicyRequest{Resource: "projects/myproject-b", Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: 3}}
	p := must(c.GetIamPolicy(ctx, get))(t)
	p.Bindings = append(p.Bindings, &iampb.Binding{Role: "roles/artifactregistry.reader", Members: []string{agentA}})
	must(c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: "projects/myproject-b", Policy: p}))(t)
	_, err := c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: "projects/myproject-b", Policy: p})
	wantCode(t, "the same etag again", err, codes.Aborted)
	held := must(c.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{
		Resource: "projects/myproject-b", Permissions: []string{"resourcemanager.projects.setIamPolicy", "iam.serviceAccounts.getAccessToken"},
	}))(t)
	if fmt.Sprint(held.Permissions) != "[resourcemanager.projects.setIamPolicy]" {
		t.Errorf("an owner holds %v", held.Permissions)
	}
}

func TestFoldersAndOrganizations(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	f := must(resourcemanager.NewFoldersClient(ctx, dial(t, s, crmHost, "")))(t)
	o := must(resourcemanager.NewOrganizationsClient(ctx, dial(t, s, crmHost, "")))(t)
	if got := must(f.GetFolder(ctx, &crm.GetFolderRequest{Name: "folders/200000000001"}))(t); got.DisplayName != "apps" || got.Parent != "organizations/100000000001" {
		t.Errorf("the folder is %v", got)
	}
	if n := len(all(t, f.SearchFolders(ctx, &crm.SearchFoldersRequest{PageSize: 1}), iterator.Done)); n != 3 {
		t.Errorf("found %d folders, want 3", n)
	}
	if got := must(o.GetOrganization(ctx, &crm.GetOrganizationRequest{Name: "organizations/100000000001"}))(t); got.DisplayName != "example.com" {
		t.Errorf("the organization is %v", got)
	}
	if n := len(all(t, o.SearchOrganizations(ctx, &crm.SearchOrganizationsRequest{Query: "domain:example.com"}), iterator.Done)); n != 1 {
		t.Errorf("found %d organizations, want 1", n)
	}
	policy := must(o.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "organizations/100000000001"}))(t)
	if len(policy.Bindings) != 3 {
		t.Errorf("the organization's policy is %v", policy)
	}
	must(f.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "folders/200000000001"}))(t)
	_, err := f.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: "folders/200000000001", Policy: &iampb.Policy{}})
	wantCode(t, "a reviewer's write", err, codes.PermissionDenied)
	_, err = f.GetFolder(ctx, &crm.GetFolderRequest{Name: "folders/999"})
	wantCode(t, "a missing folder", err, codes.PermissionDenied)
}
