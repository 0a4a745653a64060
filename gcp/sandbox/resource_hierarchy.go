package sandbox

import (
	"context"

	"cloud.google.com/go/iam/apiv1/iampb"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// folders serves google.cloud.resourcemanager.v3.Folders.
type folders struct {
	crm.UnimplementedFoldersServer
	*core
}

func (s *folders) GetFolder(ctx context.Context, r *crm.GetFolderRequest) (*crm.Folder, error) {
	id, err := parseID(r.Name, "folders")
	if err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "resourcemanager.folders.get", fullNodeName(r.Name)); err != nil {
		return nil, err
	}
	return folderProto(s.world.Folder(id)), nil
}

func folderProto(f *world.Folder) *crm.Folder {
	created := timestamppb.New(world.DefaultTime)
	return &crm.Folder{
		Name: f.Name(), Parent: f.Parent, DisplayName: f.DisplayName, State: crm.Folder_ACTIVE,
		CreateTime: created, UpdateTime: created, Etag: `W/"` + f.ID + `"`,
	}
}

// SearchFolders finds the folders that the caller may get. The search itself needs no permission.
func (s *folders) SearchFolders(ctx context.Context, r *crm.SearchFoldersRequest) (*crm.SearchFoldersResponse, error) {
	terms, err := parseSearchTerms(r.Query, "displayName", "parent", "state", "lifecycleState")
	if err != nil {
		return nil, err
	}
	authorizer := s.newAuthorizer(ctx, "resourcemanager.folders.get")
	found := listFiltered(s.world.Folders, func(f *world.Folder) bool {
		return terms.matches(nodeFieldValue(f.DisplayName, f.Parent)) && authorizer.Allowed(fullNodeName(f.Name()))
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "folders "+r.Query, maxProjectPage)
	if err != nil {
		return nil, err
	}
	answer := &crm.SearchFoldersResponse{NextPageToken: next}
	for _, f := range part {
		answer.Folders = append(answer.Folders, folderProto(f))
	}
	return answer, nil
}

// nodeFieldValue gives the value of a search field of folders and organizations. Here they are always active.
func nodeFieldValue(displayName, parent string) func(string) string {
	return func(field string) string {
		switch field {
		case "displayName", "domain":
			return displayName
		case "parent":
			return parent
		}
		return "ACTIVE"
	}
}

func (s *folders) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.folders.getIamPolicy", r)
}

func (s *folders) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.folders.setIamPolicy", r)
}

func (s *folders) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testPermissions(ctx, fullNodeName(r.Resource), r)
}

// organizations serves google.cloud.resourcemanager.v3.Organizations.
type organizations struct {
	crm.UnimplementedOrganizationsServer
	*core
}

func (s *organizations) GetOrganization(ctx context.Context, r *crm.GetOrganizationRequest) (*crm.Organization, error) {
	if _, err := parseID(r.Name, "organizations"); err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "resourcemanager.organizations.get", fullNodeName(r.Name)); err != nil {
		return nil, err
	}
	return organizationProto(s.world.Organization), nil
}

func organizationProto(o *world.Organization) *crm.Organization {
	created := timestamppb.New(world.DefaultTime)
	return &crm.Organization{
		Name: o.Name(), DisplayName: o.DisplayName, State: crm.Organization_ACTIVE,
		CreateTime: created, UpdateTime: created, Etag: `W/"` + o.ID + `"`,
		Owner: &crm.Organization_DirectoryCustomerId{DirectoryCustomerId: o.CustomerID()},
	}
}

// SearchOrganizations finds the organizations that the caller may get. The search itself needs no permission.
func (s *organizations) SearchOrganizations(ctx context.Context, r *crm.SearchOrganizationsRequest) (*crm.SearchOrganizationsResponse, error) {
	terms, err := parseSearchTerms(r.Query, "domain", "displayName")
	if err != nil {
		return nil, err
	}
	var found []*crm.Organization
	o := s.world.Organization
	if o != nil && terms.matches(nodeFieldValue(o.DisplayName, "")) && s.requirePermission(ctx, "resourcemanager.organizations.get", fullNodeName(o.Name())) == nil {
		found = append(found, organizationProto(o))
	}
	part, next, err := readPage(listOf(found), r.PageSize, r.PageToken, "organizations "+r.Query, maxProjectPage)
	if err != nil {
		return nil, err
	}
	return &crm.SearchOrganizationsResponse{Organizations: part, NextPageToken: next}, nil
}

func (s *organizations) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.organizations.getIamPolicy", r)
}

func (s *organizations) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setPolicy(ctx, fullNodeName(r.Resource), "resourcemanager.organizations.setIamPolicy", r)
}

func (s *organizations) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testPermissions(ctx, fullNodeName(r.Resource), r)
}
