package world

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/expr"
)

// Truth is a yes or no as one member may know it.
type Truth int

// Conditional depends on what the question leaves open, Hidden on what the
// asker may not see.
const (
	No Truth = iota
	Conditional
	Hidden
	Yes
)

func known(yes bool) Truth {
	if yes {
		return Yes
	}
	return No
}

// Not turns yes into no; what is not known stays so.
func (t Truth) Not() Truth {
	switch t {
	case Yes:
		return No
	case No:
		return Yes
	}
	return t
}

// AnyOf is true when one part is; it is known to be false only when every part
// is.
func AnyOf(parts ...Truth) Truth { return slices.Max(append(parts, No)) }

// AllOf is true when every part is; one part that is known to be false ends it.
func AllOf(parts ...Truth) Truth {
	for _, t := range []Truth{No, Hidden, Conditional} {
		if slices.Contains(parts, t) {
			return t
		}
	}
	return Yes
}

// Asker is who wants to know, and the moment of asking.
type Asker struct {
	Member string
	At     time.Time
}

// Circumstances are what a question says about the access beside who, what and
// where; empty parts are left open, or follow from the resource.
type Circumstances struct {
	Time                time.Time
	Service, Name, Type string
}

// SeenMember is whether a member string of an allow policy stands for the
// member, as the asker may know it.
func (w *World) SeenMember(a Asker, bound, member string) Truth {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.seenMember(a, bound, member)
}

func (w *World) seenMember(a Asker, bound, member string) Truth {
	kind, rest, _ := strings.Cut(bound, ":")
	switch kind {
	case "group":
		return w.seenInGroup(a, member, rest, nil)
	case "projectOwner", "projectEditor", "projectViewer":
		return w.seenBasicRole(a, member, "roles/"+strings.ToLower(strings.TrimPrefix(kind, "project")), rest)
	case "principalSet":
		return w.seenInSet(a, member, bound)
	}
	return known(w.matches(bound, member))
}

// SeenPrincipal is the same for a principal of a deny policy.
func (w *World) SeenPrincipal(a Asker, principal, member string) Truth {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if email, ok := strings.CutPrefix(principal, "principalSet://goog/group/"); ok {
		return w.seenInGroup(a, member, email, nil)
	}
	if strings.HasPrefix(principal, resourceSets) {
		return w.seenInSet(a, member, principal)
	}
	return known(w.matchesV2(principal, member))
}

// seenInGroup goes only through groups whose members the asker may read; a
// group outside the world is one that nobody may.
func (w *World) seenInGroup(a Asker, member, email string, through []string) Truth {
	g := w.index.groups[mailKey(email)]
	if g != nil && slices.Contains(through, g.Email) {
		return No
	}
	if g == nil || !w.anyMatches(g.VisibleTo, a.Member) {
		return Hidden
	}
	through = append(through, g.Email)
	found := No
	for _, m := range g.Members {
		if nested, ok := strings.CutPrefix(m, "group:"); ok {
			found = AnyOf(found, w.seenInGroup(a, member, nested, through))
		}
		found = AnyOf(found, known(sameMember(m, member)))
	}
	return found
}

func (w *World) seenBasicRole(a Asker, member, role, project string) Truth {
	name := w.Canonical(node("projects/" + project))
	if !w.allowed(a.Member, "resourcemanager.projects.getIamPolicy", name, a.At) {
		return Hidden
	}
	found := No
	for _, b := range w.bindings(name) {
		if b.Role != role || b.Condition != nil {
			continue
		}
		for _, m := range b.Members {
			if !strings.HasPrefix(m, "project") {
				found = AnyOf(found, w.seenMember(a, m, member))
			}
		}
	}
	return found
}

// seenInSet knows the accounts below a node for those who may get every
// project there.
func (w *World) seenInSet(a Asker, member, set string) Truth {
	rest, ok := strings.CutPrefix(set, resourceSets)
	if ok && strings.HasPrefix(member, "serviceAccount:") {
		name, _, _ := strings.Cut(rest, "/type/")
		if !w.allowed(a.Member, "resourcemanager.projects.get", node(name), a.At) {
			return Hidden
		}
	}
	return known(w.inPrincipalSet(member, set))
}

// SeenRole is whether a role gives the permission. Predefined roles are open
// to all.
func (w *World) SeenRole(a Asker, role, permission string) Truth {
	owner, _, custom := strings.Cut(role, "/roles/")
	if custom && !w.Allowed(a.Member, "iam.roles.get", node(owner), a.At) {
		return Hidden
	}
	return known(w.RoleHas(role, permission))
}

var readsRequest = regexp.MustCompile(`\brequest\b`)

// SeenCondition decides the condition of a binding by what is said about the
// access: one that reads the request is open when nothing is said about it.
func (w *World) SeenCondition(c *expr.Expr, resource string, said Circumstances) Truth {
	if c == nil {
		return Yes
	}
	condition := w.compile(c.Expression)
	if condition.run == nil || (readsRequest.MatchString(c.Expression) && said.Time.IsZero()) {
		return Conditional
	}
	result, ok := w.evaluateFor(c.Expression, resource, said)
	if !ok && !condition.understood {
		return Conditional
	}
	return known(ok && result) // what the resource does not have never grants
}

// SeenDenyCondition decides the condition of a deny rule. It can only speak of
// tags, about which nothing is said.
func (w *World) SeenDenyCondition(expression string) Truth {
	if expression == "" {
		return Yes
	}
	result, ok := w.evaluate(expression, map[string]any{"request": map[string]any{}, "resource": map[string]any{}})
	if !ok {
		return Conditional
	}
	return known(result)
}

// DeniesPermission says whether a deny rule's pattern covers a permission
// (artifactregistry.repositories.get).
func DeniesPermission(pattern, permission string) bool {
	return permissionMatches(pattern, v2Permission(permission))
}

// DenyForm spells a permission as deny policies do.
func DenyForm(permission string) string { return v2Permission(permission) }

// Chain gives the full names of a resource and of all it inherits from,
// nearest first; nothing when its project is not in the world.
func (w *World) Chain(full string) []string { return w.chain(full) }
