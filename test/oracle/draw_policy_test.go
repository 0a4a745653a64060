package oracle

import (
	"slices"
	"strings"

	"whopulls/gcp/sandbox/world"
)

// level is a place that has an allow policy.
type level struct {
	policy       *world.FilePolicy
	name         string // "projects/P", "folders/F", "organizations/O"; of what is in a project, that project
	allowsPublic bool   // takes allUsers: everything but projects, folders and organizations
}

// accessNeed is something that somebody needs somewhere: what a check asks about.
type accessNeed struct {
	principal string
	roles     []string // some of which give it
	levels    []level  // narrowest first
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

// levelsFrom gives the levels from a project, folder or organization upwards.
func (m *generator) levelsFrom(name string) []level {
	kind, id, _ := strings.Cut(name, "/")
	switch kind {
	case "projects":
		for _, p := range m.world.Projects {
			if p.ID == id {
				return append([]level{{policy: &p.Policy, name: name}}, m.levelsFrom(p.Parent)...)
			}
		}
	case "folders":
		for _, f := range m.world.Folders {
			if f.ID == id {
				return append([]level{{policy: &f.Policy, name: name}}, m.levelsFrom(f.Parent)...)
			}
		}
	case "organizations":
		return []level{{policy: &m.world.Organization.Policy, name: name}}
	}
	return nil
}

// resourceLevels puts a resource's own level before those of its project.
func (m *generator) resourceLevels(p *world.Project, own *world.FilePolicy) []level {
	return append([]level{{policy: own, name: p.Name(), allowsPublic: true}}, m.levelsFrom(p.Name())...)
}

// questionNeeds lists what the checks of the question will ask.
func (m *generator) questionNeeds() []accessNeed {
	consumer := m.world.Projects[0]
	agent, _ := world.AgentEmail(consumer, agentAPIs[0])
	puller, deployer := "serviceAccount:"+agent, string(m.scenario.question.Deployer)
	if deployer == "" {
		deployer = m.scenario.caller
	}
	all := []accessNeed{{puller, agentRoles, m.levelsFrom(consumer.Name())}, {deployer, deployRoles, m.levelsFrom(consumer.Name())}}
	for _, l := range consumer.Workloads {
		all = append(all, accessNeed{deployer, deployRoles, m.resourceLevels(consumer, &l.Policy)})
	}
	text := string(worldFile(&world.World{Projects: []*world.Project{{Workloads: consumer.Workloads}}})) +
		m.scenario.question.Image.Text + m.scenario.question.ServiceAccount + m.scenario.question.Repository.String()
	for _, p := range m.world.Projects {
		for _, a := range p.ServiceAccounts {
			if strings.Contains(text, emailOf(p, a)) || p == consumer && a.Email != "" {
				own := m.resourceLevels(p, &a.Policy)
				all = append(all, accessNeed{deployer, actRoles, own}, accessNeed{puller, tokenRoles, own})
			}
		}
		for _, r := range p.Repositories {
			all = append(all, m.repositoryNeeds(p, r, text, puller, deployer)...)
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

func (m *generator) repositoryNeeds(p *world.Project, r *world.Repository, text, puller, deployer string) []accessNeed {
	asked := "/" + strings.Replace(p.ID, ":", "/", 1) + "/" + r.ID
	if !strings.Contains(text, asked) && !strings.Contains(text, "/locations/us/repositories/"+r.ID) &&
		(r.ID != "gcr.io" || !strings.Contains(text, "gcr.io/")) {
		return nil
	}
	own := m.resourceLevels(p, &r.Policy)
	all := []accessNeed{{puller, readRoles, own}, {deployer, readRoles, own}}
	agent, _ := world.AgentEmail(p, agentAPIs[1])
	for _, up := range r.Upstreams {
		for _, other := range m.world.Projects {
			if other != p && strings.HasPrefix(up, other.Name()+"/") {
				all = append(all, accessNeed{"serviceAccount:" + agent, readRoles, m.resourceLevels(other, &other.Repositories[0].Policy)})
			}
		}
	}
	return all
}

// bindRandomly binds up to two roles for a stake, each on one of its levels.
func (m *generator) bindRandomly(s accessNeed) {
	for range m.intn(4) {
		at := pickOne(m, s.levels)
		b := world.FileBinding{Role: m.drawRole(at, s.roles), Members: []string{m.drawMember(s.principal, at)}}
		for range m.intn(2) {
			b.Members = append(b.Members, m.drawMember(pickOne(m, m.principals), at))
		}
		if m.chance(30) && !isBasicRole(b.Role) { // basic roles take no condition
			title, expression := fileCondition(m.intn(len(clauses)), m.scenario.maskedConditions, m.chance(50))
			b.Condition = &world.FileCondition{Title: title, Expression: expression}
		}
		at.policy.Bindings = append(at.policy.Bindings, b)
	}
}

func isBasicRole(role string) bool {
	return slices.Contains([]string{"roles/owner", "roles/editor", "roles/viewer"}, role)
}

// drawRole draws a role that can be bound there: a predefined one, or a custom one of the level's hierarchy.
func (m *generator) drawRole(at level, predefined []string) string {
	var custom []string
	for _, r := range m.world.Roles {
		owner, _, _ := strings.Cut(r.Name, "/roles/")
		for _, l := range m.levelsFrom(at.name) {
			if l.name == owner {
				custom = append(custom, r.Name)
			}
		}
	}
	if len(custom) > 0 && m.chance(40) {
		return pickOne(m, custom)
	}
	return pickOne(m, predefined)
}

// drawMember draws a member of a binding that is meant for somebody: the principal itself more often than not, or any of
// the other forms, which may stand for it or not.
func (m *generator) drawMember(who string, at level) string {
	if !m.chance(60) {
		return who
	}
	forms := slices.Concat([]string{pickOne(m, m.principals), "group:team@example.com", "group:outer@example.com", "group:far@other.org",
		"domain:example.com", "deleted:" + deletableMember(who) + "?uid=123456789012345678901"}, m.principalSets())
	switch {
	case at.allowsPublic && m.chance(20):
		return pickOne(m, []string{"allUsers", "allAuthenticatedUsers"})
	case m.chance(20):
		return m.addBasicRoleHolder(who)
	}
	return pickOne(m, forms)
}

// deletableMember: a federated identity is deleted without a uid in front; a user stands in for it.
func deletableMember(who string) string {
	if strings.HasPrefix(who, "principal:") {
		return "user:ann@example.com"
	}
	return who
}

// addBasicRoleHolder gives the member for the holders of a basic role in some project, and may add a holder there.
func (m *generator) addBasicRoleHolder(who string) string {
	if m.chance(7) {
		return "projectEditor:nowhere-x"
	}
	project, role := pickOne(m, m.world.Projects), pickOne(m, []string{"Editor", "Viewer", "Owner"})
	holders := []string{pickOne(m, m.principals), who, who, "group:team@example.com"}
	b := world.FileBinding{Role: "roles/" + strings.ToLower(role), Members: []string{pickOne(m, holders)}}
	project.Policy.Bindings = append(project.Policy.Bindings, b)
	return "project" + role + ":" + project.ID
}

func (m *generator) principalSets() []string {
	return []string{
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/*",
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/group/devs",
		"principalSet://iam.googleapis.com/projects/222222222222/locations/global/workloadIdentityPools/ci/attribute.repo/x",
		"principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/bob",
		"deleted:" + federatedPrincipal,
		m.drawAccountSet(), m.drawAccountSet(),
	}
}

// drawAccountSet is the set of service accounts, or agents, below a project, a folder or the organization.
func (m *generator) drawAccountSet() string {
	nodes := []string{}
	for _, p := range m.world.Projects {
		nodes = append(nodes, "projects/"+p.Number)
	}
	for _, f := range m.world.Folders {
		nodes = append(nodes, f.Name())
	}
	if m.world.Organization != nil {
		nodes = append(nodes, m.world.Organization.Name())
	}
	return "principalSet://cloudresourcemanager.googleapis.com/" + pickOne(m, nodes) + "/type/" + pickOne(m, []string{"ServiceAgent", "ServiceAccount"})
}

// addDenyPolicies puts deny policies on projects, folders and the organization.
func (m *generator) addDenyPolicies() {
	if !m.chance(60) {
		return
	}
	points := []string{m.world.Projects[0].Name(), m.world.Projects[1].Name()}
	for _, l := range m.levelsFrom(pickOne(m, points)) {
		points = append(points, l.name)
	}
	for i := range 1 + m.intn(2) {
		d := &world.DenyPolicy{ID: "deny-" + string(rune('a'+i)), AttachmentPoint: pickOne(m, points)}
		for range 1 + m.intn(3) {
			d.Rules = append(d.Rules, m.drawDenyRule())
		}
		m.world.DenyPolicies = append(m.world.DenyPolicies, d)
	}
}

func (m *generator) drawDenyRule() world.DenyRule {
	r := world.DenyRule{DeniedPrincipals: []string{m.drawDeniedPrincipal()}, DeniedPermissions: []string{m.drawDenyPermission()}}
	for range m.intn(2) {
		r.DeniedPrincipals = append(r.DeniedPrincipals, m.drawDeniedPrincipal())
		r.DeniedPermissions = append(r.DeniedPermissions, m.drawDenyPermission())
	}
	if m.chance(30) {
		r.ExceptionPrincipals = []string{m.drawDeniedPrincipal()}
	}
	if m.chance(10) {
		r.ExceptionPermissions = []string{m.drawDenyPermission()}
	}
	if m.chance(20) {
		r.Condition = fileDenyExpression(m.intn(len(denyClauses)), m.scenario.maskedConditions, m.chance(50))
	}
	return r
}

// drawDeniedPrincipal draws a principal in the form of deny policies.
func (m *generator) drawDeniedPrincipal() string {
	return pickOne(m, []string{denyPrincipal(pickOne(m, m.principals)), "principalSet://goog/public:all", "principalSet://goog/group/team@example.com",
		"principalSet://goog/group/outer@example.com", m.drawAccountSet(), "principalSet://goog/cloudIdentityCustomerId/C01abcdef",
		"principalSet://iam.googleapis.com/locations/global/workforcePools/staff/*", "deleted:principal://goog/subject/dev@example.com?uid=1",
		denyPrincipal("serviceAccount:" + m.consumerAgent()), denyPrincipal(m.scenario.caller)})
}

func (m *generator) consumerAgent() string {
	email, _ := world.AgentEmail(m.world.Projects[0], agentAPIs[0])
	return email
}

// denyPrincipal spells a member as deny policies do.
func denyPrincipal(member string) string {
	if email, ok := strings.CutPrefix(member, "user:"); ok {
		return "principal://goog/subject/" + email
	}
	if email, ok := strings.CutPrefix(member, "serviceAccount:"); ok {
		return "principal://iam.googleapis.com/projects/-/serviceAccounts/" + email
	}
	return member
}

// drawDenyPermission draws a permission, or the group of all on its kind of resource; some of them blind the caller.
func (m *generator) drawDenyPermission() string {
	spelled := world.PermissionFQDN(pickOne(m, append(slices.Clone(checkedPermissions), checkedPermissions[0], checkedPermissions[0], checkedPermissions[1], checkedPermissions[2], checkedPermissions[3], checkedPermissions[4],
		"resourcemanager.projects.getIamPolicy", "iam.roles.get", "artifactregistry.repositories.get")))
	if m.chance(25) {
		return spelled[:strings.Index(spelled, ".com/")+5] + permissionResource(spelled) + ".*"
	}
	return spelled
}

func permissionResource(spelled string) string {
	_, rest, _ := strings.Cut(spelled, "/")
	resource, _, _ := strings.Cut(rest, ".")
	return resource
}

// allPolicies are all allow policies of the world.
func (m *generator) allPolicies() []*world.FilePolicy {
	var all []*world.FilePolicy
	if m.world.Organization != nil {
		all = append(all, &m.world.Organization.Policy)
	}
	for _, f := range m.world.Folders {
		all = append(all, &f.Policy)
	}
	for _, p := range m.world.Projects {
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
