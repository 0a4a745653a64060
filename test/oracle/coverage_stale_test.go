package oracle

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// countStale counts the verdicts of the list, and those on the features below.
func (cov *coverage) countStale(s *scenario, list model.StaleList) {
	cov.mu.Lock()
	defer cov.mu.Unlock()
	for _, b := range list.Bindings {
		fate := "kept"
		switch {
		case b.Removable:
			fate = "removed"
		case b.Replace != "":
			fate = "is replaced"
		}
		cov.counts[fmt.Sprintf("%-10s %-11s on a %s", b.Status, fate, b.Resource.Kind())]++
		for _, what := range s.staleFeatures(b) {
			cov.counts[fmt.Sprintf("%s: %s, %s", what, b.Status, fate)]++
		}
	}
}

// staleFeatures names the features of a binding that a run easily misses.
func (s *scenario) staleFeatures(b model.StaleBinding) (all []string) {
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
	for _, way := range s.soleUses(p, b) {
		all = append(all, "used only by "+way)
	}
	if b.Role == model.RoleRunAgent && b.Resource.Kind() != model.KindRepository {
		where := "elsewhere"
		if slices.Contains(s.world.Chain(world.FullName("cloudresourcemanager", p.Name())), string(b.Resource)) {
			where = "above its home"
		}
		all = append(all, "the agent's role "+where)
	}
	return all
}

// soleUses gives the only kind of workload that uses the repositories which a binding of a project's agent reaches: nothing
// where there are several kinds, or none.
func (s *scenario) soleUses(p *world.Project, b model.StaleBinding) []string {
	found := map[string]bool{}
	for _, l := range s.world.Workloads(p) {
		kind := l.Kind
		s.addUses(found, b, l.Images, kind)
		s.addUses(found, b, l.SandboxImages, "a sandbox")
		for _, r := range l.Revisions {
			if r.Traffic > 0 || r.Tag != "" {
				s.addUses(found, b, r.Images, "a revision")
				s.addUses(found, b, r.SandboxImages, "a sandbox")
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

func (s *scenario) addUses(found map[string]bool, b model.StaleBinding, images []string, way string) {
	for _, text := range images {
		ref, ok := world.ParseReference(text)
		if !ok {
			continue
		}
		for _, name := range s.withUpstreams(ref.Repository) {
			if slices.Contains(s.world.Chain(world.FullName("artifactregistry", name)), s.world.Canonical(string(b.Resource))) {
				if name != ref.Repository {
					way += ", through another repository"
				}
				found[strings.ReplaceAll(way, "instance", "an instance")] = true
			}
		}
	}
}

func (s *scenario) withUpstreams(name string) []string {
	names := []string{name}
	if r := s.world.Repository(name); r != nil {
		names = append(names, r.Upstreams...)
	}
	return names
}

// staleCoverage lists the cases that a run must have met to prove something.
var staleCoverage = []string{
	"active     kept        on a repository", "idle       removed     on a repository", "redundant  removed     on a repository",
	"redundant  removed     on a organization", "excessive  is replaced on a repository", "excessive  is replaced on a organization",
	"dying      removed     on a organization", "expired    removed     on a organization", "deleted    removed     on a project",
	"public: public, kept", "a role that is not in force: unknown, kept",
	"the agent's role above its home: active, kept", "the agent's role above its home: redundant, removed", "the agent's role elsewhere: active, kept",
	"used only by an instance: active, kept", "used only by an instance: excessive, is replaced", "used only by a sandbox: active, kept",
	"used only by a revision: active, kept", "used only by job: active, kept", "used only by worker-pool: active, kept",
}
