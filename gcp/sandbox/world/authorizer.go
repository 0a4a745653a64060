package world

import (
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// Authorizer decides about one permission of one member on many resources: what
// the folders and the organization above them say is found out once. It is for
// one request, since it does not see what is written later, and for one
// goroutine.
type Authorizer struct {
	world       *World
	member      string
	permission  string
	at          time.Time
	decisions   map[string]decision // of folders and organizations
	eligibility *eligibility        // of the member; nil before it is asked for
}

// decision is what a resource's own policies and all above it say.
type decision struct {
	denied      bool
	granted     bool             // whatever the resource's attributes are
	conditional []*iampb.Binding // that give the permission to the member on a condition
}

// NewAuthorizer makes one for a member and a permission at that time.
func (w *World) NewAuthorizer(member, permission string, at time.Time) *Authorizer {
	return &Authorizer{world: w, member: member, permission: permission, at: at, decisions: map[string]decision{}}
}

// Allowed is World.Allowed for a resource (full name).
func (a *Authorizer) Allowed(full string) bool {
	a.world.mu.RLock()
	defer a.world.mu.RUnlock()
	return a.allowed(full)
}

func (a *Authorizer) allowed(full string) bool {
	chain := a.world.chain(full)
	if len(chain) == 0 || !a.withinBoundaries(chain) {
		return false
	}
	found := a.decide(chain)
	if found.denied || found.granted {
		return !found.denied
	}
	for _, b := range found.conditional {
		if a.world.conditionHolds(b.Condition, full, a.at) {
			return true
		}
	}
	return false
}

// decide goes down a chain from its last name, the highest, to its first.
func (a *Authorizer) decide(chain []string) decision {
	if known, ok := a.decisions[chain[0]]; ok {
		return known
	}
	var found decision
	if len(chain) > 1 {
		found = a.decide(chain[1:])
	}
	found.denied = found.denied || a.world.deniedAt(chain[0], a.member, a.permission)
	for _, b := range a.world.effectiveBindings(chain[0]) {
		switch {
		case found.granted || !a.world.RoleHas(b.Role, a.permission) || !a.world.anyMemberMatches(b.Members, a.member):
		case b.Condition == nil:
			found.granted = true
		default:
			found.conditional = append(found.conditional[:len(found.conditional):len(found.conditional)], b)
		}
	}
	if a.world.isContainer(chain[0]) {
		a.decisions[chain[0]] = found
	}
	return found
}

// isContainer reports whether many resources can be below a name: a folder or the organization.
func (w *World) isContainer(full string) bool {
	return w.index.containers[full]
}
