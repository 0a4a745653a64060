package soundness

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// seenStale counts what the list says, and what it says where it matters.
func (y *tally) seenStale(s *story, list model.StaleList) {
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, b := range list.Bindings {
		fate := "stays"
		switch {
		case b.Removable:
			fate = "goes"
		case b.Replace != "":
			fate = "is replaced"
		}
		y.counts[fmt.Sprintf("%-10s %-11s on a %s", b.Status, fate, b.Resource.Kind())]++
		for _, what := range s.involves(b) {
			y.counts[fmt.Sprintf("%s: %s, %s", what, b.Status, fate)]++
		}
	}
}

// involves names what a binding is about that is easily forgotten.
func (s *story) involves(b model.StaleBinding) (all []string) {
	number := model.RunServiceAgentProject(b.Member)
	if b.Member == model.AllUsers || b.Member == model.AllAuthenticatedUsers {
		all = append(all, "public")
	}
	if role := s.world.CustomRole(b.Role); role != nil && (role.Deleted || role.Stage == "DISABLED") {
		all = append(all, "a role that is not in force")
	}
	p := s.world.Project(number)
	if number == "" || p == nil {
		return all
	}
	for _, way := range s.ways(p, b) {
		all = append(all, "used only by "+way)
	}
	if b.Role == model.RoleRunAgent && b.Resource.Kind() != model.KindRepository {
		where := "elsewhere"
		if slices.Contains(s.world.Chain(world.Full("cloudresourcemanager", p.Name())), string(b.Resource)) {
			where = "above its home"
		}
		all = append(all, "the agent's role "+where)
	}
	return all
}

// ways tells what alone uses the repositories that a binding of a project's agent reaches: nothing where there are
// several ways, or none.
func (s *story) ways(p *world.Project, b model.StaleBinding) []string {
	found := map[string]bool{}
	for _, l := range s.world.Workloads(p) {
		kind := l.Kind
		s.reaches(found, b, l.Images, kind)
		s.reaches(found, b, l.SandboxImages, "a sandbox")
		for _, r := range l.Revisions {
			if r.Traffic > 0 || r.Tag != "" {
				s.reaches(found, b, r.Images, "a revision")
				s.reaches(found, b, r.SandboxImages, "a sandbox")
			}
		}
	}
	var all []string
	for way := range found {
		all = append(all, way)
	}
	if len(all) > 1 {
		return nil
	}
	return all
}

func (s *story) reaches(found map[string]bool, b model.StaleBinding, images []string, way string) {
	for _, text := range images {
		ref, ok := world.ParseReference(text)
		if !ok {
			continue
		}
		for _, name := range s.withUpstreams(ref.Repository) {
			if slices.Contains(s.world.Chain(world.Full("artifactregistry", name)), s.world.Canonical(string(b.Resource))) {
				if name != ref.Repository {
					way += ", through another repository"
				}
				found[strings.ReplaceAll(way, "instance", "an instance")] = true
			}
		}
	}
}

func (s *story) withUpstreams(name string) []string {
	names := []string{name}
	if r := s.world.Repository(name); r != nil {
		names = append(names, r.Upstreams...)
	}
	return names
}

// staleNeeded is what must have come up in a run that proves something.
var staleNeeded = []string{
	"active     stays       on a repository", "idle       goes        on a repository", "redundant  goes        on a repository",
	"redundant  goes        on a organization", "excessive  is replaced on a repository", "excessive  is replaced on a organization",
	"dying      goes        on a organization", "expired    goes        on a organization", "deleted    goes        on a project",
	"public: public, stays", "a role that is not in force: unknown, stays",
	"the agent's role above its home: active, stays", "the agent's role above its home: redundant, goes", "the agent's role elsewhere: active, stays",
	"used only by an instance: active, stays", "used only by an instance: excessive, is replaced", "used only by a sandbox: active, stays",
	"used only by a revision: active, stays", "used only by job: active, stays", "used only by worker-pool: active, stays",
}
