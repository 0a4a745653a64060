package sandbox

import (
	"context"
	"regexp"
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
	query, err := assetQuery(r.Query, r.OrderBy, "policy", "policy.role.permissions", "roles", "resource", "memberTypes")
	if err != nil {
		return nil, err
	}
	list, err := s.within(r.Scope, r.AssetTypes)
	if err != nil {
		return nil, err
	}
	var found []*assetpb.IamPolicySearchResult
	for _, a := range list {
		policy, err := s.world.Policy(a.full, 3)
		if err != nil {
			continue // no policy of its own
		}
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b *iampb.Binding) bool { return !s.fits(ctx, query, a, b) })
		if len(policy.Bindings) == 0 {
			continue
		}
		result := &assetpb.IamPolicySearchResult{Resource: a.name, AssetType: a.kind, Policy: policy, Explanation: explain(query, policy)}
		result.Project, result.Folders, result.Organization = nodesOf(a)
		found = append(found, result)
	}
	scope := "policies " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := page(found, r.PageSize, r.PageToken, scope, searchPage)
	if err != nil {
		return nil, err
	}
	return &assetpb.SearchAllIamPoliciesResponse{Results: part, NextPageToken: next}, nil
}

// SearchAllResources searches by words and by name, the text of an asset's
// full name.
func (s *assets) SearchAllResources(ctx context.Context, r *assetpb.SearchAllResourcesRequest) (*assetpb.SearchAllResourcesResponse, error) {
	if err := s.ask(ctx, "searchAllResources", r.Scope); err != nil {
		return nil, err
	}
	query, err := assetQuery(r.Query, r.OrderBy, "name")
	if err != nil {
		return nil, err
	}
	list, err := s.within(r.Scope, r.AssetTypes)
	if err != nil {
		return nil, err
	}
	var found []*assetpb.ResourceSearchResult
	for _, a := range list {
		if slices.ContainsFunc(query, func(t assetTerm) bool { return !holdsText(a.name, t.value) }) {
			continue
		}
		result := &assetpb.ResourceSearchResult{
			Name: a.name, AssetType: a.kind, Location: locationIn(a.full), ParentFullResourceName: s.parentOf(a),
			DisplayName: a.full[strings.LastIndex(a.full, "/")+1:],
		}
		result.Project, result.Folders, result.Organization = nodesOf(a)
		found = append(found, result)
	}
	scope := "resources " + r.Scope + " " + r.Query + " " + strings.Join(r.AssetTypes, " ")
	part, next, err := page(found, r.PageSize, r.PageToken, scope, searchPage)
	if err != nil {
		return nil, err
	}
	return &assetpb.SearchAllResourcesResponse{Results: part, NextPageToken: next}, nil
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

// assetTerm is one part of a query; a bare word has no field.
type assetTerm struct{ field, value string }

var queryWord = regexp.MustCompile(`(?:([A-Za-z.]+):)?("[^"]*"|\S+)`)

// assetQuery reads FIELD:VALUE and bare words, all of which must hold. What
// the sandbox cannot search by is refused, not passed over.
func assetQuery(query, orderBy string, fields ...string) ([]assetTerm, error) {
	if orderBy != "" {
		return nil, invalid("The sandbox does not order results; leave order_by empty.")
	}
	var found []assetTerm
	for _, m := range queryWord.FindAllStringSubmatch(query, -1) {
		field, value := m[1], strings.Trim(m[2], `"`)
		if field != "" && !slices.Contains(fields, field) {
			if !slices.Contains([]string{"user", "serviceAccount", "group", "domain", "deleted"}, field) {
				return nil, invalid("Query %q is not understood; the sandbox searches by %s, each FIELD:VALUE, and by words.", query, strings.Join(fields, ", "))
			}
			field, value = "", field+":"+value // a member is a word too
		}
		if value == "OR" || value == "NOT" || strings.ContainsAny(value, "()") || strings.HasPrefix(value, "-") {
			return nil, invalid("Query %q is not understood; the sandbox knows no OR, NOT or parentheses.", query)
		}
		if value != "AND" {
			found = append(found, assetTerm{field, value})
		}
	}
	return found, nil
}

func holdsText(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(strings.TrimSuffix(part, "*")))
}

// fits says whether a binding and the resource it is on fit every term. Roles
// that the caller may not read hold no permission that could be found.
func (s *assets) fits(ctx context.Context, query []assetTerm, a asset, b *iampb.Binding) bool {
	asker := world.Asker{Member: caller(ctx), At: time.Now()}
	text := strings.Join(append([]string{b.Role, b.Condition.GetTitle(), b.Condition.GetExpression()}, b.Members...), "\n")
	for _, t := range query {
		var ok bool
		switch t.field {
		case "policy":
			ok = holdsText(text, t.value)
		case "policy.role.permissions":
			ok = s.world.SeenRole(asker, b.Role, t.value) == world.Yes
		case "roles":
			ok = holdsText(b.Role, t.value)
		case "resource":
			ok = holdsText(a.name, t.value)
		case "memberTypes":
			ok = slices.ContainsFunc(b.Members, func(m string) bool {
				kind, _, _ := strings.Cut(m, ":")
				return strings.EqualFold(kind, t.value)
			})
		default:
			ok = holdsText(text, t.value) || holdsText(a.name, t.value)
		}
		if !ok {
			return false
		}
	}
	return true
}

// explain names the permissions asked for that each role holds.
func explain(query []assetTerm, p *iampb.Policy) *assetpb.IamPolicySearchResult_Explanation {
	var asked []string
	for _, t := range query {
		if t.field == "policy.role.permissions" {
			asked = append(asked, t.value)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	m := &assetpb.IamPolicySearchResult_Explanation{MatchedPermissions: map[string]*assetpb.IamPolicySearchResult_Explanation_Permissions{}}
	for _, b := range p.Bindings {
		m.MatchedPermissions[b.Role] = &assetpb.IamPolicySearchResult_Explanation_Permissions{Permissions: asked}
	}
	return m
}
