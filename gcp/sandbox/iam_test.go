package sandbox_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	admin "cloud.google.com/go/iam/admin/apiv1"
	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	deny "cloud.google.com/go/iam/apiv2"
	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/sandbox"
)

const iamHost = "iam.googleapis.com"

// lockedWorld has custom roles, a deny policy and somebody who may list deny
// policies but not read them.
const lockedWorld = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com}
roles:
  - {name: projects/my-project/roles/puller, title: Puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
  - {name: organizations/1/roles/auditor, includedPermissions: [iam.roles.list]}
denyPolicies:
  - id: no-pulls
    attachmentPoint: projects/my-project
    rules:
      - deniedPrincipals: ["principalSet://goog/public:all"]
        exceptionPrincipals: ["principal://goog/subject/dev@example.com"]
        deniedPermissions: [artifactregistry.googleapis.com/repositories.downloadArtifacts]
        condition: resource.matchTag('1/env', 'prod')
projects:
  - id: my-project
    number: "42"
    parent: organizations/1
    policy: {bindings: [
      {role: roles/owner, members: ["user:dev@example.com"]},
      {role: roles/iam.securityReviewer, members: ["user:reviewer@example.com"]}]}
    serviceAccounts: [{accountId: one}, {accountId: two, disabled: true}, {accountId: three}]
`

func startLocked(t *testing.T) *sandbox.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "locked.yaml")
	if err := os.WriteFile(file, []byte(lockedWorld), 0o600); err != nil {
		t.Fatal(err)
	}
	return startWorld(t, file)
}

func TestRoles(t *testing.T) {
	s := startLocked(t)
	ctx := t.Context()
	c := must(admin.NewIamClient(ctx, dial(t, s, iamHost, nobody)))(t)
	reader := must(c.GetRole(ctx, &adminpb.GetRoleRequest{Name: "roles/artifactregistry.reader"}))(t)
	if reader.Title != "Artifact Registry Reader" || !slices.Contains(reader.IncludedPermissions, "artifactregistry.repositories.downloadArtifacts") {
		t.Errorf("the reader role is %v", reader)
	}
	_, err := c.GetRole(ctx, &adminpb.GetRoleRequest{Name: "roles/made.up"})
	wantCode(t, "a role that is not known", err, codes.NotFound)
	_, err = c.GetRole(ctx, &adminpb.GetRoleRequest{Name: "projects/my-project/roles/puller"})
	wantCode(t, "a stranger's look at a custom role", err, codes.PermissionDenied)

	own := must(admin.NewIamClient(ctx, dial(t, s, iamHost, "")))(t)
	for _, name := range []string{"projects/my-project/roles/puller", "projects/42/roles/puller"} {
		t.Run(name, func(t *testing.T) {
			if got := must(own.GetRole(ctx, &adminpb.GetRoleRequest{Name: name}))(t); got.Name != "projects/my-project/roles/puller" || len(got.IncludedPermissions) != 1 {
				t.Errorf("%s is %v", name, got)
			}
		})
	}
	_, err = own.GetRole(ctx, &adminpb.GetRoleRequest{Name: "projects/my-project/roles/none"})
	wantCode(t, "a custom role that is not there", err, codes.NotFound)
	_, err = own.GetRole(ctx, &adminpb.GetRoleRequest{Name: "organizations/1/roles/auditor"})
	wantCode(t, "a role of the organization", err, codes.PermissionDenied)
	if list := must(own.ListRoles(ctx, &adminpb.ListRolesRequest{Parent: "projects/my-project"}))(t); len(list.Roles) != 1 {
		t.Errorf("the project's roles are %v", list.Roles)
	}
	pages, names, next := 0, map[string]bool{}, ""
	for pages == 0 || next != "" {
		list := must(own.ListRoles(ctx, &adminpb.ListRolesRequest{PageSize: 100, PageToken: next}))(t)
		if len(list.Roles) > 100 || len(list.Roles[0].IncludedPermissions) > 0 {
			t.Errorf("page %d has %d roles; the basic view shows no permissions", pages, len(list.Roles))
		}
		for _, r := range list.Roles {
			names[r.Name] = true
		}
		pages, next = pages+1, list.NextPageToken
	}
	if pages < 3 || !names["roles/owner"] || !names["roles/run.invoker"] {
		t.Errorf("%d roles on %d pages", len(names), pages)
	}
	_, err = own.ListRoles(ctx, &adminpb.ListRolesRequest{PageToken: "1"})
	wantCode(t, "a made-up page token", err, codes.InvalidArgument)
}

func TestServiceAccounts(t *testing.T) {
	s := startLocked(t)
	ctx := t.Context()
	c := must(admin.NewIamClient(ctx, dial(t, s, iamHost, "")))(t)
	list := all(t, c.ListServiceAccounts(ctx, &adminpb.ListServiceAccountsRequest{Name: "projects/my-project", PageSize: 2}), iterator.Done)
	if len(list) != 3 || list[0].Email != "one@my-project.iam.gserviceaccount.com" || !list[1].Disabled {
		t.Fatalf("the accounts are %v", list)
	}
	for _, name := range []string{list[0].Name, "projects/-/serviceAccounts/" + list[0].Email, "projects/42/serviceAccounts/" + list[0].UniqueId} {
		t.Run(name, func(t *testing.T) {
			if got := must(c.GetServiceAccount(ctx, &adminpb.GetServiceAccountRequest{Name: name}))(t); got.Name != list[0].Name {
				t.Errorf("%s is %v", name, got)
			}
		})
	}
	_, err := c.GetServiceAccount(ctx, &adminpb.GetServiceAccountRequest{Name: "projects/my-project/serviceAccounts/none@my-project.iam.gserviceaccount.com"})
	wantCode(t, "a missing account of a known project", err, codes.NotFound)
	_, err = c.GetServiceAccount(ctx, &adminpb.GetServiceAccountRequest{Name: "projects/-/serviceAccounts/none@my-project.iam.gserviceaccount.com"})
	wantCode(t, "a missing account of any project", err, codes.PermissionDenied)

	policy := must(c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: list[0].Name}))(t)
	policy.Add("user:new@example.com", "roles/iam.serviceAccountUser")
	must(c.SetIamPolicy(ctx, &admin.SetIamPolicyRequest{Resource: list[0].Name, Policy: policy}))(t)
	_, err = c.SetIamPolicy(ctx, &admin.SetIamPolicyRequest{Resource: list[0].Name, Policy: policy})
	wantCode(t, "the same etag again", err, codes.Aborted)
	again := must(c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: list[0].Name}))(t)
	if !again.HasRole("user:new@example.com", "roles/iam.serviceAccountUser") {
		t.Errorf("the policy is %v", again.InternalProto)
	}
	other := must(admin.NewIamClient(ctx, dial(t, s, iamHost, "user:new@example.com")))(t)
	held := must(other.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: list[0].Name, Permissions: []string{"iam.serviceAccounts.actAs", "iam.serviceAccounts.setIamPolicy"}}))(t)
	if len(held.Permissions) != 1 || held.Permissions[0] != "iam.serviceAccounts.actAs" {
		t.Errorf("the new member holds %v", held.Permissions)
	}
}

func TestDenyPolicies(t *testing.T) {
	s := startLocked(t)
	ctx := t.Context()
	const parent = "policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fmy-project/denypolicies"
	c := must(deny.NewPoliciesClient(ctx, dial(t, s, iamHost, "")))(t)
	list := all(t, c.ListPolicies(ctx, &denypb.ListPoliciesRequest{Parent: parent}), iterator.Done)
	if len(list) != 1 || list[0].Name != parent+"/no-pulls" || len(list[0].Rules) != 0 {
		t.Fatalf("a list shows policies without rules, here %v", list)
	}
	rule := must(c.GetPolicy(ctx, &denypb.GetPolicyRequest{Name: list[0].Name}))(t).Rules[0].GetDenyRule()
	if rule.DeniedPrincipals[0] != "principalSet://goog/public:all" || rule.DenialCondition.Expression == "" {
		t.Errorf("the rule is %v", rule)
	}
	reviewer := must(deny.NewPoliciesClient(ctx, dial(t, s, iamHost, "user:reviewer@example.com")))(t)
	if n := len(all(t, reviewer.ListPolicies(ctx, &denypb.ListPoliciesRequest{Parent: parent}), iterator.Done)); n != 1 {
		t.Errorf("a reviewer lists %d, want 1", n)
	}
	_, err := reviewer.GetPolicy(ctx, &denypb.GetPolicyRequest{Name: list[0].Name})
	wantCode(t, "a reviewer's look at the rules", err, codes.PermissionDenied)
	_, err = c.GetPolicy(ctx, &denypb.GetPolicyRequest{Name: parent + "/none"})
	wantCode(t, "a policy that is not there", err, codes.NotFound)
}
