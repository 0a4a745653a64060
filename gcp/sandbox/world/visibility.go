package world

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/type/expr"
)

// Knowledge is a yes or no as one member may know it.
type Knowledge int

// Conditional depends on what the question leaves open, Hidden on what the
// asker may not see.
const (
	No Knowledge = iota
	Conditional
	Hidden
	Yes
)

func fromBool(yes bool) Knowledge {
	if yes {
		return Yes
	}
	return No
}

// Not turns yes into no; what is not known stays so.
func (t Knowledge) Not() Knowledge {
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
func AnyOf(parts ...Knowledge) Knowledge { return slices.Max(append(parts, No)) }

// AllOf is true when every part is; one part that is known to be false ends it.
func AllOf(parts ...Knowledge) Knowledge {
	for _, t := range []Knowledge{No, Hidden, Conditional} {
		if slices.Contains(parts, t) {
			return t
		}
	}
	return Yes
}

// Viewer is who wants to know, and the moment of asking.
type Viewer struct {
	Member string
	At     time.Time
}

// ConditionContext are what a question says about the access apart from who, what and
// where; empty parts are left open, or follow from the resource.
type ConditionContext struct {
	Time                time.Time
	Service, Name, Type string
}

// MemberMatchesFor is whether a member string of an allow policy stands for the
// member, as the asker may know it.
func (w *World) MemberMatchesFor(viewer Viewer, bound, member string) Knowledge {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.memberMatchesFor(viewer, bound, member)
}

func (w *World) memberMatchesFor(viewer Viewer, bound, member string) Knowledge {
	kind, rest, _ := strings.Cut(bound, ":")
	switch kind {
	case "group":
		return w.inGroupFor(viewer, member, rest, nil)
	case "projectOwner", "projectEditor", "projectViewer":
		return w.holdsBasicRoleFor(viewer, member, "roles/"+strings.ToLower(strings.TrimPrefix(kind, "project")), rest)
	case "principalSet":
		return w.inPrincipalSetFor(viewer, member, bound)
	}
	return fromBool(w.memberMatches(bound, member))
}

// PrincipalMatchesFor is the same for a principal of a deny policy.
func (w *World) PrincipalMatchesFor(viewer Viewer, principal, member string) Knowledge {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if email, ok := strings.CutPrefix(principal, "principalSet://goog/group/"); ok {
		return w.inGroupFor(viewer, member, email, nil)
	}
	if strings.HasPrefix(principal, nodeSetPrefix) {
		return w.inPrincipalSetFor(viewer, member, principal)
	}
	return fromBool(w.principalMatches(principal, member))
}

// inGroupFor goes only through groups whose members the asker may read; a
// group outside the world is one that nobody may.
func (w *World) inGroupFor(viewer Viewer, member, email string, visited []string) Knowledge {
	g := w.index.groups[emailKey(email)]
	if g != nil && slices.Contains(visited, g.Email) {
		return No
	}
	if g == nil || !w.anyMemberMatches(g.VisibleTo, viewer.Member) {
		return Hidden
	}
	visited = append(visited, g.Email)
	found := No
	for _, m := range g.Members {
		if nested, ok := strings.CutPrefix(m, "group:"); ok {
			found = AnyOf(found, w.inGroupFor(viewer, member, nested, visited))
		}
		found = AnyOf(found, fromBool(sameMember(m, member)))
	}
	return found
}

func (w *World) holdsBasicRoleFor(viewer Viewer, member, role, project string) Knowledge {
	name := w.Canonical(fullNodeName("projects/" + project))
	if !w.allowed(viewer.Member, "resourcemanager.projects.getIamPolicy", name, viewer.At) {
		return Hidden
	}
	found := No
	for _, b := range w.effectiveBindings(name) {
		if b.Role != role || b.Condition != nil {
			continue
		}
		for _, m := range b.Members {
			if !strings.HasPrefix(m, "project") {
				found = AnyOf(found, w.memberMatchesFor(viewer, m, member))
			}
		}
	}
	return found
}

// inPrincipalSetFor knows the accounts below a node for those who may get every
// project there.
func (w *World) inPrincipalSetFor(viewer Viewer, member, set string) Knowledge {
	rest, ok := strings.CutPrefix(set, nodeSetPrefix)
	if ok && strings.HasPrefix(member, "serviceAccount:") {
		name, _, _ := strings.Cut(rest, "/type/")
		if !w.allowed(viewer.Member, "resourcemanager.projects.get", fullNodeName(name), viewer.At) {
			return Hidden
		}
	}
	return fromBool(w.inPrincipalSet(member, set))
}

// RoleHasFor is whether a role gives the permission. Predefined roles are open
// to all.
func (w *World) RoleHasFor(viewer Viewer, role, permission string) Knowledge {
	owner, _, custom := strings.Cut(role, "/roles/")
	if custom && !w.Allowed(viewer.Member, "iam.roles.get", fullNodeName(owner), viewer.At) {
		return Hidden
	}
	return fromBool(w.RoleHas(role, permission))
}

var readsRequest = regexp.MustCompile(`\brequest\b`)

// EvaluateCondition decides the condition of a binding by what is said about the access. A condition that
// reads the request is open if nothing is said about the request.
func (w *World) EvaluateCondition(c *expr.Expr, resource string, given ConditionContext) Knowledge {
	if c == nil {
		return Yes
	}
	condition := w.compile(c.Expression)
	if condition.program == nil || (readsRequest.MatchString(c.Expression) && given.Time.IsZero()) {
		return Conditional
	}
	result, ok := w.evaluateFor(c.Expression, resource, given)
	if !ok && !condition.typeChecks {
		return Conditional
	}
	return fromBool(ok && result) // what the resource does not have never grants
}

// EvaluateDenyCondition decides the condition of a deny rule. It can only speak of
// tags, about which nothing is said.
func (w *World) EvaluateDenyCondition(expression string) Knowledge {
	if expression == "" {
		return Yes
	}
	result, ok := w.evaluate(expression, map[string]any{"request": map[string]any{}, "resource": map[string]any{}})
	if !ok {
		return Conditional
	}
	return fromBool(result)
}

// DenyPatternMatches reports whether a deny rule's pattern covers a permission
// (artifactregistry.repositories.get).
func DenyPatternMatches(pattern, permission string) bool {
	return permissionPatternMatches(pattern, permissionFQDN(permission))
}

// PermissionFQDN spells a permission as deny policies do.
func PermissionFQDN(permission string) string { return permissionFQDN(permission) }

// Chain gives the full names of a resource and of all it inherits from,
// nearest first; nothing when its project is not in the world.
func (w *World) Chain(full string) []string { return w.chain(full) }
