package model

import (
	"slices"
	"strings"

	"whopulls/text"
)

// tokenPermissions let an agent act as a service account. Cloud Run's uses them for the accounts that workloads run as, and
// for no others (iam-facts 1.4, 12.17): what runs shows whether they are needed.
var tokenPermissions = []Permission{PermActAs, PermGetAccessToken, "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.signBlob",
	"iam.serviceAccounts.signJwt", "iam.serviceAccounts.implicitDelegation"}

// isRunAgentRole tells the roles that make a service agent the Cloud Run agent of its project.
func isRunAgentRole(role string) bool { return role == RoleRunAgent || role == roleServerlessAgent }

// judgeRole compares what a role gives with what its agent uses it for. On a repository that is only reading.
// On a level above, everything below counts: the agent's own project and the accounts that its workloads run
// as. So do other permissions of the role, whose use is not checked. It reports whether something next to
// reading is known to need it.
func (q *evaluation) judgeRole(h *staleCandidate) (needed bool) {
	if h.Resource.Kind() != KindRepository {
		if q.neededInOwnProject(h) || q.neededForTokens(h) {
			return true
		}
		if beyond := unjudgedPermissions(h.role.Value); len(beyond) > 0 {
			h.markUnknown("it also gives " + permissionCountText(beyond) + ", and whopulls does not check what they are used for")
		}
	}
	reader := q.role(RoleReader)
	if h.role.Read() && reader.Read() && !roleIncludes(reader.Value, h.role.Value) {
		h.statuses.set(StaleExcessive, "It gives more than reading; "+RoleReader+" on "+Describe(h.Resource, nil)+" is enough.")
		h.Replace = RoleReader
	}
	return false
}

// neededInOwnProject: on a folder or an organization above its project the role may be what makes the agent one there.
func (q *evaluation) neededInOwnProject(h *staleCandidate) bool {
	if !isRunAgentRole(h.Role) || h.Resource.Project() != "" {
		return false
	}
	switch within, open := q.projectLiesBeneath(h.Owner, h.Resource); within {
	case no:
		return false
	case maybe:
		h.markUnknown("whether Cloud Run of project "+h.Owner+" works by it could not be seen", open)
		return false
	}
	home := ProjectResource(h.Owner)
	policy := q.policy(home)
	if !policy.Read() {
		h.markUnknown("whether Cloud Run of project "+h.Owner+" works by it could not be seen", q.unreadLevelGap(home, policy))
		return false
	}
	for _, b := range policy.Value.Bindings {
		if b, hidden := b.splitHiddenCondition(); isRunAgentRole(b.Role) && b.Condition == nil && !hidden && b.hasMember(h.Member) {
			return false
		}
	}
	h.statuses.set(StaleActive, "Cloud Run of project "+h.Owner+" works by it: nothing else that was read gives the agent its role there.")
	return true
}

// neededForTokens: by such a role the agent gets the tokens of the accounts below that its project's
// workloads run as.
func (q *evaluation) neededForTokens(h *staleCandidate) bool {
	if !slices.ContainsFunc(tokenPermissions, h.role.Value.Grants) {
		return false
	}
	uses, gaps := q.accountUses(h.agent, h.Owner, h.Resource)
	switch {
	case len(uses) > 0:
		h.Evidence = append(h.Evidence, uses...)
		h.statuses.set(StaleActive, "Workloads of project "+h.Owner+" run as accounts that it gives tokens of.")
		return true
	case len(gaps) > 0:
		h.markUnknown("whether workloads of project "+h.Owner+" run as accounts that it gives tokens of could not be seen", gaps...)
	}
	return false
}

// unjudgedPermissions are the permissions of a role whose use nothing here looks at. They are all but those
// of Artifact Registry, those for tokens, and those to see the project, which each Artifact Registry role has
// too.
func unjudgedPermissions(r Role) []Permission {
	return slices.DeleteFunc(slices.Clone(r.Permissions), func(p Permission) bool {
		return strings.HasPrefix(string(p), "artifactregistry.") || p == PermGetProject || p == "resourcemanager.projects.list" ||
			slices.Contains(tokenPermissions, p)
	})
}

func permissionCountText(permissions []Permission) string {
	first := string(slices.Min(permissions))
	if len(permissions) == 1 {
		return first
	}
	return text.CountNoun(len(permissions), "permission") + " beyond Artifact Registry (" + first + " …)"
}

// accountUses are the workloads of a project that run as an account which r reaches. Those are the accounts
// of a project, or of any project below a higher level. An index proves them; that none are there only a
// direct look tells.
func (q *evaluation) accountUses(number, project string, r Resource) (uses []Use, gaps []Gap) {
	if q.s.Index != nil {
		q.indexOnly = true
		uses, _ = q.accountUsesIn(number, project, q.s.Index.Inventories[number], r)
		q.indexOnly = false
		if len(uses) > 0 {
			return uses, nil
		}
	}
	inventory := q.inventory(project)
	if !inventory.Read() {
		return nil, []Gap{unreadInventoryGap(project, inventory)}
	}
	uses, gaps = q.accountUsesIn(number, project, inventory.Value, r)
	return uses, append(slices.Clone(inventory.Value.Gaps), gaps...)
}

func (q *evaluation) accountUsesIn(number, project string, inventory Inventory, r Resource) (uses []Use, gaps []Gap) {
	for _, w := range inventory.Running {
		if w.RunnerGap != nil {
			gaps = append(gaps, *w.RunnerGap)
		}
		for _, part := range w.accountRevisions() {
			account := part.ServiceAccount
			if account == "" && q.indexOnly && w.Kind.mayHaveAgentIdentity() {
				continue // an index shows no agent identities: a direct look tells
			}
			if account == "" {
				account = DefaultComputeAccount(number)
			}
			use := Use{Project: project, Workload: w.WorkloadName, Revision: part.Name, Account: account}
			switch lies, gap := q.accountLiesBeneath(account, r); lies {
			case yes:
				uses = append(uses, use)
			case maybe:
				gaps = append(gaps, gap)
			}
		}
	}
	return uses, gaps
}

// accountLiesBeneath reports whether the project that owns an account is r, or is in it.
func (q *evaluation) accountLiesBeneath(account string, r Resource) (ternary, Gap) {
	owner := AccountProject(account)
	switch {
	case owner == "":
		return maybe, Gap{Resource: r, Reason: "the e-mail " + account + " does not show which project owns the account"}
	case r.Kind() == KindProject:
		return q.sameProject(owner, r.ID())
	}
	return q.projectLiesBeneath(owner, r)
}
