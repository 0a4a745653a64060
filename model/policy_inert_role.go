package model

import (
	"fmt"
	"strings"
)

// InertBinding is a binding that would give a permission if its role were in force (iam-facts 12.2).
type InertBinding struct {
	Evidence
	Deleted bool // the role was deleted; else it is DISABLED
}

// inertBindings lists the bindings on the levels that surely reach the principal and hold now, and whose role lists the
// permission without giving it.
func (q *evaluation) inertBindings(a Access, levels []Ancestor) (all []InertBinding) {
	for _, level := range levels {
		for _, b := range q.policy(level.Resource).Value.Bindings {
			member, _ := q.matchMembers(b, a.Principal)
			if member == "" { // whose roles are not looked at
				continue
			}
			b, hidden := b.splitHiddenCondition()
			role := q.role(b.Role).Value
			if !hidden && role.Inert() && role.Lists(a.Permission) && b.Condition.holds(a.Resource, q.s.Time) == yes {
				all = append(all, InertBinding{evidenceOf(level.Resource, b, member), role.Deleted})
			}
		}
	}
	return all
}

// stateText is what the role is, instead of in force.
func (r Role) stateText() string {
	if r.Deleted {
		return "was deleted"
	}
	return "is " + StageDisabled
}

// sentence names the near miss: the role would do, and does nothing.
func (i InertBinding) sentence() string {
	return fmt.Sprintf(" %s on %s holds the permission, but the role %s and gives nothing.", i.Role, Describe(i.Resource, nil),
		Role{Deleted: i.Deleted}.stateText())
}

// advice is how the role comes into force again. Everybody who holds it gets all that it lists.
func (i InertBinding) advice() string {
	owner, id, _ := strings.Cut(i.Role, "/roles/")
	scope := "--project=" + strings.TrimPrefix(owner, "projects/")
	if organization, ok := strings.CutPrefix(owner, "organizations/"); ok {
		scope = "--organization=" + organization
	}
	if i.Deleted {
		return "Undelete the role, if everybody who holds it may have it again: " + shellCommand("gcloud", "iam", "roles", "undelete", id, scope) + "."
	}
	return "Enable the role, if everybody who holds it may have it: " + shellCommand("gcloud", "iam", "roles", "update", id, scope, "--stage=GA") + "."
}

// firstInertText is the narrowest of them, as far as it has words: nothing if there is none.
func firstInertText(all []InertBinding, text func(InertBinding) string) string {
	if len(all) == 0 {
		return ""
	}
	return text(all[0])
}
