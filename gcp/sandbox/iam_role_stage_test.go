package sandbox_test

import (
	"fmt"
	"testing"

	ar "cloud.google.com/go/artifactregistry/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"
	admin "cloud.google.com/go/iam/admin/apiv1"
	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	troubleshooter "cloud.google.com/go/policytroubleshooter/iam/apiv3"
	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/api/iterator"
)

// stagesWorld has a repository for each custom role that dev holds on it.
const stagesWorld = `
caller: user:dev@example.com
roles:
  - {name: projects/src/roles/working, stage: DEPRECATED, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
  - {name: projects/src/roles/resting, stage: DISABLED, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
  - {name: projects/src/roles/gone, deleted: true, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
projects:
  - id: src
    number: "22"
    services: [artifactregistry.googleapis.com, cloudasset.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [
      {role: roles/iam.roleViewer, members: ["user:dev@example.com"]},
      {role: roles/iam.securityReviewer, members: ["user:dev@example.com"]},
      {role: roles/cloudasset.viewer, members: ["user:dev@example.com"]}]}
    repositories:
      - {location: us, id: working, policy: {bindings: [{role: projects/src/roles/working, members: ["user:dev@example.com"]}]}}
      - {location: us, id: resting, policy: {bindings: [{role: projects/src/roles/resting, members: ["user:dev@example.com"]}]}}
      - {location: us, id: gone, policy: {bindings: [{role: projects/src/roles/gone, members: ["user:dev@example.com"]}]}}
`

// TestStagesOfRoles holds that every part that shows a role or decides by one
// agrees about what it gives.
func TestStagesOfRoles(t *testing.T) {
	s := startYAML(t, stagesWorld)
	ctx := t.Context()
	roles := must(admin.NewIamClient(ctx, dial(t, s, iamHost, "")))(t)
	repositories := must(ar.NewClient(ctx, dial(t, s, "artifactregistry.googleapis.com", "")))(t)
	explained := must(troubleshooter.NewPolicyTroubleshooterClient(ctx, dial(t, s, tsHost, "")))(t)
	search := &assetpb.SearchAllIamPoliciesRequest{Scope: "projects/src", Query: "policy.role.permissions:" + pullPermission, AssetTypes: []string{"artifactregistry.*"}}
	found := map[string]bool{}
	for _, r := range all(t, assetClient(t, s, "").SearchAllIamPolicies(ctx, search), iterator.Done) {
		found[r.Resource] = true
	}
	for _, c := range []struct {
		id      string
		stage   adminpb.Role_RoleLaunchStage
		deleted bool
		gives   bool
	}{
		{"working", adminpb.Role_DEPRECATED, false, true},
		{"resting", adminpb.Role_DISABLED, false, false},
		{"gone", adminpb.Role_GA, true, false},
	} {
		t.Run(c.id, func(t *testing.T) {
			role := must(roles.GetRole(ctx, &adminpb.GetRoleRequest{Name: "projects/src/roles/" + c.id}))(t)
			if role.Stage != c.stage || role.Deleted != c.deleted || len(role.IncludedPermissions) != 1 {
				t.Errorf("role %s is %v", c.id, role)
			}
			name := "projects/src/locations/us/repositories/" + c.id
			held := must(repositories.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: name, Permissions: []string{pullPermission}}))(t)
			if got := len(held.Permissions) == 1; got != c.gives {
				t.Errorf("%s: testIamPermissions says %v, want %v", c.id, got, c.gives)
			}
			full := "//artifactregistry.googleapis.com/" + name
			if found[full] != c.gives {
				t.Errorf("%s: the search by permission finds it: %v, want %v", c.id, found[full], c.gives)
			}
			why := must(explained.TroubleshootIamPolicy(ctx, &ts.TroubleshootIamPolicyRequest{
				AccessTuple: &ts.AccessTuple{Principal: "dev@example.com", FullResourceName: full, Permission: pullPermission}}))(t)
			state := ts.RolePermissionInclusionState_ROLE_PERMISSION_NOT_INCLUDED
			if c.gives {
				state = ts.RolePermissionInclusionState_ROLE_PERMISSION_INCLUDED
			}
			binding := why.AllowPolicyExplanation.ExplainedPolicies[0].BindingExplanations[0]
			if binding.RolePermission != state || (binding.AllowAccessState == ts.AllowAccessState_ALLOW_ACCESS_STATE_GRANTED) != c.gives {
				t.Errorf("%s: explained as %s, %s; want %s", c.id, binding.RolePermission, binding.AllowAccessState, state)
			}
		})
	}
}

func TestListRolesLeavesDeletedOnesOut(t *testing.T) {
	s := startYAML(t, stagesWorld)
	c := must(admin.NewIamClient(t.Context(), dial(t, s, iamHost, "")))(t)
	for _, r := range []struct {
		shown bool
		want  int
	}{{false, 2}, {true, 3}} {
		t.Run(fmt.Sprintf("showDeleted=%t", r.shown), func(t *testing.T) {
			list := must(c.ListRoles(t.Context(), &adminpb.ListRolesRequest{Parent: "projects/src", ShowDeleted: r.shown}))(t)
			if len(list.Roles) != r.want {
				t.Errorf("showDeleted=%v: %d roles, want %d", r.shown, len(list.Roles), r.want)
			}
		})
	}
}
