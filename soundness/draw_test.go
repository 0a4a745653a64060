package soundness

import (
	"math/bits"
	"strings"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// story is one drawn world with the question asked in it.
type story struct {
	world    *world.World
	drawn    *world.World // what the file says, as it was drawn
	file     []byte       // the world's YAML
	question model.Question
	caller   string
	masked   bool // what conditions on tags come to is drawn, and not in the text that the caller reads
	fiat     bool // the caller sees everything, whatever the world says
	olden    bool // the caller is shown policies as version 1: conditions turned into odd role names
	nameless bool // who calls can't be read
	advised  bool // Policy Troubleshooter is on, which the mirror does not play
}

// maker draws a story.
type maker struct {
	t      *rapid.T
	w      *world.World
	s      *story
	people []string // who can hold a role: callers, accounts, agents
}

// drawStory draws a world and a question. A story for the real clients has nothing in it that only the mirror can show.
func drawStory(t *rapid.T, clients bool) *story { return drawing(t, clients).finish() }

// drawing is a story before its world is made.
func drawing(t *rapid.T, clients bool) *maker {
	m := &maker{t: t, w: &world.World{}, s: &story{masked: !clients}}
	m.s.advised = clients && m.chance(40)
	m.hierarchy()
	for _, p := range m.w.Projects {
		m.fill(p)
	}
	m.roles()
	m.ask()
	m.groups()
	for _, s := range m.stakes() {
		m.bindFor(s)
	}
	m.denies()
	m.sight(clients)
	m.traceAgents()
	return m
}

// finish makes a world of what was drawn.
func (m *maker) finish() *story {
	m.w.Caller = m.s.caller
	m.s.drawn, m.s.file = m.w, worldFile(m.w)
	parsed, err := world.Parse("drawn", m.s.file)
	if err != nil {
		m.t.Fatalf("the drawn world is none: %v\n%s", err, m.s.file)
	}
	m.s.world = parsed
	return m.s
}

// below draws a number from 0 to n-1, each as likely as the other (rapid's own ranges prefer small ones). It shrinks
// to 0.
func (m *maker) below(n int) int {
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
func (m *maker) chance(percent int) bool { return m.below(100) >= 100-percent }

func one[T any](m *maker, list []T) T { return list[m.below(len(list))] }

// some draws up to most of a list.
func some[T any](m *maker, list []T, most int) []T {
	var drawn []T
	for range m.below(most + 1) {
		drawn = append(drawn, one(m, list))
	}
	return drawn
}

var projectIDs = []string{"consumer-a", "source-b", "third-c", "example.com:fourth"}

func (m *maker) hierarchy() {
	parents := []string{""}
	if m.chance(75) {
		m.w.Organization = &world.Organization{ID: "100000000001", DisplayName: "example.com"}
		parents = []string{m.w.Organization.Name()}
		for i := range m.below(4) {
			f := &world.Folder{ID: "20000000000" + string(rune('1'+i)), DisplayName: "folder" + string(rune('1'+i)), Parent: one(m, parents)}
			m.w.Folders = append(m.w.Folders, f)
			parents = append(parents, f.Name())
		}
	}
	for i, id := range projectIDs[:2+m.below(3)] {
		p := &world.Project{ID: id, Number: strings.Repeat(string(rune('1'+i)), 12), Parent: parents[len(parents)-1-m.below(len(parents))]}
		if m.chance(5) {
			p.State = "DELETE_REQUESTED"
		}
		m.w.Projects = append(m.w.Projects, p)
	}
}

var bothAgents = []string{"run.googleapis.com", "artifactregistry.googleapis.com"}

// fill puts APIs, accounts, repositories and workloads into a project.
func (m *maker) fill(p *world.Project) {
	p.Agents = &bothAgents
	for _, api := range []string{"run", "artifactregistry", "orgpolicy"} {
		if !m.chance(7) {
			p.Services = append(p.Services, api+".googleapis.com")
		}
	}
	if m.s.advised {
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
	m.repositories(p)
}

const digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

func (m *maker) repositories(p *world.Project) {
	app := []*world.Image{{Package: "app", Digest: digest, Tags: []string{"latest"}}}
	p.Repositories = []*world.Repository{{Location: "us", ID: "images", Images: app}}
	if m.chance(10) {
		p.Repositories = append(p.Repositories, &world.Repository{Location: "us", ID: "gcr.io", Images: app})
	}
	if m.chance(40) {
		r := &world.Repository{Location: "us", ID: "front", Mode: "VIRTUAL"}
		for range 1 + m.below(2) {
			r.Upstreams = append(r.Upstreams, one(m, m.w.Projects).Name()+"/locations/us/repositories/images")
		}
		p.Repositories = append(p.Repositories, r)
	}
	if m.chance(15) {
		r := &world.Repository{Location: "us", ID: "cache", Mode: "REMOTE", Upstreams: []string{"https://registry-1.docker.io"}}
		if m.chance(60) {
			r.Upstreams[0] = one(m, m.w.Projects).Name() + "/locations/us/repositories/images"
		}
		p.Repositories = append(p.Repositories, r)
	}
}

// atStake are the permissions that the checks ask about.
var atStake = []string{
	string(model.PermDownload), string(model.PermReadViaVirtual), string(model.PermActAs), string(model.PermGetAccessToken),
	"run.services.create", "run.services.update", "run.services.get", "run.services.setIamPolicy", "run.jobs.create", "run.jobs.update",
	"run.jobs.get", "run.workerpools.create", "run.workerpools.update", "run.workerpools.get",
}

// roles makes custom roles on the projects and on the organization.
func (m *maker) roles() {
	var owners []string
	for _, p := range m.w.Projects {
		owners = append(owners, p.Name())
	}
	if m.w.Organization != nil {
		owners = append(owners, m.w.Organization.Name())
	}
	for _, owner := range owners {
		for i := range m.below(3) {
			name := owner + "/roles/custom" + string(rune('a'+i))
			if m.chance(5) { // what a reader of version 1 sees for a conditional binding, as a role that is there
				name += "_withcond_0123456789abcdef0123"
			}
			held := append(some(m, atStake, 4), "run.locations.list")
			role := world.CustomRole{Name: name, IncludedPermissions: held, Deleted: m.chance(10)}
			if m.chance(40) {
				role.Stage = one(m, []string{"DISABLED", "DISABLED", "DEPRECATED", "ALPHA"})
			}
			m.w.Roles = append(m.w.Roles, role)
		}
	}
}

// ask draws the question: what runs, where, from which image, as whom and by whom.
func (m *maker) ask() {
	consumer := m.w.Projects[0]
	q := &m.s.question
	q.Project = consumer.ID
	if m.chance(12) {
		q.Project = consumer.Number
	}
	if m.chance(2) {
		q.Project = "nowhere-x"
	}
	q.Strict = m.chance(50)
	m.workload(consumer)
	if m.chance(20) {
		q.ServiceAccount = m.runner()
	}
	m.callers()
}

func (m *maker) workload(consumer *world.Project) {
	q := &m.s.question
	name := model.WorkloadName{Kind: one(m, []model.WorkloadKind{model.Service, model.Job, model.WorkerPool}), Name: "web", Region: "us-central1"}
	there := m.chance(60)
	if there {
		l := &world.Workload{Kind: string(name.Kind), Region: name.Region, ID: name.Name, Images: []string{m.image()}}
		if m.chance(15) {
			l.Images = append(l.Images, m.image())
		}
		if m.chance(10) {
			l.SandboxImages = []string{m.image()}
		}
		switch {
		case m.chance(70):
			l.ServiceAccount = m.runner()
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
	case there && !m.chance(20):
	case m.chance(30):
		p := one(m, m.w.Projects)
		q.Repository = model.RepositoryName{Project: one(m, []string{p.ID, p.ID, p.ID, p.Number}), Location: "us", ID: one(m, p.Repositories).ID}
	default:
		q.Image = m.image()
	}
}

// image names an image, most often one that is there, in another project than the consumer's.
func (m *maker) image() string {
	switch {
	case m.chance(3):
		return one(m, []string{"nginx:1.27", "ghcr.io/team/app:1", "mirror.gcr.io/library/nginx:1.27"})
	case m.chance(2):
		return "quay.io/team/app:1"
	case m.chance(4):
		return "us-docker.pkg.dev/source-b/nothing/app:latest"
	}
	p := m.w.Projects[(1+m.below(len(m.w.Projects)))%len(m.w.Projects)]
	r := one(m, p.Repositories)
	path := "us-docker.pkg.dev/" + strings.Replace(p.ID, ":", "/", 1) + "/" + r.ID + "/app"
	if r.ID == "gcr.io" {
		path = "gcr.io/" + strings.Replace(p.ID, ":", "/", 1) + "/app"
	}
	return path + one(m, []string{":latest", "", "@" + digest, ":v0"})
}

// runner draws the e-mail of a runtime account: at home, of another project, or of nobody.
func (m *maker) runner() string {
	p := one(m, m.w.Projects)
	switch {
	case m.chance(3):
		return "nobody@" + m.w.Projects[0].ID + ".iam.gserviceaccount.com"
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

const federated = "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ann"

func (m *maker) callers() {
	who := []string{"user:dev@example.com", "user:eve@other.org", "serviceAccount:" + webAccount(m.w.Projects[len(m.w.Projects)-1]), federated}
	m.s.caller = one(m, who)
	if m.chance(55) {
		m.s.question.Deployer = model.Member(one(m, who))
	}
	m.people = who
	for _, p := range m.w.Projects {
		for _, api := range bothAgents {
			email, _ := world.AgentEmail(p, api)
			m.people = append(m.people, "serviceAccount:"+email)
		}
	}
}

// groups: team and outer, each of which may hold the other.
func (m *maker) groups() {
	team := world.Group{Email: "team@example.com", Members: some(m, m.people, 4)}
	outer := world.Group{Email: "outer@example.com", Members: append(some(m, m.people, 2), "group:team@example.com")}
	if m.chance(20) {
		team.Members = append(team.Members, "group:outer@example.com")
	}
	m.w.Groups = []world.Group{team, outer}
}
