package oracle

import (
	"math/bits"
	"strings"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// scenario is one drawn world with the question asked in it.
type scenario struct {
	world            *world.World
	drawnWorld       *world.World // what the file says, as it was drawn
	file             []byte       // the world's YAML
	question         model.Question
	caller           string
	maskedConditions bool // what conditions on tags come to is drawn, and not in the text that the caller reads
	seesEverything   bool // the caller sees everything, whatever the world says
	policyV1         bool // the caller is shown policies as version 1: conditions turned into odd role names
	unknownCaller    bool // who calls can't be read
	troubleshooterOn bool // Policy Troubleshooter is on, which the direct reader does not play
}

// generator draws a scenario.
type generator struct {
	t          *rapid.T
	world      *world.World
	scenario   *scenario
	principals []string // who can hold a role: callers, accounts, agents
}

// drawScenario draws a world and a question. A scenario for the real clients has nothing in it that only the direct reader can show.
func drawScenario(t *rapid.T, clients bool) *scenario { return generate(t, clients).build() }

// generate is a scenario before its world is made.
func generate(t *rapid.T, clients bool) *generator {
	m := &generator{t: t, world: &world.World{}, scenario: &scenario{maskedConditions: !clients}}
	m.scenario.troubleshooterOn = clients && m.chance(40)
	m.addHierarchy()
	for _, p := range m.world.Projects {
		m.fillProject(p)
	}
	m.addCustomRoles()
	m.drawQuestion()
	m.addGroups()
	for _, s := range m.questionNeeds() {
		m.bindRandomly(s)
	}
	m.addDenyPolicies()
	m.grantSight(clients)
	m.addTracerRoles()
	return m
}

// build makes a world of what was drawn.
func (m *generator) build() *scenario {
	m.world.Caller = m.scenario.caller
	m.scenario.drawnWorld, m.scenario.file = m.world, worldFile(m.world)
	parsed, err := world.Parse("drawn", m.scenario.file)
	if err != nil {
		m.t.Fatalf("the drawn world is not valid: %v\n%s", err, m.scenario.file)
	}
	m.scenario.world = parsed
	return m.scenario
}

// intn draws a number from 0 to n-1, each as likely as the other (rapid's own ranges prefer small ones). It shrinks
// to 0.
func (m *generator) intn(n int) int {
	width := bits.Len(uint(n-1)) + 2
	return rapid.Custom(func(t *rapid.T) int {
		v := 0
		for range width {
			v <<= 1
			if rapid.Bool().Draw(t, "") {
				v |= 1
			}
		}
		return v % n
	}).Draw(m.t, "")
}

// chance is true that often in a hundred. It shrinks to false.
func (m *generator) chance(percent int) bool { return m.intn(100) >= 100-percent }

func pickOne[T any](m *generator, list []T) T { return list[m.intn(len(list))] }

// pickUpTo draws up to most of a list.
func pickUpTo[T any](m *generator, list []T, most int) []T {
	var drawn []T
	for range m.intn(most + 1) {
		drawn = append(drawn, pickOne(m, list))
	}
	return drawn
}

var projectIDs = []string{"consumer-a", "source-b", "third-c", "example.com:fourth"}

func (m *generator) addHierarchy() {
	parents := []string{""}
	if m.chance(75) {
		m.world.Organization = &world.Organization{ID: "100000000001", DisplayName: "example.com"}
		parents = []string{m.world.Organization.Name()}
		for i := range m.intn(4) {
			f := &world.Folder{ID: "20000000000" + string(rune('1'+i)), DisplayName: "folder" + string(rune('1'+i)), Parent: pickOne(m, parents)}
			m.world.Folders = append(m.world.Folders, f)
			parents = append(parents, f.Name())
		}
	}
	for i, id := range projectIDs[:2+m.intn(3)] {
		p := &world.Project{ID: id, Number: strings.Repeat(string(rune('1'+i)), 12), Parent: parents[len(parents)-1-m.intn(len(parents))]}
		if m.chance(5) {
			p.State = "DELETE_REQUESTED"
		}
		m.world.Projects = append(m.world.Projects, p)
	}
}

var agentAPIs = []string{"run.googleapis.com", "artifactregistry.googleapis.com"}

// fillProject puts APIs, accounts, repositories and workloads into a project.
func (m *generator) fillProject(p *world.Project) {
	p.Agents = &agentAPIs
	for _, api := range []string{"run", "artifactregistry", "orgpolicy"} {
		if !m.chance(7) {
			p.Services = append(p.Services, api+".googleapis.com")
		}
	}
	if m.scenario.troubleshooterOn {
		p.Services = append(p.Services, "policytroubleshooter.googleapis.com")
	}
	if !m.chance(15) {
		p.ServiceAccounts = append(p.ServiceAccounts, &world.ServiceAccount{AccountID: "web", Disabled: m.chance(7)})
	}
	if m.chance(60) {
		p.ServiceAccounts = append(p.ServiceAccounts, &world.ServiceAccount{Email: model.DefaultComputeAccount(p.Number)})
	}
	if !m.chance(30) {
		p.OrgPolicies = []world.OrgPolicy{{Constraint: model.CrossProjectConstraint, Enforced: m.chance(25)}}
	}
	m.addRepositories(p)
}

const imageDigest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func (m *generator) addRepositories(p *world.Project) {
	app := []*world.Image{{Package: "app", Digest: imageDigest, Tags: []string{"latest"}}}
	p.Repositories = []*world.Repository{{Location: "us", ID: "images", Images: app}}
	if m.chance(10) {
		p.Repositories = append(p.Repositories, &world.Repository{Location: "us", ID: "gcr.io", Images: app})
	}
	if m.chance(40) {
		r := &world.Repository{Location: "us", ID: "front", Mode: "VIRTUAL"}
		for range 1 + m.intn(2) {
			r.Upstreams = append(r.Upstreams, pickOne(m, m.world.Projects).Name()+"/locations/us/repositories/images")
		}
		p.Repositories = append(p.Repositories, r)
	}
	if m.chance(15) {
		r := &world.Repository{Location: "us", ID: "cache", Mode: "REMOTE", Upstreams: []string{"https://registry-1.docker.io"}}
		if m.chance(60) {
			r.Upstreams[0] = pickOne(m, m.world.Projects).Name() + "/locations/us/repositories/images"
		}
		p.Repositories = append(p.Repositories, r)
	}
}

// checkedPermissions are the permissions that the checks ask about.
var checkedPermissions = []string{
	string(model.PermDownload), string(model.PermReadViaVirtual), string(model.PermActAs), string(model.PermGetAccessToken),
	"run.services.create", "run.services.update", "run.services.get", "run.services.setIamPolicy", "run.jobs.create", "run.jobs.update",
	"run.jobs.get", "run.workerpools.create", "run.workerpools.update", "run.workerpools.get",
}

// addCustomRoles makes custom roles on the projects and on the organization.
func (m *generator) addCustomRoles() {
	var owners []string
	for _, p := range m.world.Projects {
		owners = append(owners, p.Name())
	}
	if m.world.Organization != nil {
		owners = append(owners, m.world.Organization.Name())
	}
	for _, owner := range owners {
		for i := range m.intn(3) {
			name := owner + "/roles/custom" + string(rune('a'+i))
			if m.chance(5) { // what a reader of version 1 sees for a conditional binding, as a role that is there
				name += "_withcond_0123456789abcdef0123"
			}
			held := append(pickUpTo(m, checkedPermissions, 4), "run.locations.list")
			role := world.CustomRole{Name: name, IncludedPermissions: held, Deleted: m.chance(10)}
			if m.chance(40) {
				role.Stage = pickOne(m, []string{"DISABLED", "DISABLED", "DEPRECATED", "ALPHA"})
			}
			m.world.Roles = append(m.world.Roles, role)
		}
	}
}

// drawQuestion draws the question: what runs, where, from which image, as which account, and who deploys it.
func (m *generator) drawQuestion() {
	consumer := m.world.Projects[0]
	q := &m.scenario.question
	q.Project = consumer.ID
	if m.chance(12) {
		q.Project = consumer.Number
	}
	if m.chance(2) {
		q.Project = "nowhere-x"
	}
	q.Strict = m.chance(50)
	m.drawWorkload(consumer)
	if m.chance(20) {
		q.ServiceAccount = m.drawRunner()
	}
	m.drawCallers()
}

func (m *generator) drawWorkload(consumer *world.Project) {
	q := &m.scenario.question
	name := model.WorkloadName{Kind: pickOne(m, []model.WorkloadKind{model.Service, model.Job, model.WorkerPool}), Name: "web", Region: "us-central1"}
	exists := m.chance(60)
	if exists {
		l := &world.Workload{Kind: string(name.Kind), Region: name.Region, ID: name.Name, Images: []string{m.drawImage()}}
		if m.chance(15) {
			l.Images = append(l.Images, m.drawImage())
		}
		if m.chance(10) {
			l.SandboxImages = []string{m.drawImage()}
		}
		switch {
		case m.chance(70):
			l.ServiceAccount = m.drawRunner()
		case name.Kind != model.WorkerPool: // whose template has no field for it
			l.AgentIdentity = m.chance(50)
		}
		consumer.Workloads = append(consumer.Workloads, l)
		q.Workload = &name
	} else if m.chance(30) {
		q.Workload = &name
	}
	if q.Workload == nil && m.chance(50) {
		q.Kind = name.Kind
	}
	if (q.Workload != nil || q.Kind != "") && name.Kind == model.Service {
		q.Public = m.chance(20)
	}
	switch {
	case exists && !m.chance(20):
	case m.chance(30):
		p := pickOne(m, m.world.Projects)
		q.Repository = model.RepositoryName{Project: pickOne(m, []string{p.ID, p.ID, p.ID, p.Number}), Location: "us", ID: pickOne(m, p.Repositories).ID}
	default:
		q.Image = model.ImageOf(m.drawImage())
	}
}

// drawImage names an image, most often one that is there, in another project than the consumer's.
func (m *generator) drawImage() string {
	switch {
	case m.chance(3):
		return pickOne(m, []string{"nginx:1.27", "ghcr.io/team/app:1", "mirror.gcr.io/library/nginx:1.27"})
	case m.chance(2):
		return "quay.io/team/app:1"
	case m.chance(4):
		return "us-docker.pkg.dev/source-b/nothing/app:latest"
	}
	p := m.world.Projects[(1+m.intn(len(m.world.Projects)))%len(m.world.Projects)]
	r := pickOne(m, p.Repositories)
	path := "us-docker.pkg.dev/" + strings.Replace(p.ID, ":", "/", 1) + "/" + r.ID + "/app"
	if r.ID == "gcr.io" {
		path = "gcr.io/" + strings.Replace(p.ID, ":", "/", 1) + "/app"
	}
	return path + pickOne(m, []string{":latest", "", "@" + imageDigest, ":v0"})
}

// drawRunner draws the e-mail of a runtime account: at home, of another project, or of nobody.
func (m *generator) drawRunner() string {
	p := pickOne(m, m.world.Projects)
	switch {
	case m.chance(3):
		return "nobody@" + m.world.Projects[0].ID + ".iam.gserviceaccount.com"
	case m.chance(15):
		return model.DefaultComputeAccount(p.Number)
	}
	return webAccount(p)
}

// webAccount is the e-mail of a project's account web; a domain-scoped project has its domain at the end.
func webAccount(p *world.Project) string {
	host := p.ID
	if domain, id, scoped := strings.Cut(p.ID, ":"); scoped {
		host = id + "." + domain
	}
	return "web@" + host + ".iam.gserviceaccount.com"
}

const federatedPrincipal = "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ann"

func (m *generator) drawCallers() {
	principals := []string{"user:dev@example.com", "user:eve@other.org", "serviceAccount:" + webAccount(m.world.Projects[len(m.world.Projects)-1]), federatedPrincipal}
	m.scenario.caller = pickOne(m, principals)
	if m.chance(55) {
		m.scenario.question.Deployer = model.Member(pickOne(m, principals))
	}
	m.principals = principals
	for _, p := range m.world.Projects {
		for _, api := range agentAPIs {
			email, _ := world.AgentEmail(p, api)
			m.principals = append(m.principals, "serviceAccount:"+email)
		}
	}
}

// addGroups: team and outer, each of which may hold the other.
func (m *generator) addGroups() {
	team := world.Group{Email: "team@example.com", Members: pickUpTo(m, m.principals, 4)}
	outer := world.Group{Email: "outer@example.com", Members: append(pickUpTo(m, m.principals, 2), "group:team@example.com")}
	if m.chance(20) {
		team.Members = append(team.Members, "group:outer@example.com")
	}
	m.world.Groups = []world.Group{team, outer}
}
