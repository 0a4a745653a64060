package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// judgeOne judges a single binding of an agent, with nothing more to come.
func judgeOne(t *testing.T, s Situation, m Member) StaleBinding {
	t.Helper()
	s.ReadingDone = true
	for _, b := range FindStale(s).Bindings {
		if b.Member == m {
			return b
		}
	}
	t.Fatalf("%s holds nothing", m)
	return StaleBinding{}
}

func inventoryOf(images ...string) Fact[Inventory] {
	return Known(Inventory{Running: []RunningWorkload{{Workload: Workload{WorkloadName: WorkloadName{Service, "web", "us-central1"}, Images: ImagesOf(images...)}}}})
}

// An image of Artifact Registry that can't be understood may be one of this repository.
func TestStaleImagesThatAreNotUnderstood(t *testing.T) {
	for image, want := range map[string]StaleStatus{
		"US-docker.pkg.dev/source-b/images/app":      StaleActive,
		"US-DOCKER.pkg.dev/source-b/Images/app":      StaleUnknown,
		"us-docker.pkg.dev:443/source-b/images/app":  StaleUnknown,
		"us-docker.pkg.dev/source-b/images//app":     StaleUnknown,
		"us-docker.pkg.dev/source-b/images/app@sha2": StaleUnknown,
		"docker.us.rep.pkg.dev/x":                    StaleUnknown,
		"GCR.io/source-b/app":                        StaleIdle,
		"gcr.io/source-b/app":                        StaleIdle,
		"mirror.gcr.io/library/nginx":                StaleIdle,
		"k8s.gcr.io/pause":                           StaleIdle,
		"nginx":                                      StaleIdle,
		"ghcr.io/a/docker.pkg.dev":                   StaleIdle,
		"us-docker.pkg.dev/source-b/images/app":      StaleActive,
	} {
		t.Run(image, func(t *testing.T) {
			s := staleSituation(map[Resource][]Binding{staleRepo.Resource(): {newBinding(readerRole, serviceAgentOf("2"))}})
			s.Inventories["consumer-2"] = inventoryOf(image)
			gcr := RepositoryName{Project: "source-b", Location: "us", ID: "gcr.io"}
			s.Repositories[gcr.Resource()] = Known(Repository{Name: gcr})
			if b := judgeOne(t, s, serviceAgentOf("2")); b.Status != want || want == StaleUnknown && len(b.Gaps) == 0 {
				t.Errorf("%s: %s, %v", image, b.Status, b.Gaps)
			}
		})
	}
}

// Behind the last repository that is followed there may be this one.
func TestStaleBehindManyVirtualRepositories(t *testing.T) {
	for depth, want := range map[int]StaleStatus{1: StaleActive, maxUpstreamDepth: StaleActive, maxUpstreamDepth + 1: StaleUnknown, maxUpstreamDepth + 3: StaleUnknown} {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			s := staleSituation(map[Resource][]Binding{staleRepo.Resource(): {newBinding(readerRole, serviceAgentOf("2"))}})
			at := staleRepo
			for n := range depth {
				front := RepositoryName{Project: "source-b", Location: "us", ID: fmt.Sprint("front-", n)}
				s.Repositories[front.Resource()] = Known(Repository{Name: front, Mode: ModeVirtual, Upstreams: []RepositoryName{at}})
				at = front
			}
			s.Inventories["consumer-2"] = inventoryOf("us-docker.pkg.dev/source-b/" + at.ID + "/app")
			if b := judgeOne(t, s, serviceAgentOf("2")); b.Status != want {
				t.Errorf("through %d: %s", depth, b.Status)
			}
		})
	}
}

