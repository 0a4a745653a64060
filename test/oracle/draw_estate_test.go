package oracle

import (
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// estates are worlds in which several projects run images of each other's repositories, with a scope in which stale
// bindings are looked for.
var estates = rapid.Custom(drawEstate)

// drawEstate draws an estate. Most bindings serve a need, some of them twice, and some serve none.
func drawEstate(t *rapid.T) *scenario {
	m := &generator{t: t, world: &world.World{}, scenario: &scenario{maskedConditions: true}}
	m.addHierarchy()
	for _, p := range m.world.Projects {
		m.fillProject(p)
	}
	m.addCustomRoles()
	for _, p := range m.world.Projects {
		m.addWorkloads(p)
	}
	m.drawCallers()
	m.scenario.caller, m.scenario.question.Deployer = "user:dev@example.com", ""
	m.addGroups()
	for _, s := range m.estateNeeds() {
		if !m.chance(15) {
			m.bindNeeded(s)
		}
	}
	for range m.intn(4) {
		m.bindUnneeded()
	}
	m.addDenyPolicies()
	if m.chance(50) {
		m.scenario.seesEverything = true
	} else {
		m.grantSight(true)
	}
	m.scenario.question.Scope = m.drawScope()
	m.mergeBindings()
	return m.build()
}

// addWorkloads puts workloads into a project, of every kind, with what their revisions and sandboxes run in addition.
func (m *generator) addWorkloads(p *world.Project) {
	for i := range m.intn(3) {
		l := &world.Workload{Kind: pickOne(m, []string{"service", "service", "job", "worker-pool", "instance"}), Region: "us-central1",
			ID: "app" + strconv.Itoa(i), Images: []string{m.drawImage()}}
		switch {
		case m.chance(70):
			l.ServiceAccount = m.drawRunner()
		case canHaveAgentIdentity(l):
			l.AgentIdentity = m.chance(40)
		}
		if m.chance(15) {
			l.SandboxImages = []string{m.drawImage()}
		}
		if l.HasRevisions() && m.chance(25) {
			l.Revisions = []world.Revision{{Name: l.ID + "-00002-new", Traffic: 100 * m.intn(2), Images: l.Images, SandboxImages: l.SandboxImages},
				{Name: l.ID + "-00001-old", Images: []string{m.drawImage()}, Tag: pickOne(m, []string{"", "old"})}}
			if l.Revisions[0].Traffic == 0 {
				l.Revisions[1].Traffic = 100
			}
		}
		p.Workloads = append(p.Workloads, l)
	}
}

// estateNeeds are the stakes of all workloads.
func (m *generator) estateNeeds() []accessNeed {
	var all []accessNeed
	for _, p := range m.world.Projects {
		agent, _ := world.AgentEmail(p, agentAPIs[0])
		puller := "serviceAccount:" + agent
		if len(p.Workloads) == 0 {
			continue
		}
		all = append(all, accessNeed{puller, agentRoles[:1], m.levelsFrom(p.Name())}, accessNeed{m.scenario.caller, deployRoles[:3], m.levelsFrom(p.Name())})
		text := string(worldFile(&world.World{Projects: []*world.Project{{Workloads: p.Workloads}}}))
		for _, other := range m.world.Projects {
			for _, r := range other.Repositories {
				all = append(all, m.repositoryNeeds(other, r, text, puller, m.scenario.caller)...)
			}
		}
		for _, l := range p.Workloads {
			all = append(all, m.runnerNeeds(p, l, puller)...)
		}
	}
	return all
}

func (m *generator) runnerNeeds(p *world.Project, l *world.Workload, puller string) []accessNeed {
	if l.AgentIdentity {
		return nil
	}
	for _, owner := range m.world.Projects {
		for _, a := range owner.ServiceAccounts {
			if email := emailOf(owner, a); email == l.ServiceAccount || l.ServiceAccount == "" && email == model.DefaultComputeAccount(p.Number) {
				own := m.resourceLevels(owner, &a.Policy)
				return []accessNeed{{puller, tokenRoles, own}, {m.scenario.caller, actRoles, own}}
			}
		}
	}
	return nil
}

// bindNeeded binds what a stake needs, now and then more than once.
func (m *generator) bindNeeded(s accessNeed) {
	for range 1 + m.intn(3)/2 + m.intn(3)/2 {
		at := pickOne(m, s.levels)
		role, member := s.roles[min(m.intn(5), m.intn(5), len(s.roles)-1)], s.principal
		if m.chance(20) {
			role = m.drawRole(at, s.roles)
		}
		if m.chance(15) {
			member = m.drawMember(s.principal, at)
		}
		m.bind(at, role, member)
	}
}

// bindUnneeded binds an agent, or a runtime account, or anybody else, where nothing is known to need it.
func (m *generator) bindUnneeded() {
	p := pickOne(m, m.world.Projects)
	at := pickOne(m, m.resourceLevels(p, &pickOne(m, p.Repositories).Policy))
	who := pickOne(m, m.principals)
	if m.chance(60) {
		agent, _ := world.AgentEmail(pickOne(m, m.world.Projects), agentAPIs[0])
		who = "serviceAccount:" + agent
	}
	if m.chance(20) {
		who = m.drawMember(who, at)
	}
	m.bind(at, m.drawRole(at, readRoles), who)
}

func (m *generator) bind(at level, role, member string) {
	b := world.FileBinding{Role: role, Members: []string{member}}
	if m.chance(15) && !isBasicRole(role) {
		title, expression := fileCondition(m.intn(len(clauses)), m.scenario.maskedConditions, m.chance(50))
		b.Condition = &world.FileCondition{Title: title, Expression: expression}
	}
	at.policy.Bindings = append(at.policy.Bindings, b)
}

// drawScope draws where stale bindings are looked for.
func (m *generator) drawScope() model.Resource {
	p := pickOne(m, m.world.Projects)
	if m.chance(50) {
		return model.ProjectResource(p.ID)
	}
	return model.RepositoryName{Project: p.ID, Location: "us", ID: pickOne(m, p.Repositories).ID}.Resource()
}

// mergeBindings makes one binding of those with the same role and condition, as IAM does, and names nobody twice.
func (m *generator) mergeBindings() {
	for _, policy := range m.allPolicies() {
		var merged []world.FileBinding
		for _, b := range policy.Bindings {
			at := slices.IndexFunc(merged, func(o world.FileBinding) bool {
				return o.Role == b.Role && conditionTitle(o.Condition) == conditionTitle(b.Condition)
			})
			if at < 0 {
				merged = append(merged, world.FileBinding{Role: b.Role, Condition: b.Condition})
				at = len(merged) - 1
			}
			for _, member := range b.Members {
				if !slices.Contains(merged[at].Members, member) {
					merged[at].Members = append(merged[at].Members, member)
				}
			}
		}
		policy.Bindings = merged
	}
}
