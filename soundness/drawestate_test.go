package soundness

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

// drawEstate draws one. Most bindings are there for a need, some of them twice, and some for none.
func drawEstate(t *rapid.T) *story {
	m := &maker{t: t, w: &world.World{}, s: &story{masked: true}}
	m.hierarchy()
	for _, p := range m.w.Projects {
		m.fill(p)
	}
	m.roles()
	for _, p := range m.w.Projects {
		m.running(p)
	}
	m.callers()
	m.s.caller, m.s.question.Deployer = "user:dev@example.com", ""
	m.groups()
	for _, s := range m.needs() {
		if !m.chance(15) {
			m.meet(s)
		}
	}
	for range m.below(4) {
		m.bindForNobody()
	}
	m.denies()
	if m.chance(50) {
		m.s.fiat = true
	} else {
		m.sight(true)
	}
	m.s.question.Scope = m.scope()
	m.mergeBindings()
	return m.finish()
}

// running puts workloads into a project, of every kind, with what a revision or a sandbox of theirs runs beside.
func (m *maker) running(p *world.Project) {
	for i := range m.below(3) {
		l := &world.Workload{Kind: one(m, []string{"service", "service", "job", "worker-pool", "instance"}), Region: "us-central1",
			ID: "app" + strconv.Itoa(i), Images: []string{m.image()}}
		switch {
		case m.chance(70):
			l.ServiceAccount = m.runner()
		case mayBeAgent(l):
			l.AgentIdentity = m.chance(40)
		}
		if m.chance(15) {
			l.SandboxImages = []string{m.image()}
		}
		if l.HasRevisions() && m.chance(25) {
			l.Revisions = []world.Revision{{Name: l.ID + "-00002-new", Traffic: 100 * m.below(2), Images: l.Images, SandboxImages: l.SandboxImages},
				{Name: l.ID + "-00001-old", Images: []string{m.image()}, Tag: one(m, []string{"", "old"})}}
			if l.Revisions[0].Traffic == 0 {
				l.Revisions[1].Traffic = 100
			}
		}
		p.Workloads = append(p.Workloads, l)
	}
}

// needs are the stakes of all workloads.
func (m *maker) needs() []stake {
	var all []stake
	for _, p := range m.w.Projects {
		agent, _ := world.AgentEmail(p, bothAgents[0])
		puller := "serviceAccount:" + agent
		if len(p.Workloads) == 0 {
			continue
		}
		all = append(all, stake{puller, agentRoles[:1], m.nodes(p.Name())}, stake{m.s.caller, deployRoles[:3], m.nodes(p.Name())})
		text := string(worldFile(&world.World{Projects: []*world.Project{{Workloads: p.Workloads}}}))
		for _, other := range m.w.Projects {
			for _, r := range other.Repositories {
				all = append(all, m.stakesIn(other, r, text, puller, m.s.caller)...)
			}
		}
		for _, l := range p.Workloads {
			all = append(all, m.needsOfRunner(p, l, puller)...)
		}
	}
	return all
}

func (m *maker) needsOfRunner(p *world.Project, l *world.Workload, puller string) []stake {
	if l.AgentIdentity {
		return nil
	}
	for _, owner := range m.w.Projects {
		for _, a := range owner.ServiceAccounts {
			if email := emailOf(owner, a); email == l.ServiceAccount || l.ServiceAccount == "" && email == model.DefaultComputeAccount(p.Number) {
				own := m.inside(owner, &a.Policy)
				return []stake{{puller, tokenRoles, own}, {m.s.caller, actRoles, own}}
			}
		}
	}
	return nil
}

// meet binds what a stake needs, now and then more than once.
func (m *maker) meet(s stake) {
	for range 1 + m.below(3)/2 + m.below(3)/2 {
		at := one(m, s.levels)
		role, member := s.roles[min(m.below(5), m.below(5), len(s.roles)-1)], s.who
		if m.chance(20) {
			role = m.roleAt(at, s.roles)
		}
		if m.chance(15) {
			member = m.member(s.who, at)
		}
		m.bind(at, role, member)
	}
}

// bindForNobody binds an agent, or a runtime account, or anybody else, where nothing is known to need it.
func (m *maker) bindForNobody() {
	p := one(m, m.w.Projects)
	at := one(m, m.inside(p, &one(m, p.Repositories).Policy))
	who := one(m, m.people)
	if m.chance(60) {
		agent, _ := world.AgentEmail(one(m, m.w.Projects), bothAgents[0])
		who = "serviceAccount:" + agent
	}
	if m.chance(20) {
		who = m.member(who, at)
	}
	m.bind(at, m.roleAt(at, readRoles), who)
}

func (m *maker) bind(at level, role, member string) {
	b := world.FileBinding{Role: role, Members: []string{member}}
	if m.chance(15) && !basic(role) {
		title, expression := inFile(m.below(len(clauses)), m.s.masked, m.chance(50))
		b.Condition = &world.FileCondition{Title: title, Expression: expression}
	}
	at.policy.Bindings = append(at.policy.Bindings, b)
}

// scope draws where stale bindings are looked for.
func (m *maker) scope() model.Resource {
	p := one(m, m.w.Projects)
	if m.chance(50) {
		return model.ProjectResource(p.ID)
	}
	return model.RepositoryName{Project: p.ID, Location: "us", ID: one(m, p.Repositories).ID}.Resource()
}

// mergeBindings makes one binding of those with the same role and condition, as IAM does, and names nobody twice.
func (m *maker) mergeBindings() {
	for _, policy := range m.policies() {
		var merged []world.FileBinding
		for _, b := range policy.Bindings {
			at := slices.IndexFunc(merged, func(o world.FileBinding) bool {
				return o.Role == b.Role && titleOf(o.Condition) == titleOf(b.Condition)
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
