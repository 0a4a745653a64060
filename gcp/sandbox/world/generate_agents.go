package world

import (
	"fmt"
	"slices"
	"strings"
)

// sharingGenerator makes the made-up projects use images of each other's repositories. It adds the bindings
// of Cloud Run service agents that this needs, and some of each kind that nothing needs any more. It draws
// from numbers of its own, so that the rest of the content is the same with it and without.
type sharingGenerator struct {
	*generator
	projects  []*Project
	members   map[*Repository]*repositoryMembers
	upstreams map[*Repository]*Repository // what a virtual one shows
}

// repositoryMembers are who may read a made-up repository.
type repositoryMembers struct {
	users            []*Project // whose agents read because they use it
	readers, writers []string   // the others
}

// In thousandths of the bindings of agents; an idle one is an agent of a
// project that runs nothing from the repository.
const (
	idleShare        = 15
	redundantShare   = 10 // on the repository's project too
	projectWideShare = 10 // on its project alone
	excessiveShare   = 10 // as a writer
)

// Every n-th made-up project is being deleted, and every n-th repository is
// virtual, in front of the one before it.
const (
	deletedInterval = 100
	virtualInterval = 20
)

func (gen *generator) shareRepositories(projects []*Project, generated bool) {
	if len(gen.repositories) == 0 {
		return
	}
	s := &sharingGenerator{generator: gen, projects: projects, members: map[*Repository]*repositoryMembers{}, upstreams: map[*Repository]*Repository{}}
	for _, r := range gen.repositories {
		s.members[r] = &repositoryMembers{}
	}
	for i := virtualInterval - 1; i < len(gen.repositories); i += virtualInterval {
		s.makeVirtual(gen.repositories[i], gen.repositories[i-1])
	}
	for i := deletedInterval - 1; generated && i < len(projects); i += deletedInterval {
		projects[i].State = "DELETE_REQUESTED"
	}
	for _, p := range projects {
		s.useRepositories(p)
	}
	s.addUnneededBindings()
	s.writePolicies()
}

// makeVirtual puts a repository in front of another, in the same location, as
// Artifact Registry wants it.
func (s *sharingGenerator) makeVirtual(r, upstream *Repository) {
	before := r.RegistryPath()
	r.Mode, r.Location, r.Upstreams = "VIRTUAL", upstream.Location, []string{upstream.Name()}
	for _, l := range r.Project.Workloads {
		l.Images[0] = strings.Replace(l.Images[0], before+"/", r.RegistryPath()+"/", 1)
	}
	upstream.Images = append(upstream.Images, r.Images...)
	r.Images, s.upstreams[r] = nil, upstream
	if r.Project != upstream.Project {
		email, _ := AgentEmail(r.Project, "artifactregistry.googleapis.com")
		s.members[upstream].readers = append(s.members[upstream].readers, "serviceAccount:"+email)
	}
}

// useRepositories gives a project two repositories to run images of. A fifth of the workloads with revisions
// get an older revision that still serves, with an image from a third repository.
func (s *sharingGenerator) useRepositories(p *Project) {
	sources := []*Repository{s.randomRepository(), s.randomRepository()}
	for _, l := range p.Workloads {
		r := sources[s.rand.IntN(len(sources))]
		image := s.randomImage(r)
		if image == "" || s.rand.IntN(10) == 0 {
			continue // its own, as without sharing
		}
		l.Images = []string{image}
		s.grantToAgent(r, p)
		if other := s.randomRepository(); l.HasRevisions() && s.rand.IntN(5) == 0 {
			s.addServingRevision(p, l, other)
		}
	}
}

// addServingRevision gives a workload an older revision with some of the traffic, or just
// a tag of a service.
func (s *sharingGenerator) addServingRevision(p *Project, l *Workload, r *Repository) {
	image := s.randomImage(r)
	if image == "" {
		return
	}
	older := Revision{Name: l.ID + "-00001-old", Traffic: 10, Images: []string{image}}
	if l.Kind == "service" && s.rand.IntN(3) == 0 {
		older.Traffic, older.Tag = 0, "before"
	}
	l.Revisions = []Revision{{Name: l.ID + "-00002-new", Traffic: 100 - older.Traffic, Images: l.Images}, older}
	s.grantToAgent(r, p)
}

func (s *sharingGenerator) randomRepository() *Repository {
	return s.repositories[s.rand.IntN(len(s.repositories))]
}

// randomImage names an image of a repository, or of what a virtual one shows.
func (s *sharingGenerator) randomImage(r *Repository) string {
	images := r.Images
	if upstream := s.upstreams[r]; upstream != nil {
		images = upstream.Images
	}
	if len(images) == 0 {
		return ""
	}
	return r.RegistryPath() + "/" + images[s.rand.IntN(len(images))].Package + ":latest"
}

