package oracle

import (
	"slices"

	"whopulls/gcp/sandbox/world"
)

// sightRoles let the caller see this or that.
var sightRoles = []string{"roles/browser", "roles/iam.securityReviewer", "roles/viewer", "roles/artifactregistry.reader", "roles/artifactregistry.viewer",
	"roles/run.viewer", "roles/iam.denyReviewer", "roles/iam.roleViewer", "roles/orgpolicy.policyViewer", "roles/serviceusage.serviceUsageViewer",
	"roles/iam.serviceAccountViewer", "roles/iam.securityAuditor", "roles/iam.supportUser"}

// grantSight gives the caller some view of the world: all of it whatever its roles, all of it by roles, a part or nothing.
func (m *generator) grantSight(clients bool) {
	kind := m.intn(10)
	switch {
	case kind < 3 && !clients:
		m.scenario.seesEverything = true
	case kind < 6:
		m.seeEverything()
	case kind < 9:
		m.seeSomething()
	}
	if !clients {
		m.scenario.policyV1 = m.chance(5)
		m.scenario.unknownCaller = m.chance(5) && m.scenario.question.Deployer != ""
	}
}

// fullSightRoles roles let one see everything together, and each of them something that no other shows.
var fullSightRoles = []string{"roles/iam.securityReviewer", "roles/browser", "roles/resourcemanager.folderViewer", "roles/resourcemanager.organizationViewer",
	"roles/iam.denyReviewer", "roles/artifactregistry.viewer", "roles/run.viewer", "roles/orgpolicy.policyViewer",
	"roles/serviceusage.serviceUsageViewer", "roles/iam.serviceAccountViewer"}

// seeEverything binds an auditor's role at the top of every project's line, or the roles that add up to it but for one.
// Now and then a project that lies elsewhere is left out.
func (m *generator) seeEverything() {
	auditor := []string{"roles/iam.securityAuditor"}
	if m.chance(50) {
		left := m.intn(len(fullSightRoles))
		auditor = slices.Delete(slices.Clone(fullSightRoles), left, left+1)
	}
	var done []*world.FilePolicy
	for _, p := range m.world.Projects {
		line := m.levelsFrom(p.Name())
		if m.chance(15) {
			continue
		}
		if top := line[len(line)-1].policy; !slices.Contains(done, top) {
			done = append(done, top)
			for _, role := range auditor {
				m.grantRole(top, role)
			}
		}
	}
}

func (m *generator) seeSomething() {
	var policies []*world.FilePolicy
	for _, p := range m.world.Projects {
		for _, l := range m.levelsFrom(p.Name()) {
			policies = append(policies, l.policy)
		}
		for _, r := range p.Repositories {
			policies = append(policies, &r.Policy)
		}
		for _, a := range p.ServiceAccounts {
			policies = append(policies, &a.Policy)
		}
	}
	for range 1 + m.intn(6) {
		m.grantRole(pickOne(m, policies), pickOne(m, sightRoles))
	}
}

func (m *generator) grantRole(at *world.FilePolicy, role string) {
	at.Bindings = append(at.Bindings, world.FileBinding{Role: role, Members: []string{m.scenario.caller}})
}

// The agent check asks for a role, the engine answers for permissions. So every binding of the agent's role gets a
// companion, the same in everything but the role, whose permission no other drawn role has: who holds the one by the
// engine's word holds the other.
const (
	tracerRole       = "roles/resourcemanager.folderIamAdmin"
	tracerPermission = "resourcemanager.folders.setIamPolicy"
)

func (m *generator) addTracerRoles() {
	for _, p := range m.world.Projects {
		for _, l := range m.levelsFrom(p.Name()) {
			if slices.ContainsFunc(l.policy.Bindings, func(b world.FileBinding) bool { return b.Role == tracerRole }) {
				continue // a level above several projects is met more than once
			}
			for _, b := range slices.Clone(l.policy.Bindings) {
				if b.Role == "roles/run.serviceAgent" || b.Role == "roles/serverless.serviceAgent" {
					b.Role = tracerRole
					l.policy.Bindings = append(l.policy.Bindings, b)
				}
			}
		}
	}
}
