package world

import (
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/roles"
)

// Allowed decides as IAM does whether the member holds the permission on the resource at that time. A deny
// rule that applies refuses it. Otherwise one binding that gives the permission is enough, on the resource or
// on a level above it. The resource is a full name (//SERVICE.googleapis.com/…).
func (w *World) Allowed(member, permission, fullResourceName string, at time.Time) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.allowed(member, permission, fullResourceName, at)
}

func (w *World) allowed(member, permission, resource string, at time.Time) bool {
	return w.NewAuthorizer(member, permission, at).allowed(resource)
}

// effectiveBindings are those that decide now.
func (w *World) effectiveBindings(full string) []*iampb.Binding {
	if s := w.policies[full]; s != nil {
		return w.effectivePolicy(s).Bindings
	}
	return nil
}

// RoleHas reports whether a binding of a predefined or custom role gives the permission.
func (w *World) RoleHas(role, permission string) bool {
	if r, ok := roles.Get(role); ok {
		return r.Has(permission)
	}
	if r := w.CustomRole(role); r != nil {
		return r.grants(permission)
	}
	return false
}

func (w *World) anyMemberMatches(bound []string, member string) bool {
	return slices.ContainsFunc(bound, func(b string) bool { return w.memberMatches(b, member) })
}

// memberMatches reports whether the identity `member` is among those that the member string of a binding
// stands for.
func (w *World) memberMatches(bound, member string) bool {
	kind, rest, _ := strings.Cut(bound, ":")
	switch kind {
	case "deleted":
		return false // bindings of a deleted principal serve nobody, a namesake neither
	case "allUsers":
		return true
	case "allAuthenticatedUsers":
		return isGoogleAccount(member)
	case "domain":
		return inDomain(member, rest)
	case "group":
		return w.inGroup(member, rest, nil)
	case "projectOwner", "projectEditor", "projectViewer":
		return w.holdsBasicRole(member, "roles/"+strings.ToLower(strings.TrimPrefix(kind, "project")), rest)
	case "principalSet":
		return w.inPrincipalSet(member, bound)
	}
	return sameMember(bound, member)
}

// isGoogleAccount leaves out federated identities (principal://…), which
// allAuthenticatedUsers does not cover.
func isGoogleAccount(member string) bool {
	return strings.HasPrefix(member, "user:") || strings.HasPrefix(member, "serviceAccount:")
}

// inGroup looks through nested groups; seen keeps groups that contain each
// other from being followed for ever.
func (w *World) inGroup(member, email string, visited []string) bool {
	g := w.index.groups[emailKey(email)]
	if g == nil || slices.Contains(visited, g.Email) {
		return false
	}
	visited = append(visited, g.Email)
	for _, m := range g.Members {
		nested, isGroup := strings.CutPrefix(m, "group:")
		if sameMember(m, member) || (isGroup && w.inGroup(member, nested, visited)) {
			return true
		}
	}
	return false
}

// holdsBasicRole answers for projectOwner:P and its like: who holds that basic role in the project's own
// policy. Convenience values inside that policy are ignored, they would only point back at it.
func (w *World) holdsBasicRole(member, role, project string) bool {
	p := w.Project(project)
	if p == nil {
		return false
	}
	for _, b := range w.effectiveBindings(fullNodeName(p.Name())) {
		members := slices.DeleteFunc(slices.Clone(b.Members), func(m string) bool { return strings.HasPrefix(m, "project") })
		if b.Role == role && b.Condition == nil && w.anyMemberMatches(members, member) {
			return true
		}
	}
	return false
}
