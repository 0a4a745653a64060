package sandbox

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	wanted, err := assetTypes(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	found := refined(s.within(r.Scope, wanted), func(a asset) bool {
		return slices.ContainsFunc(s.world.Bindings(a.full), func(b *iampb.Binding) bool { return s.fits(ctx, query, a, b) })
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
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b *iampb.Binding) bool { return !s.fits(ctx, query, a, b) })
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
	query, err := assetQuery(r.Query, r.OrderBy, "name")
	if err != nil {
		return nil, err
	}
	wanted, err := assetTypes(r.AssetTypes)
	if err != nil {
		return nil, err
	}
	found := refined(s.within(r.Scope, wanted), func(a asset) bool {
		return !slices.ContainsFunc(query, func(t assetTerm) bool { return !holdsText(a.name, t.value) })
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

// holdsText looks for words as Cloud Asset does: whole ones, which whatever is
// no letter or digit ends, or with a last * their beginnings.
func holdsText(text, words string) bool {
	text, words = strings.ToLower(text), strings.ToLower(words)
	words, open := strings.CutSuffix(words, "*")
	for at := 0; ; at++ {
		found := strings.Index(text[at:], words)
		if found < 0 {
			return false
		}
		at += found
		end := at + len(words)
		if (at == 0 || !inWord(text[at-1])) && (open || end == len(text) || !inWord(text[end])) {
			return true
		}
	}
}

func inWord(b byte) bool {
	return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b >= utf8.RuneSelf
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