// grantToAgent lets a project's agent read; at home its own role does.
func (s *sharingGenerator) grantToAgent(r *Repository, p *Project) {
	g := s.members[r]
	if r.Project != p && !slices.Contains(g.users, p) {
		g.users = append(g.users, p)
	}
}

func runAgentMember(p *Project) string {
	email, _ := AgentEmail(p, "run.googleapis.com")
	return "serviceAccount:" + email
}

// addUnneededBindings makes what a scan has to tell from the bindings in use.
func (s *sharingGenerator) addUnneededBindings() {
	total := 0
	for _, r := range s.repositories {
		total += len(s.members[r].users)
	}
	part := func(share int) int { return (total*share + 999) / 1000 }
	for range part(redundantShare) {
		s.withRandomBinding(func(r *Repository, p *Project) { addMember(&r.Project.Policy, readerRole, runAgentMember(p)) })
	}
	for range part(projectWideShare) {
		s.withRandomBinding(func(r *Repository, p *Project) {
			addMember(&r.Project.Policy, readerRole, runAgentMember(p))
			s.members[r].removeAgent(p)
		})
	}
	for range part(excessiveShare) {
		s.withRandomBinding(func(r *Repository, p *Project) {
			s.members[r].removeAgent(p)
			s.members[r].writers = append(s.members[r].writers, runAgentMember(p))
		})
	}
	for range part(idleShare) {
		r, p := s.randomRepository(), s.projects[s.rand.IntN(len(s.projects))]
		s.addIdleBinding(r, p)
	}
	for i, r := range s.repositories {
		s.addOtherMembers(i, s.members[r])
	}
}

// withRandomBinding does something to a binding in use, drawn by chance.
func (s *sharingGenerator) withRandomBinding(do func(*Repository, *Project)) {
	r := s.randomRepository()
	if agents := s.members[r].users; len(agents) > 0 {
		do(r, agents[s.rand.IntN(len(agents))])
	}
}

// addIdleBinding binds the agent of a project that runs nothing from the repository.
func (s *sharingGenerator) addIdleBinding(r *Repository, p *Project) {
	member := runAgentMember(p)
	if g := s.members[r]; r.Project != p && !slices.Contains(g.users, p) && !slices.Contains(g.writers, member) && !policyHasMember(r.Project.Policy, member) {
		g.readers = append(g.readers, member)
	}
}

// addOtherMembers adds the others who read repositories: teams, people, pipelines, and
// members that were deleted.
func (s *sharingGenerator) addOtherMembers(i int, g *repositoryMembers) {
	team := randomWord(s.generator, sampleTeams)
	g.writers = append(g.writers, "group:"+team+"-ci@example.com")
	switch s.rand.IntN(10) {
	case 0:
		g.readers = append(g.readers, fmt.Sprintf("user:%s-%d@example.com", team, i))
	case 1, 2:
		g.readers = append(g.readers, "group:"+team+"@example.com")
	case 3:
		g.readers = append(g.readers, "domain:example.com")
	}
	switch s.rand.IntN(50) {
	case 0:
		g.readers = append(g.readers, fmt.Sprintf("deleted:serviceAccount:service-8%011d@serverless-robot-prod.iam.gserviceaccount.com?uid=1%020d", i+1, i+1))
	case 1:
		g.readers = append(g.readers, fmt.Sprintf("deleted:user:%s-%d@example.com?uid=1%020d", team, i, i+1))
	}
}

func (g *repositoryMembers) removeAgent(p *Project) {
	g.users = slices.DeleteFunc(g.users, func(other *Project) bool { return other == p })
}

const (
	readerRole = "roles/artifactregistry.reader"
	writerRole = "roles/artifactregistry.writer"
)

// writePolicies turns the grants into policies.
func (s *sharingGenerator) writePolicies() {
	for _, r := range s.repositories {
		g := s.members[r]
		for _, p := range g.users {
			addMember(&r.Policy, readerRole, runAgentMember(p))
		}
		for _, m := range g.readers {
			addMember(&r.Policy, readerRole, m)
		}
		for _, m := range g.writers {
			addMember(&r.Policy, writerRole, m)
		}
	}
}

func addMember(p *FilePolicy, role, member string) {
	at := slices.IndexFunc(p.Bindings, func(b FileBinding) bool { return b.Role == role && b.Condition == nil })
	if at < 0 {
		at = len(p.Bindings)
		p.Bindings = append(p.Bindings, FileBinding{Role: role})
	}
	if !slices.Contains(p.Bindings[at].Members, member) {
		p.Bindings[at].Members = append(p.Bindings[at].Members, member)
	}
}

func policyHasMember(p FilePolicy, member string) bool {
	return slices.ContainsFunc(p.Bindings, func(b FileBinding) bool { return slices.Contains(b.Members, member) })
}
