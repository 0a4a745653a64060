package world

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// AccessBoundary is a principal access boundary policy, with whom it is bound
// to. It takes away and never gives: its members are eligible to use some
// permissions on its resources, and on what lies beneath them, alone.
type AccessBoundary struct {
	ID                 string   `yaml:"id"`
	Members            []string `yaml:"members"`
	Resources          []string `yaml:"resources"` // "projects/P", "folders/F", "organizations/O"
	EnforcementVersion int      `yaml:"enforcementVersion"`
}

const newestEnforcement = 3

// boundaryFirst are permissions that every enforcement version blocks. Those of
// Artifact Registry and of service accounts came with the third. Others that
// are asked for here are blocked by none: the update of a job, and all of worker
// pools and instances (iam-facts 12.8).
var boundaryFirst = []string{
	"run.services.create", "run.services.update",
	"run.jobs.create", "run.jobs.delete", "run.jobs.get", "run.jobs.list", "run.jobs.run",
}

// BlockedFrom is the enforcement version from which boundaries block a
// permission; 0 is none.
func BlockedFrom(permission string) int {
	switch {
	case slices.Contains(boundaryFirst, permission):
		return 1
	case strings.HasPrefix(permission, "artifactregistry.") || strings.HasPrefix(permission, "iam.serviceAccounts."):
		return 3
	}
	return 0
}

// Blocks says whether the boundary is enforced for a permission at all.
func (b *AccessBoundary) Blocks(permission string) bool {
	from := BlockedFrom(permission)
	return from > 0 && b.EnforcementVersion >= from
}

// bounds are where a member may use a permission.
type bounds struct {
	bound bool
	nodes map[string]bool // full names of the eligible resources
}

// boundsOf adds up the boundaries of a member that block a permission.
func (w *World) boundsOf(member, permission string) *bounds {
	found := &bounds{}
	for _, b := range w.AccessBoundaries {
		if !b.Blocks(permission) || !w.bindsTo(b, member) {
			continue
		}
		if !found.bound {
			found.bound, found.nodes = true, map[string]bool{}
		}
		for _, r := range b.Resources {
			found.nodes[w.Canonical(node(r))] = true
		}
	}
	return found
}

// within says whether the checker's member may use its permission on a resource
// at all, given the resource and all above it. That is asked before deny and
// allow policies.
func (c *Checker) within(chain []string) bool {
	if c.bounds == nil {
		c.bounds = c.world.boundsOf(c.member, c.permission)
	}
	return !c.bounds.bound || slices.ContainsFunc(chain, func(full string) bool { return c.bounds.nodes[full] })
}

// bindsTo says whether a boundary is bound to a member. Google binds none to
// service agents.
func (w *World) bindsTo(b *AccessBoundary, member string) bool {
	return !isAgent(member) && slices.ContainsFunc(b.Members, func(m string) bool {
		return w.boundAs(m, member)
	})
}

// boundAs reads the members of allow policies, the principals of deny policies
// and whole sets.
func (w *World) boundAs(bound, member string) bool {
	return w.matches(bound, member) || w.matchesV2(bound, member) || w.inWholeSet(member, bound)
}

func isAgent(member string) bool {
	email, ok := strings.CutPrefix(member, "serviceAccount:")
	return ok && agentOwner(email) != ""
}

var (
	wholeSet = regexp.MustCompile(`^principalSet://cloudresourcemanager\.googleapis\.com/((projects|folders|organizations)/[^/]+)$`)
	// ownPrincipal is an agent identity, or one of a workload identity pool.
	ownPrincipal = regexp.MustCompile(`^principal://(?:agents\.global\.[^/]+/resources/[a-z]+|iam\.googleapis\.com)/(projects/[^/]+)/locations/`)
)

// inWholeSet says whether a member belongs to a whole project, folder or
// organization: the service accounts, workload identities and agent identities
// of the projects in it, and the people of the organization's domain.
func (w *World) inWholeSet(member, set string) bool {
	m := wholeSet.FindStringSubmatch(set)
	if m == nil {
		return false
	}
	if o := w.Organization; o != nil && m[1] == o.Name() && strings.HasPrefix(member, "user:") {
		return inDomain(member, o.DisplayName)
	}
	if own := ownPrincipal.FindStringSubmatch(member); own != nil {
		return slices.Contains(w.ancestors(own[1]), w.Canonical(node(m[1]))) || w.Canonical(node(own[1])) == w.Canonical(node(m[1]))
	}
	return w.isAccountBelow(member, m[1], "ServiceAccount")
}

// SeenBoundary is whether a boundary is bound to a member, as the asker may
// know it.
func (w *World) SeenBoundary(a Asker, b *AccessBoundary, member string) Truth {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if isAgent(member) {
		return No
	}
	found := No
	for _, m := range b.Members {
		group, isGroup := strings.CutPrefix(m, "principalSet://goog/group/")
		switch {
		case isGroup:
			found = AnyOf(found, w.seenInGroup(a, member, group, nil))
		case strings.HasPrefix(m, "group:"):
			found = AnyOf(found, w.seenMember(a, m, member))
		default:
			found = AnyOf(found, known(w.boundAs(m, member)))
		}
	}
	return found
}

// boundary wants what the API takes: identities and sets of them, and nodes of
// the hierarchy. One without a resource would block nothing: Google enforces
// no policy without a rule.
func (c *checker) boundary(key string, b *AccessBoundary) {
	c.unique(key+".id", "access boundary", b.ID)
	for i, m := range b.Members {
		other := isPublic(m) || m == "principalSet://goog/public:all" || strings.HasPrefix(m, "deleted:") || strings.HasPrefix(m, "project")
		if other || !ValidMember(m) {
			c.fail(fmt.Sprintf("%s.members[%d]", key, i), "%q can't be bound to a boundary; expected something like user:dev@example.com, serviceAccount:EMAIL or principalSet://cloudresourcemanager.googleapis.com/projects/my-project", m)
		}
	}
	if len(b.Resources) == 0 {
		c.fail(key+".resources", "the boundary has no resources; expected projects/ID, folders/ID or organizations/ID")
	}
	for i, r := range b.Resources {
		if !c.isNode(r) {
			c.fail(fmt.Sprintf("%s.resources[%d]", key, i), "%q is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is", r)
		}
	}
	if b.EnforcementVersion < 1 || b.EnforcementVersion > newestEnforcement {
		c.fail(key+".enforcementVersion", "%d is no enforcement version; expected 1 to %d", b.EnforcementVersion, newestEnforcement)
	}
}
