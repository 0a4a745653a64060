package world

import (
	"slices"
	"strings"
)

// deniedAt reports whether a deny rule attached to that very resource takes the permission away. Deny comes
// before allow: no binding helps against it.
func (w *World) deniedAt(full, member, permission string) bool {
	for _, d := range w.index.denyPolicies[full] {
		for _, rule := range d.Rules {
			if w.ruleDenies(rule, member, permission) {
				return true
			}
		}
	}
	return false
}

// SetDenyPolicies puts other deny policies instead of the world's, while nobody asks it anything else.
func (w *World) SetDenyPolicies(policies []*DenyPolicy) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.DenyPolicies = policies
	w.indexDenyPolicies()
}

// DenyPoliciesAt gives the deny policies attached to a project, a folder or the
// organization (full name).
func (w *World) DenyPoliciesAt(full string) []*DenyPolicy {
	return w.index.denyPolicies[w.Canonical(full)]
}

func (w *World) ruleDenies(rule DenyRule, member, permission string) bool {
	wanted := permissionFQDN(permission)
	named := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return permissionPatternMatches(p, wanted) })
	}
	among := func(principals []string) bool {
		return slices.ContainsFunc(principals, func(p string) bool { return w.principalMatches(p, member) })
	}
	return named(rule.DeniedPermissions) && !named(rule.ExceptionPermissions) &&
		among(rule.DeniedPrincipals) && !among(rule.ExceptionPrincipals) &&
		w.denyConditionHolds(rule.Condition)
}

// permissionFQDN turns artifactregistry.repositories.get into the form of deny
// policies, artifactregistry.googleapis.com/repositories.get.
func permissionFQDN(permission string) string {
	service, rest, _ := strings.Cut(permission, ".")
	if service == "resourcemanager" {
		service = "cloudresourcemanager"
	}
	return service + ".googleapis.com/" + rest
}

// permissionPatternMatches also reads permission groups: SERVICE/RESOURCE.*,
// SERVICE/*.VERB and SERVICE/*.* (the page "Deny policies"), and SERVICE/* for
// the last of them.
func permissionPatternMatches(pattern, permission string) bool {
	service, group, _ := strings.Cut(pattern, "/")
	resource, verb, hasVerb := strings.Cut(group, ".")
	if !hasVerb {
		verb = resource
	}
	wantedService, wanted, _ := strings.Cut(permission, "/")
	wantedResource, wantedVerb, _ := strings.Cut(wanted, ".")
	return service == wantedService && (resource == "*" || resource == wantedResource) && (verb == "*" || verb == wantedVerb)
}

// principalMatches reads the principals of deny policies, as the page "Principal
// identifiers" has them. Deleted ones are nobody.
func (w *World) principalMatches(principal, member string) bool {
	if principal == "principalSet://goog/public:all" {
		return true
	}
	if email, ok := strings.CutPrefix(principal, "principal://goog/subject/"); ok {
		return sameMember("user:"+email, member)
	}
	if customer, ok := strings.CutPrefix(principal, "principalSet://goog/cloudIdentityCustomerId/"); ok {
		return w.inCustomer(member, customer)
	}
	if email, ok := strings.CutPrefix(principal, "principalSet://goog/group/"); ok {
		return w.inGroup(member, email, nil)
	}
	if email, ok := strings.CutPrefix(principal, "principal://iam.googleapis.com/projects/-/serviceAccounts/"); ok {
		return sameMember("serviceAccount:"+email, member)
	}
	if strings.HasPrefix(principal, "principalSet://") {
		return w.inPrincipalSet(member, principal)
	}
	return principal == member
}