// An index lags behind: that it shows no use, by what a virtual repository reads or a folder holds, proves nothing.
func TestStaleIndexProvesNoLackOfUse(t *testing.T) {
	through := func(s *Situation) { // the index has not heard that the virtual repository reads this one
		s.Index.Inventories["2"] = inventoryOf("us-docker.pkg.dev/source-b/all/app").Value
		s.Inventories["consumer-2"] = inventoryOf("us-docker.pkg.dev/source-b/all/app")
		s.Index.Repositories = map[Resource]Repository{virtualRepo.Resource(): {Name: virtualRepo, Mode: ModeVirtual, Upstreams: []RepositoryName{otherRepo}}}
	}
	moved := func(s *Situation) { // nor that the project was moved into the folder
		s.Index.Sites = []BindingSite{{staleFolder, []Resource{staleFolder}}}
		s.Index.Policies = map[Resource]Policy{staleFolder: {Bindings: []Binding{newBinding(readerRole, serviceAgentOf("2"))}}}
		s.Index.Inventories["2"] = inventoryOf("us-docker.pkg.dev/consumer-1/own/x").Value
		s.Index.Levels = map[string][]Resource{"consumer-1": {ProjectResource("consumer-1"), AncestorResource("organizations/1")}}
		s.Ancestry["consumer-1"] = Known([]Ancestor{{Resource: ProjectResource("consumer-1")}, {Resource: staleFolder}})
	}
	lost := Gap{Reason: "out of sight"}
	for about, c := range map[string]struct {
		changes []func(*Situation)
		want    StaleStatus
	}{
		"read directly":          {[]func(*Situation){through}, StaleActive},
		"not to be seen":         {[]func(*Situation){through, func(s *Situation) { s.Repositories[virtualRepo.Resource()] = Unread[Repository](lost) }}, StaleUnknown},
		"a folder":               {[]func(*Situation){moved}, StaleActive},
		"a folder, not seen":     {[]func(*Situation){moved, func(s *Situation) { s.Ancestry["consumer-1"] = Unread[[]Ancestor](lost) }}, StaleUnknown},
		"a folder, by the index": {[]func(*Situation){moved, func(s *Situation) { s.Index.Levels["consumer-1"] = []Resource{staleFolder} }}, StaleActive},
	} {
		t.Run(about, func(t *testing.T) {
			s := manyBindingsOfOrganization()
			s.Index.Policies[staleRepo.Resource()] = Policy{Bindings: []Binding{newBinding(readerRole, serviceAgentOf("2"))}}
			s.Index.Policies[ProjectResource("source-b")] = Policy{}
			s.Index.Policies[otherRepo.Resource()] = Policy{}
			s.Index.Policies[staleFolder] = Policy{}
			for _, change := range c.changes {
				change(&s)
			}
			if b := judgeOne(t, s, serviceAgentOf("2")); b.Status != c.want {
				t.Errorf("%s: %s: %s", about, b.Status, b.Reason)
			}
		})
	}
}

// A broad role under a condition is replaced under the same one, by both commands or by none.
func TestStaleReplacesUnderTheSameCondition(t *testing.T) {
	for title, commands := range map[string]int{"until July": 2, "": 0} {
		t.Run(cmp.Or(title, "empty"), func(t *testing.T) {
			b := conditional(futureCondition, newBinding("roles/artifactregistry.writer", serviceAgentOf("1")))
			b.Condition.Title = title
			found := judgeOne(t, staleSituation(map[Resource][]Binding{staleRepo.Resource(): {b}}), serviceAgentOf("1"))
			if found.Status != StaleExcessive || len(found.Gcloud) != commands ||
				slices.ContainsFunc(found.Gcloud, func(c string) bool { return !strings.Contains(c, "--condition=expression=") }) {
				t.Errorf("%q: %s, %v", title, found.Status, found.Gcloud)
			}
			steps, _ := StaleSteps([]StaleBinding{found})
			if len(steps) != 2 || !steps[0].Condition.equal(b.Condition) || !steps[1].Condition.equal(b.Condition) {
				t.Errorf("%q: the steps are %+v", title, steps)
			}
		})
	}
}

// A comment ends with its line: what follows it counts.
func TestStaleConditionsOfSeveralLines(t *testing.T) {
	live := strings.TrimSpace(expiredCondition) + " // the first wave\n|| " + futureCondition
	if b := judgeOne(t, staleSituation(map[Resource][]Binding{staleRepo.Resource(): {conditional(live, newBinding(readerRole, serviceAgentOf("1")))}}), serviceAgentOf("1")); b.Status != StaleActive {
		t.Errorf("%s: %s", b.Status, b.Reason)
	}
}
