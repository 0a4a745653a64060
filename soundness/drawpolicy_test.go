package soundness

import (
	"slices"
	"strings"

	"whopulls/gcp/sandbox/world"
)

// level is a place that has an allow policy.
type level struct {
	policy *world.FilePolicy
	name   string // "projects/P", "folders/F", "organizations/O"; of what lies in a project, that project
	public bool   // takes allUsers: everything but projects, folders and organizations
}

// stake is something that somebody needs somewhere: what a check asks about.
type stake struct {
	who    string
	roles  []string // some of which give it
	levels []level  // narrowest first
}

// The roles that are bound for each need: those that give it, and those that people take for one.
var (
	readRoles = []string{"roles/artifactregistry.reader", "roles/artifactregistry.writer", "roles/viewer", "roles/editor",
		"roles/run.serviceAgent", "roles/storage.objectViewer", "roles/run.developer"}
	deployRoles = []string{"roles/run.developer", "roles/run.admin", "roles/editor", "roles/aiplatform.serviceAgent", "roles/run.viewer"}
	actRoles    = []string{"roles/iam.serviceAccountUser", "roles/editor", "roles/iam.serviceAccountTokenCreator", "roles/run.serviceAgent"}
	tokenRoles  = []string{"roles/iam.serviceAccountTokenCreator", "roles/run.serviceAgent", "roles/serverless.serviceAgent", "roles/owner"}
	agentRoles  = []string{"roles/run.serviceAgent", "roles/serverless.serviceAgent", "roles/editor"}
)

// nodes gives the levels from a project, folder or organization upwards.
func (m *maker) nodes(name string) []level {
	kind, id, _ := strings.Cut(name, "/")
	switch kind {
	case "projects":
		for _, p := range m.w.Projects {
			if p.ID == id {
				return append([]level{{policy: &p.Policy, name: name}}, m.nodes(p.Parent)...)
			}
		}
	case "folders":
		for _, f := range m.w.Folders {
			if f.ID == id {
				return append([]level{{policy: &f.Policy, name: name}}, m.nodes(f.Parent)...)
			}
		}
	case "organizations":
		return []level{{policy: &m.w.Organization.Policy, name: name}}
	}
	return nil
}

// inside puts a resource's own level before those of its project.
func (m *maker) inside(p *world.Project, own *world.FilePolicy) []level {
	return append([]level{{policy: own, name: p.Name(), public: true}}, m.nodes(p.Name())...)
}

// stakes lists what the checks of the question will ask.
func (m *maker) stakes() []stake {
	consumer := m.w.Projects[0]
	agent, _ := world.AgentEmail(consumer, bothAgents[0])
	puller, deployer := "serviceAccount:"+agent, string(m.s.question.Deployer)
	if deployer == "" {
		deployer = m.s.caller
	}
	all := []stake{{puller, agentRoles, m.nodes(consumer.Name())}, {deployer, deployRoles, m.nodes(consumer.Name())}}
	for _, l := range consumer.Workloads {
		all = append(all, stake{deployer, deployRoles, m.inside(consumer, &l.Policy)})
	}
	text := string(worldFile(&world.World{Projects: []*world.Project{{Workloads: consumer.Workloads}}})) +
		m.s.question.Image + m.s.question.ServiceAccount + m.s.question.Repository.String()
	for _, p := range m.w.Projects {
		for _, a := range p.ServiceAccounts {
			if strings.Contains(text, emailOf(p, a)) || p == consumer && a.Email != "" {
				own := m.inside(p, &a.Policy)
				all = append(all, stake{deployer, actRoles, own}, stake{puller, tokenRoles, own})
			}
		}
		for _, r := range p.Repositories {
			all = append(all, m.stakesIn(p, r, text, puller, deployer)...)
		}
	}
	return all
}

func emailOf(p *world.Project, a *world.ServiceAccount) string {
	if a.Email != "" {
		return a.Email
	}
	return webAccount(p)
}

