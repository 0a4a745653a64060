package soundness

import (
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/world"
)

// involved tells whether something has a say in an access that can't be decided by reading policies, however much one
// may read: who is in a group, a domain or a principal set; what a resource is tagged with; a condition that tests what
// the resource is not known to have. It is told from the world alone.
func (r referee) involved(a access) bool {
	chain := r.world.Chain(a.resource)
	for _, full := range chain {
		for _, b := range r.bindings(full) {
			if r.gives(b, a.permission) && r.doubtful(b, a) {
				return true
			}
		}
	}
	return slices.ContainsFunc(r.world.DenyPolicies, func(d *world.DenyPolicy) bool {
		return slices.Contains(chain, world.Full("cloudresourcemanager", d.AttachmentPoint)) && slices.ContainsFunc(d.Rules, func(rule world.DenyRule) bool {
			return doubtfulDeny(rule, a.permission)
		})
	})
}

func (r referee) bindings(full string) []*iampb.Binding {
	policy, err := r.world.Policy(full, 3)
	if err != nil {
		return nil
	}
	return policy.Bindings
}

// gives: the role has the permission; the companion of an agent's role stands for that role.
func (r referee) gives(b *iampb.Binding, permission string) bool {
	return r.world.RoleHas(b.Role, permission)
}

// doubtful: reading alone can't tell whether the binding reaches the principal, or holds.
func (r referee) doubtful(b *iampb.Binding, a access) bool {
	reached := false
	for _, m := range b.Members {
		switch reach := r.reach(m, a.who); reach {
		case unclear:
			return true
		case reaches:
			reached = true
		}
	}
	if strings.Contains(b.Role, "_withcond_") || r.olden && b.Condition != nil {
		return reached
	}
	return reached && b.Condition != nil && doubtfulOn(clauseOf(b.Condition.Title).nature, a.resource)
}

func doubtfulOn(n nature, resource string) bool {
	return n == open || n == onKinds && !strings.HasPrefix(resource, "//artifactregistry.")
}

// reach is whether a member string stands for a principal, as far as anybody can tell.
type reach int

const (
	misses reach = iota
	reaches
	unclear
)

func (r referee) reach(member, who string) reach {
	kind, rest, _ := strings.Cut(member, ":")
	switch {
	case kind == "deleted":
		return misses
	case kind == "group", kind == "domain", kind == "principalSet":
		return unclear
	case member == who, kind == "allUsers", kind == "allAuthenticatedUsers":
		return reaches
	case strings.HasPrefix(kind, "project"):
		return r.holdsBasic("roles/"+strings.ToLower(strings.TrimPrefix(kind, "project")), rest, who)
	}
	return misses
}

// holdsBasic follows projectEditor:P and its like to that project's policy.
func (r referee) holdsBasic(role, project, who string) reach {
	p := r.world.Project(project)
	if p == nil {
		return unclear // nobody can read what is not there
	}
	found := misses
	for _, b := range r.bindings(world.Full("cloudresourcemanager", p.Name())) {
		for _, m := range b.Members {
			if b.Role == role && !strings.HasPrefix(m, "project") {
				found = max(found, r.reach(m, who))
			}
		}
	}
	return found
}

func doubtfulDeny(rule world.DenyRule, permission string) bool {
	names := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return world.DeniesPermission(p, permission) })
	}
	if !names(rule.DeniedPermissions) || names(rule.ExceptionPermissions) {
		return false
	}
	sets := func(principal string) bool {
		return strings.HasPrefix(principal, "principalSet://") && principal != "principalSet://goog/public:all"
	}
	return rule.Condition != "" || slices.ContainsFunc(rule.DeniedPrincipals, sets) || slices.ContainsFunc(rule.ExceptionPrincipals, sets)
}
