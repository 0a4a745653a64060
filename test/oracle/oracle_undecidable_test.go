package oracle

import (
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/world"
)

// isUndecidable reports whether an access depends on something that no policy shows: who is in a group, a domain or a principal
// set; the tags of a resource; a condition on what the resource is not known to have. It reads the world alone.
func (r oracle) isUndecidable(a access) bool {
	chain := r.world.Chain(a.resource)
	for _, full := range chain {
		for _, b := range r.bindings(full) {
			if r.roleGives(b, a.permission) && r.isDoubtful(b, a) {
				return true
			}
		}
	}
	return slices.ContainsFunc(r.world.DenyPolicies, func(d *world.DenyPolicy) bool {
		return slices.Contains(chain, world.FullName("cloudresourcemanager", d.AttachmentPoint)) && slices.ContainsFunc(d.Rules, func(rule world.DenyRule) bool {
			return isDoubtfulDeny(rule, a.permission)
		})
	})
}

func (r oracle) bindings(full string) []*iampb.Binding {
	policy, err := r.world.Policy(full, 3)
	if err != nil {
		return nil
	}
	return policy.Bindings
}

// roleGives: the role has the permission; the companion of an agent's role stands for that role.
func (r oracle) roleGives(b *iampb.Binding, permission string) bool {
	return r.world.RoleHas(b.Role, permission)
}

// isDoubtful reports whether reading alone can't decide if the binding reaches the principal, or holds.
func (r oracle) isDoubtful(b *iampb.Binding, a access) bool {
	reached := false
	for _, m := range b.Members {
		switch reach := r.match(m, a.who); reach {
		case matchUnclear:
			return true
		case matchSure:
			reached = true
		}
	}
	if strings.Contains(b.Role, "_withcond_") || r.policyV1 && b.Condition != nil {
		return reached
	}
	return reached && b.Condition != nil && isDoubtfulOn(clauseOf(b.Condition.Title).decidability, a.resource)
}

func isDoubtfulOn(n decidability, resource string) bool {
	return n == undecidable || n == decidableByKind && !strings.HasPrefix(resource, "//artifactregistry.")
}

// match is whether a member string stands for a principal, as far as anybody can tell.
type match int

const (
	matchNone match = iota
	matchSure
	matchUnclear
)

func (r oracle) match(member, who string) match {
	kind, rest, _ := strings.Cut(member, ":")
	switch {
	case kind == "deleted":
		return matchNone
	case kind == "group", kind == "domain", kind == "principalSet":
		return matchUnclear
	case member == who, kind == "allUsers", kind == "allAuthenticatedUsers":
		return matchSure
	case strings.HasPrefix(kind, "project"):
		return r.holdsBasic("roles/"+strings.ToLower(strings.TrimPrefix(kind, "project")), rest, who)
	}
	return matchNone
}

// holdsBasic follows projectEditor:P and its like to that project's policy.
func (r oracle) holdsBasic(role, project, who string) match {
	p := r.world.Project(project)
	if p == nil {
		return matchUnclear // nobody can read what is not there
	}
	found := matchNone
	for _, b := range r.bindings(world.FullName("cloudresourcemanager", p.Name())) {
		for _, m := range b.Members {
			if b.Role == role && !strings.HasPrefix(m, "project") {
				found = max(found, r.match(m, who))
			}
		}
	}
	return found
}

func isDoubtfulDeny(rule world.DenyRule, permission string) bool {
	matches := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return world.DenyPatternMatches(p, permission) })
	}
	if !matches(rule.DeniedPermissions) || matches(rule.ExceptionPermissions) {
		return false
	}
	isSet := func(principal string) bool {
		return strings.HasPrefix(principal, "principalSet://") && principal != "principalSet://goog/public:all"
	}
	return rule.Condition != "" || slices.ContainsFunc(rule.DeniedPrincipals, isSet) || slices.ContainsFunc(rule.ExceptionPrincipals, isSet)
}