func (m *maker) stakesIn(p *world.Project, r *world.Repository, text, puller, deployer string) []stake {
	asked := "/" + strings.Replace(p.ID, ":", "/", 1) + "/" + r.ID
	if !strings.Contains(text, asked) && !strings.Contains(text, "/locations/us/repositories/"+r.ID) &&
		(r.ID != "gcr.io" || !strings.Contains(text, "gcr.io/")) {
		return nil
	}
	own := m.inside(p, &r.Policy)
	all := []stake{{puller, readRoles, own}, {deployer, readRoles, own}}
	agent, _ := world.AgentEmail(p, bothAgents[1])
	for _, up := range r.Upstreams {
		for _, other := range m.w.Projects {
			if other != p && strings.HasPrefix(up, other.Name()+"/") {
				all = append(all, stake{"serviceAccount:" + agent, readRoles, m.inside(other, &other.Repositories[0].Policy)})
			}
		}
	}
	return all
}

// bindFor binds up to two roles for a stake, each on one of its levels.
func (m *maker) bindFor(s stake) {
	for range m.below(4) {
		at := one(m, s.levels)
		b := world.FileBinding{Role: m.roleAt(at, s.roles), Members: []string{m.member(s.who, at)}}
		for range m.below(2) {
			b.Members = append(b.Members, m.member(one(m, m.people), at))
		}
		if m.chance(30) && !basic(b.Role) { // basic roles take no condition
			title, expression := inFile(m.below(len(clauses)), m.s.masked, m.chance(50))
			b.Condition = &world.FileCondition{Title: title, Expression: expression}
		}
		at.policy.Bindings = append(at.policy.Bindings, b)
	}
}

func basic(role string) bool {
	return slices.Contains([]string{"roles/owner", "roles/editor", "roles/viewer"}, role)
}

// roleAt draws a role that can be bound there: a predefined one, or a custom one of the level's hierarchy.
func (m *maker) roleAt(at level, predefined []string) string {
	var custom []string
	for _, r := range m.w.Roles {
		owner, _, _ := strings.Cut(r.Name, "/roles/")
		for _, l := range m.nodes(at.name) {
			if l.name == owner {
				custom = append(custom, r.Name)
			}
		}
	}
	if len(custom) > 0 && m.chance(40) {
		return one(m, custom)
	}
	return one(m, predefined)
}

// member draws a member of a binding that is meant for somebody: the principal itself more often than not, or any of
// the other forms, which may stand for it or not.
func (m *maker) member(who string, at level) string {
	if !m.chance(60) {
		return who
	}
	forms := slices.Concat([]string{one(m, m.people), "group:team@example.com", "group:outer@example.com", "group:far@other.org",
		"domain:example.com", "deleted:" + deletable(who) + "?uid=123456789012345678901"}, m.sets())
	switch {
	case at.public && m.chance(20):
		return one(m, []string{"allUsers", "allAuthenticatedUsers"})
	case m.chance(20):
		return m.basicOf(who)
	}
	return one(m, forms)
}

// deletable: a federated identity is deleted without a uid in front; a user stands in for it.
func deletable(who string) string {
	if strings.HasPrefix(who, "principal:") {
		return "user:ann@example.com"
	}
	return who
}

// basicOf stands for the holders of a basic role in some project, among whom it puts one, or not.
func (m *maker) basicOf(who string) string {
	if m.chance(7) {
		return "projectEditor:nowhere-x"
	}
	project, role := one(m, m.w.Projects), one(m, []string{"Editor", "Viewer", "Owner"})
	holders := []string{one(m, m.people), who, who, "group:team@example.com"}
	b := world.FileBinding{Role: "roles/" + strings.ToLower(role), Members: []string{one(m, holders)}}
	project.Policy.Bindings = append(project.Policy.Bindings, b)
	return "project" + role + ":" + project.ID
}

