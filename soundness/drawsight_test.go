package soundness

import (
	"slices"

	"whopulls/gcp/sandbox/world"
)

// readerRoles let the caller see this or that.
var readerRoles = []string{"roles/browser", "roles/iam.securityReviewer", "roles/viewer", "roles/artifactregistry.reader", "roles/artifactregistry.viewer",
	"roles/run.viewer", "roles/iam.denyReviewer", "roles/iam.roleViewer", "roles/orgpolicy.policyViewer", "roles/serviceusage.serviceUsageViewer",
	"roles/iam.serviceAccountViewer", "roles/iam.securityAuditor", "roles/iam.supportUser"}

// sight gives the caller some view of the world: all of it by decree, all of it by roles, a part or nothing.
func (m *maker) sight(clients bool) {
	kind := m.below(10)
	switch {
	case kind < 3 && !clients:
		m.s.fiat = true
	case kind < 6:
		m.seeEverything()
	case kind < 9:
		m.seeSomething()
	}
	if !clients {
		m.s.olden = m.chance(5)
		m.s.nameless = m.chance(5) && m.s.question.Deployer != ""
	}
}

// enough roles let one see everything together, and each of them something that no other shows.
var enough = []string{"roles/iam.securityReviewer", "roles/browser", "roles/resourcemanager.folderViewer", "roles/resourcemanager.organizationViewer",
	"roles/iam.denyReviewer", "roles/artifactregistry.viewer", "roles/run.viewer", "roles/orgpolicy.policyViewer",
	"roles/serviceusage.serviceUsageViewer", "roles/iam.serviceAccountViewer"}

// seeEverything binds an auditor's role at the top of every project's line, or the roles that add up to it but for one.
// Now and then a project that lies elsewhere is left out.
func (m *maker) seeEverything() {
	auditor := []string{"roles/iam.securityAuditor"}
	if m.chance(50) {
		left := m.below(len(enough))
		auditor = slices.Delete(slices.Clone(enough), left, left+1)
	}
	var done []*world.FilePolicy
	for _, p := range m.w.Projects {
		line := m.nodes(p.Name())
		if m.chance(15) {
			continue
		}
		if top := line[len(line)-1].policy; !slices.Contains(done, top) {
			done = append(done, top)
			for _, role := range auditor {
				m.see(top, role)
			}
		}
	}
}

func (m *maker) seeSomething() {
	var places []*world.FilePolicy
	for _, p := range m.w.Projects {
		for _, l := range m.nodes(p.Name()) {
			places = append(places, l.policy)
		}
		for _, r := range p.Repositories {
			places = append(places, &r.Policy)
		}
		for _, a := range p.ServiceAccounts {
			places = append(places, &a.Policy)
		}
	}
	for range 1 + m.below(6) {
		m.see(one(m, places), one(m, readerRoles))
	}
}

func (m *maker) see(at *world.FilePolicy, role string) {
	at.Bindings = append(at.Bindings, world.FileBinding{Role: role, Members: []string{m.s.caller}})
}

// The agent check asks for a role, the engine answers for permissions. So every binding of the agent's role gets a
// companion, the same in everything but the role, whose permission no other drawn role has: who holds the one by the
// engine's word holds the other.
const (
	tracer     = "roles/resourcemanager.folderIamAdmin"
	tracedPerm = "resourcemanager.folders.setIamPolicy"
)

func (m *maker) traceAgents() {
	for _, p := range m.w.Projects {
		for _, l := range m.nodes(p.Name()) {
			if slices.ContainsFunc(l.policy.Bindings, func(b world.FileBinding) bool { return b.Role == tracer }) {
				continue // a level above several projects is met more than once
			}
			for _, b := range slices.Clone(l.policy.Bindings) {
				if b.Role == "roles/run.serviceAgent" || b.Role == "roles/serverless.serviceAgent" {
					b.Role = tracer
					l.policy.Bindings = append(l.policy.Bindings, b)
				}
			}
		}
	}
}
