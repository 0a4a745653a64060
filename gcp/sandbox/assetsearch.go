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

// SearchAllIamPolicies gives, for each resource, the bindings that fit every
// part of the query.
func (s *assets) SearchAllIamPolicies(ctx context.Context, r *assetpb.SearchAllIamPoliciesRequest) (*assetpb.SearchAllIamPoliciesResponse, error) {
	if err := s.ask(ctx, "searchAllIamPolicies", r.Scope); err != nil {
		return nil, err
	}
	query, err := readQuery(r.Query, r.OrderBy, "policy", "policy.role.permissions", "roles", "resource", "memberTypes")
	if err != nil {
		return nil, err
	}
	wanted, err := assetTypes(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	asker := world.Asker{Member: caller(ctx), At: time.Now()}
	found := refined(s.within(r.Scope, wanted, time.Time{}), func(a asset) bool {
		return slices.ContainsFunc(s.world.Bindings(a.full), func(b *iampb.Binding) bool { return s.fits(asker, query, a, b) })
	})
	scope := "policies " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := page(found, max(r.PageSize, 0), r.PageToken, scope, searchPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.SearchAllIamPoliciesResponse{NextPageToken: next}
	for _, a := range part {
		policy, err := s.world.Policy(a.full, 3)
		if err != nil {
			continue // deleted meanwhile
		}
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b *iampb.Binding) bool { return !s.fits(asker, query, a, b) })
		result := &assetpb.IamPolicySearchResult{Resource: a.name, AssetType: a.kind, Policy: policy, Explanation: explain(query, policy)}
		result.Project, result.Folders, result.Organization = nodesOf(a)
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

// SearchAllResources searches by words and by name, the text of an asset's
// full name.
func (s *assets) SearchAllResources(ctx context.Context, r *assetpb.SearchAllResourcesRequest) (*assetpb.SearchAllResourcesResponse, error) {
	if err := s.ask(ctx, "searchAllResources", r.Scope); err != nil {
		return nil, err
	}
	query, err := readQuery(r.Query, r.OrderBy, "name")
	if err != nil {
		return nil, err
	}
	wanted, err := assetTypes(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	found := refined(s.within(r.Scope, wanted, time.Time{}), func(a asset) bool {
		return query.holds(func(t *assetTerm) bool { return t.in(a.name) })
	})
	scope := "resources " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := page(found, max(r.PageSize, 0), r.PageToken, scope, searchPage)
	if err != nil {
		return nil, err
	}
	answer := &assetpb.SearchAllResourcesResponse{NextPageToken: next}
	for _, a := range part {
		result := &assetpb.ResourceSearchResult{
			Name: a.name, AssetType: a.kind, Location: locationIn(a.full), ParentFullResourceName: s.parentOf(a),
			DisplayName: a.full[strings.LastIndex(a.full, "/")+1:],
		}
		result.Project, result.Folders, result.Organization = nodesOf(a)
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

func nodesOf(a asset) (project string, folders []string, organization string) {
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

// fits says whether a binding and the resource it is on fit a query. Roles
// that the caller may not read hold no permission that could be found.
func (s *assets) fits(asker world.Asker, query assetQuery, a asset, b *iampb.Binding) bool {
	return query.holds(func(t *assetTerm) bool {
		switch t.field {
		case "policy":
			return t.inBinding(b)
		case "policy.role.permissions":
			return s.world.SeenRole(asker, b.Role, t.value) == world.Yes
		case "roles":
			return t.in(b.Role)
		case "resource":
			return t.in(a.name)
		case "memberTypes":
			return slices.ContainsFunc(b.Members, func(m string) bool { return t.in(memberType(m)) })
		}
		return t.inBinding(b) || t.in(a.name)
	})
}

// inBinding looks at role, members and condition.
func (t *assetTerm) inBinding(b *iampb.Binding) bool {
	return t.in(b.Role) || slices.ContainsFunc(b.Members, t.in) || t.in(b.GetCondition().GetTitle()) || t.in(b.GetCondition().GetExpression())
}

// memberType is the kind of a member as memberTypes is searched by. Google's
// pages show only kinds like "user". Public code searches for
// memberTypes:deleted beside the other kinds, so it is taken to be a word of
// the kind that a deleted member has; what else is in there is not known.
func memberType(member string) string {
	kind, rest, _ := strings.Cut(member, ":")
	if kind == "deleted" {
		was, _, _ := strings.Cut(rest, ":")
		return kind + ":" + was
	}
	return kind
}

// explain names the permissions asked for that each role holds.
func explain(query assetQuery, p *iampb.Policy) *assetpb.IamPolicySearchResult_Explanation {
	var asked []string
	query.each(func(t *assetTerm) {
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
