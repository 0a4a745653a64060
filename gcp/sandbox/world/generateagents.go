package world

import (
	"fmt"
	"slices"
	"strings"
)

// sharing makes the made-up projects use images of each other's repositories,
// and binds the Cloud Run service agents that this takes, beside bindings of
// each kind that nothing needs any more. It draws from numbers of its own, so
// that the rest of the content is the same with it and without.
type sharing struct {
	*maker
	homes  []*Project
	grants map[*Repository]*grants
	behind map[*Repository]*Repository // what a virtual one shows
}

// grants are who may read a made-up repository.
type grants struct {
	agents           []*Project // whose agents read because they use it
	readers, writers []string   // the others
}

// In thousandths of the bindings of agents; an idle one is an agent of a
// project that runs nothing from the repository.
const (
	idleShare      = 15
	redundantShare = 10 // on the repository's project too
	widerShare     = 10 // on its project alone
	excessiveShare = 10 // as a writer
)

// Every n-th made-up project is being deleted, and every n-th repository is
// virtual, in front of the one before it.
const (
	everyDeleted = 100
	everyVirtual = 20
)

func (m *maker) share(homes []*Project, madeUp bool) {
	if len(m.repositories) == 0 {
		return
	}
	s := &sharing{maker: m, homes: homes, grants: map[*Repository]*grants{}, behind: map[*Repository]*Repository{}}
	for _, r := range m.repositories {
		s.grants[r] = &grants{}
	}
	for i := everyVirtual - 1; i < len(m.repositories); i += everyVirtual {
		s.virtual(m.repositories[i], m.repositories[i-1])
	}
	for i := everyDeleted - 1; madeUp && i < len(homes); i += everyDeleted {
		homes[i].State = "DELETE_REQUESTED"
	}
	for _, p := range homes {
		s.uses(p)
	}
	s.leftovers()
	s.write()
}

// virtual puts a repository in front of another, in the same location, as
// Artifact Registry wants it.
func (s *sharing) virtual(r, upstream *Repository) {
	before := r.RegistryPath()
	r.Mode, r.Location, r.Upstreams = "VIRTUAL", upstream.Location, []string{upstream.Name()}
	for _, l := range r.Project.Workloads {
		l.Images[0] = strings.Replace(l.Images[0], before+"/", r.RegistryPath()+"/", 1)
	}
	upstream.Images = append(upstream.Images, r.Images...)
	r.Images, s.behind[r] = nil, upstream
	if r.Project != upstream.Project {
		email, _ := AgentEmail(r.Project, "artifactregistry.googleapis.com")
		s.grants[upstream].readers = append(s.grants[upstream].readers, "serviceAccount:"+email)
	}
}

// uses gives a project two repositories to run images of, and to a fifth of
// what has revisions an older one that still serves, from a third.
func (s *sharing) uses(p *Project) {
	sources := []*Repository{s.any(), s.any()}
	for _, l := range p.Workloads {
		r := sources[s.rand.IntN(len(sources))]
		image := s.imageOf(r)
		if image == "" || s.rand.IntN(10) == 0 {
			continue // its own, as without sharing
		}
		l.Images = []string{image}
		s.grant(r, p)
		if other := s.any(); l.HasRevisions() && s.rand.IntN(5) == 0 {
			s.serves(p, l, other)
		}
	}
}

// serves gives a workload an older revision with some of the traffic, or just
// a tag of a service.
func (s *sharing) serves(p *Project, l *Workload, r *Repository) {
	image := s.imageOf(r)
	if image == "" {
		return
	}
	older := Revision{Name: l.ID + "-00001-old", Traffic: 10, Images: []string{image}}
	if l.Kind == "service" && s.rand.IntN(3) == 0 {
		older.Traffic, older.Tag = 0, "before"
	}
	l.Revisions = []Revision{{Name: l.ID + "-00002-new", Traffic: 100 - older.Traffic, Images: l.Images}, older}
	s.grant(r, p)
}

func (s *sharing) any() *Repository { return s.repositories[s.rand.IntN(len(s.repositories))] }

// imageOf names an image of a repository, or of what a virtual one shows.
func (s *sharing) imageOf(r *Repository) string {
	images := r.Images
	if upstream := s.behind[r]; upstream != nil {
		images = upstream.Images
	}
	if len(images) == 0 {
		return ""
	}
	return r.RegistryPath() + "/" + images[s.rand.IntN(len(images))].Package + ":latest"
}

// grant lets a project's agent read; at home its own role does.
func (s *sharing) grant(r *Repository, p *Project) {
	g := s.grants[r]
	if r.Project != p && !slices.Contains(g.agents, p) {
		g.agents = append(g.agents, p)
	}
}

func agentMember(p *Project) string {
	email, _ := AgentEmail(p, "run.googleapis.com")
	return "serviceAccount:" + email
}

// leftovers makes what a scan has to tell from the bindings in use.
func (s *sharing) leftovers() {
	total := 0
	for _, r := range s.repositories {
		total += len(s.grants[r].agents)
	}
	part := func(share int) int { return (total*share + 999) / 1000 }
	for range part(redundantShare) {
		s.ofOne(func(r *Repository, p *Project) { addMember(&r.Project.Policy, readerRole, agentMember(p)) })
	}
	for range part(widerShare) {
		s.ofOne(func(r *Repository, p *Project) {
			addMember(&r.Project.Policy, readerRole, agentMember(p))
			s.grants[r].drop(p)
		})
	}
	for range part(excessiveShare) {
		s.ofOne(func(r *Repository, p *Project) {
			s.grants[r].drop(p)
			s.grants[r].writers = append(s.grants[r].writers, agentMember(p))
		})
	}
	for range part(idleShare) {
		r, p := s.any(), s.homes[s.rand.IntN(len(s.homes))]
		s.idle(r, p)
	}
	for i, r := range s.repositories {
		s.others(i, s.grants[r])
	}
}

// ofOne does something to a binding in use, drawn by chance.
func (s *sharing) ofOne(do func(*Repository, *Project)) {
	r := s.any()
	if agents := s.grants[r].agents; len(agents) > 0 {
		do(r, agents[s.rand.IntN(len(agents))])
	}
}

// idle binds the agent of a project that runs nothing from the repository.
func (s *sharing) idle(r *Repository, p *Project) {
	member := agentMember(p)
	if g := s.grants[r]; r.Project != p && !slices.Contains(g.agents, p) && !slices.Contains(g.writers, member) && !holdsMember(r.Project.Policy, member) {
		g.readers = append(g.readers, member)
	}
}

// others adds whoever else reads repositories: teams, people, pipelines, and
// members that were deleted.
func (s *sharing) others(i int, g *grants) {
	team := pick(s.maker, madeTeams)
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

func (g *grants) drop(p *Project) {
	g.agents = slices.DeleteFunc(g.agents, func(other *Project) bool { return other == p })
}

const (
	readerRole = "roles/artifactregistry.reader"
	writerRole = "roles/artifactregistry.writer"
)

// write turns the grants into policies.
func (s *sharing) write() {
	for _, r := range s.repositories {
		g := s.grants[r]
		for _, p := range g.agents {
			addMember(&r.Policy, readerRole, agentMember(p))
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

func holdsMember(p FilePolicy, member string) bool {
	return slices.ContainsFunc(p.Bindings, func(b FileBinding) bool { return slices.Contains(b.Members, member) })
}
