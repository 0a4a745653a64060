package world

import (
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// Checker decides about one permission of one member on many resources: what
// the folders and the organization above them say is found out once. It is for
// one request, since it does not see what is written later, and for one
// goroutine.
type Checker struct {
	world      *World
	member     string
	permission string
	at         time.Time
	levels     map[string]level // of folders and organizations
	bounds     *bounds          // of the member; nil before it is asked for
}

// level is what a resource's own policies and all above it say.
type level struct {
	denied      bool
	granted     bool             // whatever the resource's attributes are
	conditional []*iampb.Binding // that give the permission to the member on a condition
}

// Checker makes one for a member and a permission at that time.
func (w *World) Checker(member, permission string, at time.Time) *Checker {
	return &Checker{world: w, member: member, permission: permission, at: at, levels: map[string]level{}}
}

// Allowed is World.Allowed for a resource (full name).
func (c *Checker) Allowed(full string) bool {
	c.world.mu.RLock()
	defer c.world.mu.RUnlock()
	return c.allowed(full)
}

func (c *Checker) allowed(full string) bool {
	chain := c.world.chain(full)
	if len(chain) == 0 || !c.within(chain) {
		return false
	}
	found := c.level(chain)
	if found.denied || found.granted {
		return !found.denied
	}
	for _, b := range found.conditional {
		if c.world.holds(b.Condition, full, c.at) {
			return true
		}
	}
	return false
}

// level goes down a chain from its last name, the highest, to its first.
func (c *Checker) level(chain []string) level {
	if known, ok := c.levels[chain[0]]; ok {
		return known
	}
	var found level
	if len(chain) > 1 {
		found = c.level(chain[1:])
	}
	found.denied = found.denied || c.world.deniedAt(chain[0], c.member, c.permission)
	for _, b := range c.world.bindings(chain[0]) {
		switch {
		case found.granted || !c.world.RoleHas(b.Role, c.permission) || !c.world.anyMatches(b.Members, c.member):
		case b.Condition == nil:
			found.granted = true
		default:
			found.conditional = append(found.conditional[:len(found.conditional):len(found.conditional)], b)
		}
	}
	if c.world.holdsOthers(chain[0]) {
		c.levels[chain[0]] = found
	}
	return found
}

// holdsOthers says whether many resources may lie below a name: a folder or
// the organization.
func (w *World) holdsOthers(full string) bool {
	return w.index.containers[full]
}
