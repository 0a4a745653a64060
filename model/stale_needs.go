package model

import (
	"slices"
	"strings"
)

// tokenPermissions let an agent act as a service account. Cloud Run's uses them for the accounts that workloads run as, and
// for no others (iam-facts 1.4, 12.17): what runs tells whether they are needed.
var tokenPermissions = []Permission{PermActAs, PermGetAccessToken, "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.signBlob",
	"iam.serviceAccounts.signJwt", "iam.serviceAccounts.implicitDelegation"}

// makesAgent tells the roles that make a service agent the Cloud Run agent of its project.
func makesAgent(role string) bool { return role == RoleRunAgent || role == roleServerlessAgent }

// judgeRole compares what a role gives with what its agent uses it for. On a repository that is reading and nothing else; on
// the levels above whatever lies beneath counts: the agent's own project, the accounts that its workloads run as, and
// all else that the role gives and that is not looked into. It tells whether something beside reading is known to need it.
func (q *inquiry) judgeRole(h *held) (needed bool) {
	if h.Resource.Kind() != KindRepository {
		if q.neededAtHome(h) || q.neededForTokens(h) {
			return true
		}
		if beyond := notLookedInto(h.role.Value); len(beyond) > 0 {
			h.unsure("it also gives " + countPermissions(beyond) + ", and what they are used for whopulls does not look into")
		}
	}
	reader := q.role(RoleReader)
	if h.role.Read() && reader.Read() && !covers(reader.Value, h.role.Value) {
		h.holds.give(StaleExcessive, "It gives more than reading; "+RoleReader+" on "+Describe(h.Resource, nil)+" is enough.")
		h.Replace = RoleReader
	}
	return false
}

// neededAtHome: on a folder or an organization above its project the role may be what makes the agent one there.
func (q *inquiry) neededAtHome(h *held) bool {
	if !makesAgent(h.Role) || h.Resource.Project() != "" {
		return false
	}
	switch within, open := q.beneath(h.Owner, h.Resource); within {
	case no:
		return false
	case maybe:
		h.unsure("whether Cloud Run of project "+h.Owner+" works by it could not be seen", open)
		return false
	}
	home := ProjectResource(h.Owner)
	policy := q.policy(home)
	if !policy.Read() {
		h.unsure("whether Cloud Run of project "+h.Owner+" works by it could not be seen", q.unreadLevel(home, policy))
		return false
	}
	for _, b := range policy.Value.Bindings {
		if b, hidden := b.revealed(); makesAgent(b.Role) && b.Condition == nil && !hidden && b.has(h.Member) {
			return false
		}
	}
	h.holds.give(StaleActive, "Cloud Run of project "+h.Owner+" works by it: nothing else that was read gives the agent its role there.")
	return true
}

// neededForTokens: by such a role the agent gets the tokens of the accounts beneath that its project's workloads run as.
func (q *inquiry) neededForTokens(h *held) bool {
	if !slices.ContainsFunc(tokenPermissions, h.role.Value.Has) {
		return false
	}
	uses, gaps := q.accountUses(h.agent, h.Owner, h.Resource)
	switch {
	case len(uses) > 0:
		h.Evidence = append(h.Evidence, uses...)
		h.holds.give(StaleActive, "Workloads of project "+h.Owner+" run as accounts that it gives tokens of.")
		return true
	case len(gaps) > 0:
		h.unsure("whether workloads of project "+h.Owner+" run as accounts that it gives tokens of could not be seen", gaps...)
	}
	return false
}

// notLookedInto are the permissions of a role that may be used for something that nothing here looks at: all but those of
// Artifact Registry, the sight of the project, which each of its own roles holds too, and tokens.
func notLookedInto(r Role) []Permission {
	return slices.DeleteFunc(slices.Clone(r.Permissions), func(p Permission) bool {
		return strings.HasPrefix(string(p), "artifactregistry.") || p == PermGetProject || p == "resourcemanager.projects.list" ||
			slices.Contains(tokenPermissions, p)
	})
}

func countPermissions(permissions []Permission) string {
	first := string(slices.Min(permissions))
	if len(permissions) == 1 {
		return first
	}
	return Counted(len(permissions), "permission") + " beyond Artifact Registry (" + first + " …)"
}

// accountUses are the workloads of a project that run as an account of what r reaches: of a project, or of any beneath a
// level above. An index proves them; that none are there only a direct look tells.
func (q *inquiry) accountUses(number, project string, r Resource) (uses []Use, gaps []Gap) {
	if q.s.Index != nil {
		q.indexing = true
		uses, _ = q.accountsIn(number, project, q.s.Index.Inventories[number], r)
		q.indexing = false
		if len(uses) > 0 {
			return uses, nil
		}
	}
	inventory := q.inventory(project)
	if !inventory.Read() {
		return nil, []Gap{unseenInventory(project, inventory)}
	}
	uses, gaps = q.accountsIn(number, project, inventory.Value, r)
	return uses, append(slices.Clone(inventory.Value.Gaps), gaps...)
}

func (q *inquiry) accountsIn(number, project string, inventory Inventory, r Resource) (uses []Use, gaps []Gap) {
	for _, w := range inventory.Running {
		if w.RunnerGap != nil {
			gaps = append(gaps, *w.RunnerGap)
		}
		for _, part := range w.runners() {
			account := part.ServiceAccount
			if account == "" && q.indexing && w.Kind.mayHaveAgentIdentity() {
				continue // an index shows no agent identities: a direct look tells
			}
			if account == "" {
				account = DefaultComputeAccount(number)
			}
			use := Use{Project: project, Workload: w.WorkloadName, Revision: part.Name, Account: account}
			switch lies, gap := q.ownedBeneath(account, r); lies {
			case yes:
				uses = append(uses, use)
			case maybe:
				gaps = append(gaps, gap)
			}
		}
	}
	return uses, gaps
}

// ownedBeneath tells whether the project that owns an account is r, or lies in it.
func (q *inquiry) ownedBeneath(account string, r Resource) (tri, Gap) {
	owner := AccountProject(account)
	switch {
	case owner == "":
		return maybe, Gap{Resource: r, Reason: "the e-mail " + account + " does not tell which project owns the account"}
	case r.Kind() == KindProject:
		return q.sameProject(owner, r.ID())
	}
	return q.beneath(owner, r)
}
