package world

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// AccessBoundary is a principal access boundary policy, with what it is bound to. It takes away and never
// gives: its members are eligible to use some permissions on its resources, and on what is below them, alone.
type AccessBoundary struct {
	ID                 string   `yaml:"id"`
	Members            []string `yaml:"members"`
	Resources          []string `yaml:"resources"` // "projects/P", "folders/F", "organizations/O"
	EnforcementVersion int      `yaml:"enforcementVersion"`
}

const latestEnforcementVersion = 3

// blockedFromVersion1 are permissions that every enforcement version blocks. Those of
// Artifact Registry and of service accounts came with the third. Others that
// are asked for here are blocked by none: the update of a job, and all of worker
// pools and instances (iam-facts 12.8).
var blockedFromVersion1 = []string{
	"run.services.create", "run.services.update",
	"run.jobs.create", "run.jobs.delete", "run.jobs.get", "run.jobs.list", "run.jobs.run",
}

// BlockedFrom is the enforcement version from which boundaries block a
// permission; 0 means none.
func BlockedFrom(permission string) int {
	switch {
	case slices.Contains(blockedFromVersion1, permission):
		return 1
	case strings.HasPrefix(permission, "artifactregistry.") || strings.HasPrefix(permission, "iam.serviceAccounts."):
		return 3
	}
	return 0
}

// Blocks reports whether the boundary is enforced for a permission at all.
func (b *AccessBoundary) Blocks(permission string) bool {
	from := BlockedFrom(permission)
	return from > 0 && b.EnforcementVersion >= from
}

// eligibility are where a member may use a permission.
type eligibility struct {
	restricted bool
	nodes      map[string]bool // full names of the eligible resources
}

// eligibilityOf adds up the boundaries of a member that block a permission.
func (w *World) eligibilityOf(member, permission string) *eligibility {
	found := &eligibility{}
	for _, b := range w.AccessBoundaries {
		if !b.Blocks(permission) || !w.boundaryBinds(b, member) {
			continue
		}
		if !found.restricted {
			found.restricted, found.nodes = true, map[string]bool{}
		}
		for _, r := range b.Resources {
			found.nodes[w.Canonical(fullNodeName(r))] = true
		}
	}
	return found
}

// withinBoundaries reports whether the checker's member may use its permission on a resource at all, given
// the resource and all above it. That is asked before deny and allow policies.
func (a *Authorizer) withinBoundaries(chain []string) bool {
	if a.eligibility == nil {
		a.eligibility = a.world.eligibilityOf(a.member, a.permission)
	}
	return !a.eligibility.restricted || slices.ContainsFunc(chain, func(full string) bool { return a.eligibility.nodes[full] })
}

// boundaryBinds reports whether a boundary is bound to a member. Google binds none to service agents.
func (w *World) boundaryBinds(b *AccessBoundary, member string) bool {
	return !isServiceAgent(member) && slices.ContainsFunc(b.Members, func(m string) bool {
		return w.boundaryMemberMatches(m, member)
	})
}

// boundaryMemberMatches reads the members of allow policies, the principals of deny policies
// and whole sets.
func (w *World) boundaryMemberMatches(bound, member string) bool {
	return w.memberMatches(bound, member) || w.principalMatches(bound, member) || w.inNodeSet(member, bound)
}

func isServiceAgent(member string) bool {
	email, ok := strings.CutPrefix(member, "serviceAccount:")
	return ok && agentOwner(email) != ""
}

var (
	nodeSetForm = regexp.MustCompile(`^principalSet://cloudresourcemanager\.googleapis\.com/((projects|folders|organizations)/[^/]+)$`)
	// projectPrincipalForm is an agent identity, or one of a workload identity pool.
	projectPrincipalForm = regexp.MustCompile(`^principal://(?:agents\.global\.[^/]+/resources/[a-z]+|iam\.googleapis\.com)/(projects/[^/]+)/locations/`)
)

// inNodeSet reports whether a member belongs to a whole project, folder or organization. That includes the
// service accounts, workload identities and agent identities of its projects, and the people of the
// organization's domain.
func (w *World) inNodeSet(member, set string) bool {
	m := nodeSetForm.FindStringSubmatch(set)
	if m == nil {
		return false
	}
	if o := w.Organization; o != nil && m[1] == o.Name() && strings.HasPrefix(member, "user:") {
		return inDomain(member, o.DisplayName)
	}
	if own := projectPrincipalForm.FindStringSubmatch(member); own != nil {
		return slices.Contains(w.ancestors(own[1]), w.Canonical(fullNodeName(m[1]))) || w.Canonical(fullNodeName(own[1])) == w.Canonical(fullNodeName(m[1]))
	}
	return w.isAccountBelow(member, m[1], "ServiceAccount")
}

// BoundaryBindsFor is whether a boundary is bound to a member, as the asker may
// know it.
func (w *World) BoundaryBindsFor(viewer Viewer, b *AccessBoundary, member string) Knowledge {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if isServiceAgent(member) {
		return No
	}
	found := No
	for _, m := range b.Members {
		group, isGroup := strings.CutPrefix(m, "principalSet://goog/group/")
		switch {
		case isGroup:
			found = AnyOf(found, w.inGroupFor(viewer, member, group, nil))
		case strings.HasPrefix(m, "group:"):
			found = AnyOf(found, w.memberMatchesFor(viewer, m, member))
		default:
			found = AnyOf(found, fromBool(w.boundaryMemberMatches(m, member)))
		}
	}
	return found
}

// validateBoundary wants what the API takes: identities and sets of them, and nodes of
// the hierarchy. One without a resource would block nothing: Google enforces
// no policy without a rule.
func (v *validator) validateBoundary(key string, b *AccessBoundary) {
	v.requireUnique(key+".id", "access boundary", b.ID)
	for i, m := range b.Members {
		other := isPublic(m) || m == "principalSet://goog/public:all" || strings.HasPrefix(m, "deleted:") || strings.HasPrefix(m, "project")
		if other || !ValidMember(m) {
			v.errorf(fmt.Sprintf("%s.members[%d]", key, i), "%q can't be bound to a boundary; expected something like user:dev@example.com, serviceAccount:EMAIL or principalSet://cloudresourcemanager.googleapis.com/projects/my-project", m)
		}
	}
	if len(b.Resources) == 0 {
		v.errorf(key+".resources", "the boundary has no resources; expected projects/ID, folders/ID or organizations/ID")
	}
	for i, r := range b.Resources {
		if !v.nodeExists(r) {
			v.errorf(fmt.Sprintf("%s.resources[%d]", key, i), "%q is not in this file; expected projects/ID, folders/ID or organizations/ID of one that is", r)
		}
	}
	if b.EnforcementVersion < 1 || b.EnforcementVersion > latestEnforcementVersion {
		v.errorf(key+".enforcementVersion", "%d is no enforcement version; expected 1 to %d", b.EnforcementVersion, latestEnforcementVersion)
	}
}
