package sandbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/world"
)

// SearchAllIamPolicies gives the bindings of each resource that match every part of the query.
func (s *assets) SearchAllIamPolicies(ctx context.Context, r *assetpb.SearchAllIamPoliciesRequest) (*assetpb.SearchAllIamPoliciesResponse, error) {
	if err := s.authorize(ctx, "searchAllIamPolicies", r.Scope); err != nil {
		return nil, err
	}
	query, err := parseAssetQuery(r.Query, r.OrderBy, "policy", "policy.role.permissions", "roles", "resource", "memberTypes")
	if err != nil {
		return nil, err
	}
	wanted, err := assetTypeFilter(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	viewer := world.Viewer{Member: caller(ctx), At: time.Now()}
	found := filterList(s.listScope(r.Scope, wanted, time.Time{}), func(a asset) bool {
		return slices.ContainsFunc(s.world.Bindings(a.full), func(b *iampb.Binding) bool { return s.bindingMatches(viewer, query, a, b) })
	})
	scope := "policies " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := readPage(found, max(r.PageSize, 0), r.PageToken, scope, maxSearchPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.SearchAllIamPoliciesResponse{NextPageToken: next}
	for _, a := range part {
		policy, err := s.world.Policy(a.full, 3)
		if err != nil {
			continue // it was deleted in the meantime
		}
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b *iampb.Binding) bool { return !s.bindingMatches(viewer, query, a, b) })
		result := &assetpb.IamPolicySearchResult{Resource: a.name, AssetType: a.assetType, Policy: policy, Explanation: explainPermissions(query, policy)}
		result.Project, result.Folders, result.Organization = splitAncestors(a)
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

// SearchAllResources searches by words, and by name, which is the asset's full name.
func (s *assets) SearchAllResources(ctx context.Context, r *assetpb.SearchAllResourcesRequest) (*assetpb.SearchAllResourcesResponse, error) {
	if err := s.authorize(ctx, "searchAllResources", r.Scope); err != nil {
		return nil, err
	}
	query, err := parseAssetQuery(r.Query, r.OrderBy, "name")
	if err != nil {
		return nil, err
	}
	wanted, err := assetTypeFilter(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	found := filterList(s.listScope(r.Scope, wanted, time.Time{}), func(a asset) bool {
		return query.matches(func(t *assetTerm) bool { return t.matches(a.name) })
	})
	scope := "resources " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := readPage(found, max(r.PageSize, 0), r.PageToken, scope, maxSearchPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.SearchAllResourcesResponse{NextPageToken: next}
	for _, a := range part {
		result := &assetpb.ResourceSearchResult{
			Name: a.name, AssetType: a.assetType, Location: locationFromName(a.full), ParentFullResourceName: s.parentOf(a),
			DisplayName: a.full[strings.LastIndex(a.full, "/")+1:],
		}
		result.Project, result.Folders, result.Organization = splitAncestors(a)
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

func splitAncestors(a asset) (project string, folders []string, organization string) {
	for _, name := range a.ancestors {
		switch kind, _, _ := strings.Cut(name, "/"); kind {
		case "projects":
			project = name
		case "folders":
			folders = append(folders, name)
		default:
			organization = name
		}
	}
	return project, folders, organization
}

// bindingMatches reports whether a binding and its resource match a query. The permissions of a role that the
// caller may not read can't be searched.
func (s *assets) bindingMatches(viewer world.Viewer, query assetQuery, a asset, b *iampb.Binding) bool {
	return query.matches(func(t *assetTerm) bool {
		switch t.field {
		case "policy":
			return t.matchesBinding(b)
		case "policy.role.permissions":
			return s.world.RoleHasFor(viewer, b.Role, t.value) == world.Yes
		case "roles":
			return t.matches(b.Role)
		case "resource":
			return t.matches(a.name)
		case "memberTypes":
			return slices.ContainsFunc(b.Members, func(m string) bool { return t.matches(memberType(m)) })
		}
		return t.matchesBinding(b) || t.matches(a.name)
	})
}

// matchesBinding looks at role, members and condition.
func (t *assetTerm) matchesBinding(b *iampb.Binding) bool {
	return t.matches(b.Role) || slices.ContainsFunc(b.Members, t.matches) || t.matches(b.GetCondition().GetTitle()) || t.matches(b.GetCondition().GetExpression())
}

// memberType is the kind of a member, as the field memberTypes has it. Google's pages show only kinds like
// "user". Public code also searches for memberTypes:deleted, so a deleted member has that word here. What
// else the field holds then is not known.
func memberType(member string) string {
	kind, rest, _ := strings.Cut(member, ":")
	if kind == "deleted" {
		was, _, _ := strings.Cut(rest, ":")
		return kind + ":" + was
	}
	return kind
}

// explainPermissions gives, for each role, which of the requested permissions it has.
func explainPermissions(query assetQuery, p *iampb.Policy) *assetpb.IamPolicySearchResult_Explanation {
	var asked []string
	query.eachTerm(func(t *assetTerm) {
		if t.field == "policy.role.permissions" {
			asked = append(asked, t.value)
		}
	})
	if len(asked) == 0 {
		return nil
	}
	m := &assetpb.IamPolicySearchResult_Explanation{MatchedPermissions: map[string]*assetpb.IamPolicySearchResult_Explanation_Permissions{}}
	for _, b := range p.Bindings {
		m.MatchedPermissions[b.Role] = &assetpb.IamPolicySearchResult_Explanation_Permissions{Permissions: asked}
	}
	return m
}