func (m *maker) sets() []string {
	return []string{
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/*",
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/group/devs",
		"principalSet://iam.googleapis.com/projects/222222222222/locations/global/workloadIdentityPools/ci/attribute.repo/x",
		"principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/bob",
		"deleted:" + federated,
		m.accountSet(), m.accountSet(),
	}
}

// accountSet is the set of service accounts, or agents, below a project, a folder or the organization.
func (m *maker) accountSet() string {
	nodes := []string{}
	for _, p := range m.w.Projects {
		nodes = append(nodes, "projects/"+p.Number)
	}
	for _, f := range m.w.Folders {
		nodes = append(nodes, f.Name())
	}
	if m.w.Organization != nil {
		nodes = append(nodes, m.w.Organization.Name())
	}
	return "principalSet://cloudresourcemanager.googleapis.com/" + one(m, nodes) + "/type/" + one(m, []string{"ServiceAgent", "ServiceAccount"})
}

// denies puts deny policies on projects, folders and the organization.
func (m *maker) denies() {
	if !m.chance(60) {
		return
	}
	points := []string{m.w.Projects[0].Name(), m.w.Projects[1].Name()}
	for _, l := range m.nodes(one(m, points)) {
		points = append(points, l.name)
	}
	for i := range 1 + m.below(2) {
		d := &world.DenyPolicy{ID: "deny-" + string(rune('a'+i)), AttachmentPoint: one(m, points)}
		for range 1 + m.below(3) {
			d.Rules = append(d.Rules, m.denyRule())
		}
		m.w.DenyPolicies = append(m.w.DenyPolicies, d)
	}
}

func (m *maker) denyRule() world.DenyRule {
	r := world.DenyRule{DeniedPrincipals: []string{m.denied()}, DeniedPermissions: []string{m.denyPermission()}}
	for range m.below(2) {
		r.DeniedPrincipals = append(r.DeniedPrincipals, m.denied())
		r.DeniedPermissions = append(r.DeniedPermissions, m.denyPermission())
	}
	if m.chance(30) {
		r.ExceptionPrincipals = []string{m.denied()}
	}
	if m.chance(10) {
		r.ExceptionPermissions = []string{m.denyPermission()}
	}
	if m.chance(20) {
		r.Condition = denyInFile(m.below(len(denyClauses)), m.s.masked, m.chance(50))
	}
	return r
}

// denied draws a principal in the form of deny policies.
func (m *maker) denied() string {
	return one(m, []string{v2(one(m, m.people)), "principalSet://goog/public:all", "principalSet://goog/group/team@example.com",
		"principalSet://goog/group/outer@example.com", m.accountSet(), "principalSet://goog/cloudIdentityCustomerId/C01abcdef",
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/*", "deleted:principal://goog/subject/dev@example.com?uid=1",
		v2("serviceAccount:" + m.agentOfConsumer()), v2(m.s.caller)})
}

func (m *maker) agentOfConsumer() string {
	email, _ := world.AgentEmail(m.w.Projects[0], bothAgents[0])
	return email
}

// v2 spells a member as deny policies do.
func v2(member string) string {
	if email, ok := strings.CutPrefix(member, "user:"); ok {
		return "principal://goog/subject/" + email
	}
	if email, ok := strings.CutPrefix(member, "serviceAccount:"); ok {
		return "principal://iam.googleapis.com/projects/-/serviceAccounts/" + email
	}
	return member
}

// denyPermission draws a permission, or the group of all on its kind of resource; some of them blind the caller.
func (m *maker) denyPermission() string {
	spelled := world.DenyForm(one(m, append(slices.Clone(atStake), atStake[0], atStake[0], atStake[1], atStake[2], atStake[3], atStake[4],
		"resourcemanager.projects.getIamPolicy", "iam.roles.get", "artifactregistry.repositories.get")))
	if m.chance(25) {
		return spelled[:strings.Index(spelled, ".com/")+5] + resourceOf(spelled) + ".*"
	}
	return spelled
}

func resourceOf(spelled string) string {
	_, rest, _ := strings.Cut(spelled, "/")
	resource, _, _ := strings.Cut(rest, ".")
	return resource
}

// policies are all allow policies of the world.
func (m *maker) policies() []*world.FilePolicy {
	var all []*world.FilePolicy
	if m.w.Organization != nil {
		all = append(all, &m.w.Organization.Policy)
	}
	for _, f := range m.w.Folders {
		all = append(all, &f.Policy)
	}
	for _, p := range m.w.Projects {
		all = append(all, &p.Policy)
		for _, r := range p.Repositories {
			all = append(all, &r.Policy)
		}
		for _, a := range p.ServiceAccounts {
			all = append(all, &a.Policy)
		}
		for _, l := range p.Workloads {
			all = append(all, &l.Policy)
		}
	}
	return all
}
