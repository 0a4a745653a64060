package sandbox

import (
	"context"
	"fmt"
	"strings"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/roles"
	"whopulls/gcp/sandbox/world"
)

// iamAdmin serves google.iam.admin.v1.IAM: roles and service accounts.
type iamAdmin struct {
	adminpb.UnimplementedIAMServer
	*core
}

const (
	maxRolePage    = 1000
	maxAccountPage = 100
)

// GetRole gives a predefined role to everybody. It gives a custom role to callers that may read roles in its
// project or organization.
func (s *iamAdmin) GetRole(ctx context.Context, r *adminpb.GetRoleRequest) (*adminpb.Role, error) {
	if strings.HasPrefix(r.Name, "roles/") {
		role, ok := roles.Get(r.Name)
		if !ok {
			return nil, notFound(world.FullName("iam", r.Name))
		}
		return predefinedRoleProto(role, true), nil
	}
	owner, _, ok := strings.Cut(r.Name, "/roles/")
	if !ok {
		return nil, invalid("Role name %q is not valid; expected roles/ROLE, projects/P/roles/ROLE or organizations/O/roles/ROLE.", r.Name)
	}
	if err := s.requirePermission(ctx, "iam.roles.get", fullNodeName(owner)); err != nil {
		return nil, err
	}
	_, name, _ := strings.Cut(strings.TrimPrefix(s.world.Canonical(world.FullName("iam", r.Name)), "//"), "/")
	role := s.world.CustomRole(name)
	if role == nil {
		return nil, notFound(world.FullName("iam", r.Name))
	}
	return customRoleProto(role, true), nil
}

func predefinedRoleProto(r roles.Role, withPermissions bool) *adminpb.Role {
	m := &adminpb.Role{Name: r.Name, Title: r.Title, Etag: []byte(uid(r.Name)[:8]),
		Stage: adminpb.Role_RoleLaunchStage(adminpb.Role_RoleLaunchStage_value[r.Stage])}
	if withPermissions {
		m.IncludedPermissions = r.Permissions
	}
	return m
}

func customRoleProto(r *world.CustomRole, withPermissions bool) *adminpb.Role {
	m := &adminpb.Role{Name: r.Name, Title: r.Title, Etag: []byte(uid(r.Name)[:8]), Stage: r.LaunchStage(), Deleted: r.Deleted}
	if withPermissions {
		m.IncludedPermissions = r.IncludedPermissions
	}
	return m
}

// ListRoles lists the predefined roles or, with a parent, the parent's custom roles. It includes deleted
// roles only on request. The full view has the permissions.
func (s *iamAdmin) ListRoles(ctx context.Context, r *adminpb.ListRolesRequest) (*adminpb.ListRolesResponse, error) {
	all, err := s.listRoles(ctx, r)
	if err != nil {
		return nil, err
	}
	part, next, err := readPage(listOf(all), r.PageSize, r.PageToken, fmt.Sprint("roles ", r.Parent, r.View, r.ShowDeleted), maxRolePage)
	if err != nil {
		return nil, err
	}
	return &adminpb.ListRolesResponse{Roles: part, NextPageToken: next}, nil
}

func (s *iamAdmin) listRoles(ctx context.Context, r *adminpb.ListRolesRequest) ([]*adminpb.Role, error) {
	var all []*adminpb.Role
	withPermissions := r.View == adminpb.RoleView_FULL
	if r.Parent == "" {
		for _, role := range roles.All() {
			all = append(all, predefinedRoleProto(role, withPermissions))
		}
		return all, nil
	}
	if err := s.requirePermission(ctx, "iam.roles.list", fullNodeName(r.Parent)); err != nil {
		return nil, err
	}
	_, owner, _ := strings.Cut(strings.TrimPrefix(s.world.Canonical(fullNodeName(r.Parent)), "//"), "/")
	for _, role := range s.world.CustomRolesOf(owner, r.ShowDeleted) {
		all = append(all, customRoleProto(role, withPermissions))
	}
	return all, nil
}

// findAccount finds a service account for a caller with that permission on it. With projects/- a missing
// account is refused, because its project is not known.
func (s *iamAdmin) findAccount(ctx context.Context, permission, name string) (*world.ServiceAccount, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "projects" || parts[2] != "serviceAccounts" {
		return nil, invalid("Name %q is not valid; expected projects/P/serviceAccounts/EMAIL.", name)
	}
	if err := s.requirePermission(ctx, permission, world.FullName("iam", name)); err != nil {
		return nil, err
	}
	a := s.world.ServiceAccount(parts[1], parts[3])
	if a == nil {
		return nil, notFound(world.FullName("iam", name))
	}
	return a, nil
}

func accountProto(a *world.ServiceAccount) *adminpb.ServiceAccount {
	return &adminpb.ServiceAccount{
		Name: a.Name(), ProjectId: a.Project.ID, UniqueId: a.UniqueID(), Email: a.Email, DisplayName: a.DisplayName,
		Oauth2ClientId: a.UniqueID(), Disabled: a.Disabled,
	}
}

func (s *iamAdmin) GetServiceAccount(ctx context.Context, r *adminpb.GetServiceAccountRequest) (*adminpb.ServiceAccount, error) {
	a, err := s.findAccount(ctx, "iam.serviceAccounts.get", r.Name)
	if err != nil {
		return nil, err
	}
	return accountProto(a), nil
}

// ListServiceAccounts lists a project's own accounts. Service agents are not among them: they are in Google's
// projects.
func (s *iamAdmin) ListServiceAccounts(ctx context.Context, r *adminpb.ListServiceAccountsRequest) (*adminpb.ListServiceAccountsResponse, error) {
	id, err := parseID(r.Name, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "iam.serviceAccounts.list", fullNodeName(r.Name)); err != nil {
		return nil, err
	}
	part, next, err := readPage(listOf(s.world.Project(id).ServiceAccounts), r.PageSize, r.PageToken, "accounts "+r.Name, maxAccountPage)
	if err != nil {
		return nil, err
	}
	answer := &adminpb.ListServiceAccountsResponse{NextPageToken: next}
	for _, a := range part {
		answer.Accounts = append(answer.Accounts, accountProto(a))
	}
	return answer, nil
}

func (s *iamAdmin) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	const permission = "iam.serviceAccounts.getIamPolicy"
	a, err := s.findAccount(ctx, permission, r.Resource)
	if err != nil {
		return nil, err
	}
	return s.getPolicy(ctx, world.FullName("iam", a.Name()), permission, r)
}

func (s *iamAdmin) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	const permission = "iam.serviceAccounts.setIamPolicy"
	a, err := s.findAccount(ctx, permission, r.Resource)
	if err != nil {
		return nil, err
	}
	return s.setPolicy(ctx, world.FullName("iam", a.Name()), permission, r)
}

func (s *iamAdmin) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testPermissions(ctx, world.FullName("iam", r.Resource), r)
}
