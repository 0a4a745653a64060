package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	staleRepo    = RepositoryName{Project: "source-b", Location: "us", ID: "images"}
	otherRepo    = RepositoryName{Project: "source-b", Location: "us", ID: "other"}
	virtualRepo  = RepositoryName{Project: "source-b", Location: "us", ID: "all"}
	foreignRepo  = RepositoryName{Project: "consumer-1", Location: "us", ID: "own"}
	staleFolder  = AncestorResource("folders/1")
	staleTime    = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	sourceNumber = "900"
)

const readerRole = RoleReader

func serviceAgentOf(number string) Member { return RunServiceAgent(number) }

// staleSituation is a situation in which everything was read. Project N has the number N and is called consumer-N: 1 uses the
// repository, 2 nothing, 3 is being deleted, 4 uses another repository of the source project, 5 uses the repository
// through a virtual one, 6 by a serving revision alone, 7 by its number.
func staleSituation(bindings map[Resource][]Binding) Situation {
	project := func(id, number, state string) Fact[Project] {
		return Known(Project{ID: id, Number: number, State: state})
	}
	runs := func(images ...string) Fact[Inventory] {
		return Known(Inventory{Running: []RunningWorkload{{Workload: Workload{WorkloadName: WorkloadName{Service, "web", "us-central1"}, Images: ImagesOf(images...)}}}})
	}
	host := "us-docker.pkg.dev/"
	s := Situation{Question: Question{Project: staleRepo.Project, Repository: staleRepo}, Time: staleTime, Caller: Known[Member]("user:lead@example.com"),
		Projects: map[string]Fact[Project]{"source-b": project("source-b", sourceNumber, "ACTIVE")},
		Ancestry: map[string]Fact[[]Ancestor]{"source-b": Known([]Ancestor{{Resource: ProjectResource("source-b")}, {Resource: staleFolder}}),
			"900": Known([]Ancestor{{Resource: ProjectResource("source-b")}, {Resource: staleFolder}})},
		Policies: map[Resource]Fact[Policy]{}, Roles: map[string]Fact[Role]{},
		Repositories: map[Resource]Fact[Repository]{
			virtualRepo.Resource(): Known(Repository{Name: virtualRepo, Mode: ModeVirtual, Upstreams: []RepositoryName{otherRepo, staleRepo}}),
			otherRepo.Resource():   Known(Repository{Name: otherRepo}), staleRepo.Resource(): Known(Repository{Name: staleRepo}),
			foreignRepo.Resource(): Known(Repository{Name: foreignRepo}),
		},
		Inventories: map[string]Fact[Inventory]{
			"consumer-1": runs(host+"consumer-1/own/x", "docker.io/library/nginx", host+"source-b/images/app:v1"),
			"consumer-2": runs(host + "consumer-1/own/x"), "consumer-3": runs(), "consumer-4": runs(host + "source-b/other/app"),
			"consumer-5": runs(host + "source-b/all/app@sha256:" + strings.Repeat("a", 64)), "consumer-7": runs(host + "900/images/app"),
			"consumer-6": Known(Inventory{Running: []RunningWorkload{{Workload: Workload{WorkloadName: WorkloadName{Service, "old", "us-central1"}, Images: ImagesOf("nginx")},
				Serving: []Revision{{Name: "old-00001", Images: ImagesOf("nginx", host+"source-b/images/app:v0")}}}}}),
			"team-a": Known(Inventory{Running: []RunningWorkload{{Workload: Workload{WorkloadName: WorkloadName{Job, "nightly", "us-central1"},
				ServiceAccount: "web@team-a.iam.gserviceaccount.com", Images: ImagesOf(host + "source-b/images/app")}}}}),
		}}
	for n := range 7 {
		number := fmt.Sprint(n + 1)
		state := "ACTIVE"
		if number == "3" {
			state = "DELETE_REQUESTED"
		}
		s.Projects[number] = project("consumer-"+number, number, state)
	}
	for name, permissions := range map[string][]Permission{
		readerRole: {PermDownload, PermGetRepository, PermGetProject}, "roles/artifactregistry.writer": {PermDownload, PermGetRepository, PermGetProject, "artifactregistry.repositories.uploadArtifacts"},
		"roles/viewer": {PermDownload, PermGetRepository, PermGetProject, "compute.instances.list"}, "projects/source-b/roles/pull": {PermDownload},
		"roles/run.serviceAgent": {PermDownload, PermActAs}, "roles/browser": {PermGetProject},
	} {
		s.Roles[name] = Known(Role{Name: name, Permissions: permissions})
	}
	for _, r := range []Resource{staleRepo.Resource(), ProjectResource("source-b"), staleFolder} {
		s.Policies[r] = Known(Policy{Bindings: bindings[r]})
	}
	return s
}

func newBinding(role string, members ...Member) Binding { return Binding{Role: role, Members: members} }

func conditional(expression string, b Binding) Binding {
	b.Condition = &Condition{Title: "t", Expression: expression}
	return b
}

const (
	expiredCondition = `request.time < timestamp("2026-05-01T00:00:00Z")`
	futureCondition  = `request.time < timestamp("2026-07-01T00:00:00Z")`
)

// The statuses, each as the design tells it, and what else holds.
func TestStale(t *testing.T) {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	for _, c := range []struct {
		about    string
		bindings map[Resource][]Binding
		want     string // status of each binding in order: "status", "status+also", "-" for one that is not listed
	}{
		{"in use", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}}, "active"},
		{"by a virtual repository, a serving revision, the project's number", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("5"), serviceAgentOf("6"), serviceAgentOf("7"))}}, "active active active"},
		{"idle", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("2"), serviceAgentOf("4"))}}, "idle idle"},
		{"on the project another repository counts", map[Resource][]Binding{project: {newBinding(readerRole, serviceAgentOf("2"), serviceAgentOf("4"))}}, "idle active"},
		{"on the project with a role of more than Artifact Registry", map[Resource][]Binding{project: {newBinding("roles/viewer", serviceAgentOf("2"))}}, "unknown+excessive"},
		{"on a folder", map[Resource][]Binding{staleFolder: {newBinding(readerRole, serviceAgentOf("2"), serviceAgentOf("1"))}}, "unknown active"},
		{"dying", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("3"))}}, "dying+idle"},
		{"deleted members of any kind", map[Resource][]Binding{repo: {newBinding(readerRole, "deleted:user:x@example.com?uid=1", "deleted:serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com?uid=2")}}, "deleted deleted"},
		{"expired, of any member", map[Resource][]Binding{repo: {conditional(expiredCondition, newBinding(readerRole, "user:x@example.com", serviceAgentOf("1")))}}, "expired expired+active"},
		{"not expired", map[Resource][]Binding{repo: {conditional(futureCondition, newBinding(readerRole, serviceAgentOf("1"))), conditional(`request.time.getDayOfWeek() == 9`, newBinding(readerRole, serviceAgentOf("2")))}}, "active idle"},
		{"excessive", map[Resource][]Binding{repo: {newBinding("roles/artifactregistry.writer", serviceAgentOf("1"))}}, "excessive+active"},
		{"excessive and idle", map[Resource][]Binding{repo: {newBinding("roles/artifactregistry.writer", serviceAgentOf("2"))}}, "idle+excessive"},
		{"a custom role of less than the reader's", map[Resource][]Binding{repo: {newBinding("projects/source-b/roles/pull", serviceAgentOf("1"))}}, "active"},
		{"redundant by one above", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}, project: {newBinding(readerRole, serviceAgentOf("1"))}}, "redundant+active active"},
		{"redundant next to one that gives more, but is no more than reading", map[Resource][]Binding{repo: {newBinding("projects/source-b/roles/pull", serviceAgentOf("1")), newBinding(readerRole, serviceAgentOf("1"))}}, "redundant+active active"},
		{"two alike: one stays", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1")), newBinding(readerRole, serviceAgentOf("1"))}}, "active redundant+active"},
		{"not by one that is excessive", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}, project: {newBinding("roles/artifactregistry.writer", serviceAgentOf("1"))}}, "active excessive+active"},
		{"not by one with a condition", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}, project: {conditional(futureCondition, newBinding(readerRole, serviceAgentOf("1")))}}, "active active"},
		{"not by one that is idle", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("2"))}, project: {newBinding(readerRole, serviceAgentOf("2"))}}, "idle idle"},
		{"not by another member's", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}, project: {newBinding(readerRole, serviceAgentOf("5"))}}, "active active"},
		{"misplaced", map[Resource][]Binding{repo: {newBinding(readerRole, "serviceAccount:web@team-a.iam.gserviceaccount.com")}}, "misplaced"},
		{"a service account that nothing runs as", map[Resource][]Binding{repo: {newBinding(readerRole, "serviceAccount:ci@team-a.iam.gserviceaccount.com")}}, "unknown"},
		{"a default account is never misplaced", map[Resource][]Binding{repo: {newBinding(readerRole, "serviceAccount:1-compute@developer.gserviceaccount.com")}}, "unknown"},
		{"a runtime account with more than the reader role", map[Resource][]Binding{repo: {newBinding("roles/artifactregistry.writer", "serviceAccount:web@team-a.iam.gserviceaccount.com")}}, "unknown"},
		{"people, groups, other agents", map[Resource][]Binding{repo: {newBinding(readerRole, "user:a@example.com", "group:g@example.com", "domain:example.com",
			"serviceAccount:service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com", "serviceAccount:1@cloudbuild.gserviceaccount.com", "projectOwner:source-b")}},
			"unknown unknown unknown unknown unknown unknown"},
		{"everybody", map[Resource][]Binding{repo: {newBinding(readerRole, AllUsers, AllAuthenticatedUsers), conditional(expiredCondition, newBinding(readerRole, AllUsers))}, project: {conditional(futureCondition, newBinding("roles/viewer", AllUsers))},
			staleFolder: {newBinding("roles/browser", AllUsers), newBinding(readerRole, "allusers")}}, "public public expired+public public public"},
		{"everybody by a role that could not be read", map[Resource][]Binding{repo: {newBinding("roles/unread", AllUsers)}}, "unknown"},
		{"the agent of the source project above it, where it is one among others", map[Resource][]Binding{staleFolder: {newBinding(readerRole, serviceAgentOf(sourceNumber))}}, "unknown"},
		{"an agent that was deleted, by a role that Google gives agents", map[Resource][]Binding{project: {newBinding("roles/run.serviceAgent", "deleted:"+serviceAgentOf(sourceNumber)+"?uid=1")}}, "deleted"},
		{"the source project's own agent", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf(sourceNumber))}}, "unknown"},
		{"what Google grants an agent on its own project", map[Resource][]Binding{project: {newBinding("roles/run.serviceAgent", serviceAgentOf(sourceNumber), serviceAgentOf("1"))}}, "excessive+active"},
		{"a role that does not read", map[Resource][]Binding{project: {newBinding("roles/browser", serviceAgentOf("1"))}}, ""},
		{"not by one of which it is not known that it stays", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("77"))}, project: {newBinding(readerRole, serviceAgentOf("77"))}}, "unknown unknown"},
		{"a project that is not to be seen", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("77"))}}, "unknown"},
		{"a condition that is not shown", map[Resource][]Binding{repo: {newBinding(readerRole+"_withcond_0123456789", serviceAgentOf("2"))}}, "unknown+idle"},
	} {
		t.Run(c.about, func(t *testing.T) {
			s := staleSituation(c.bindings)
			s.ReadingDone = true
			var got []string
			for _, b := range FindStale(s).Bindings {
				text := string(b.Status)
				for _, also := range b.AlsoHolds {
					text += "+" + string(also)
				}
				got = append(got, text)
				if b.Reason == "" || b.Status == StaleActive && (len(b.Evidence) == 0 || b.Removable) || b.Status == StaleUnknown && b.Removable {
					t.Errorf("%s: %+v", c.about, b)
				}
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("%s: %q, not %q", c.about, text, c.want)
			}
		})
	}
}

// manyBindings has every status, twice where that is easy.
func manyBindings() Situation {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	return staleSituation(map[Resource][]Binding{
		repo: {newBinding(readerRole, serviceAgentOf("1"), serviceAgentOf("2"), serviceAgentOf("3"), serviceAgentOf("5"), serviceAgentOf("6"), serviceAgentOf("7"), "user:a@example.com",
			"deleted:serviceAccount:x@y.iam.gserviceaccount.com?uid=3", "serviceAccount:web@team-a.iam.gserviceaccount.com"),
			newBinding("roles/artifactregistry.writer", serviceAgentOf("4")), conditional(expiredCondition, newBinding(readerRole, "group:g@example.com"))},
		project: {newBinding(readerRole, serviceAgentOf("4"), serviceAgentOf("5")), newBinding("roles/viewer", serviceAgentOf("2"))}, staleFolder: {newBinding(readerRole, serviceAgentOf("7"))},
	})
}

// manyBindingsOfProject is the same of the whole source project.
func manyBindingsOfProject() Situation {
	s := manyBindings()
	s.Question.Repository, s.Question.Scope = RepositoryName{}, ProjectResource("source-b")
	s.ProjectRepositories = map[string]Fact[RepositoryList]{"source-b": Known(RepositoryList{Names: []RepositoryName{staleRepo, otherRepo, virtualRepo}})}
	s.Policies[otherRepo.Resource()] = Known(Policy{Bindings: []Binding{newBinding(readerRole, serviceAgentOf("1"), serviceAgentOf("2"), serviceAgentOf("4"))}})
	s.Policies[virtualRepo.Resource()] = Known(Policy{Bindings: []Binding{newBinding(readerRole, serviceAgentOf("5"), serviceAgentOf("6"))}})
	return s
}

// manyBindingsOfOrganization is what an index shows of it, of which some use is in the index, and some not.
func manyBindingsOfOrganization() Situation {
	s := manyBindingsOfProject()
	s.Question.Scope = AncestorResource("organizations/1")
	above := []Resource{ProjectResource("source-b"), staleFolder, s.Question.Scope}
	s.Index = &Index{Policies: map[Resource]Policy{}, Inventories: map[string]Inventory{
		"1": s.Inventories["consumer-1"].Value, "2": s.Inventories["consumer-2"].Value, "6": s.Inventories["consumer-6"].Value}}
	for _, r := range []Resource{staleRepo.Resource(), otherRepo.Resource(), virtualRepo.Resource()} {
		s.Index.Sites = append(s.Index.Sites, BindingSite{r, append([]Resource{r}, above...)})
	}
	s.Index.Sites = append(s.Index.Sites, BindingSite{above[0], above}, BindingSite{above[1], above[1:]})
	for _, at := range s.Index.Sites {
		s.Index.Policies[at.Resource] = s.Policies[at.Resource].Value
	}
	for number := range 7 {
		s.Ancestry[fmt.Sprint("consumer-", number+1)] = Known([]Ancestor{{Resource: ProjectResource(fmt.Sprint("consumer-", number+1))}})
	}
	return s
}

// What is lost from sight makes unknown, never more removable: for each fact in turn, of a repository, of a source
// project, and of an organization.
func TestStaleWithoutSight(t *testing.T) {
	for reach, c := range map[string]struct {
		make           func() Situation
		least, changed int
	}{"repository": {manyBindings, 14, 10}, "project": {manyBindingsOfProject, 19, 18}, "organization": {manyBindingsOfOrganization, 19, 10}} {
		t.Run(reach, func(t *testing.T) {
			if changed := hideEachFact(t, c.make, c.least); changed < c.changed {
				t.Errorf("only %d statuses changed", changed)
			}
		})
	}
}

// hideEachFact takes the facts away, and counts the statuses that are others then.
func hideEachFact(t *testing.T, build func() Situation, least int) (changed int) {
	whole := build()
	whole.ReadingDone = true
	before := map[string]StaleBinding{}
	for _, b := range FindStale(whole).Bindings {
		before[keyOfBinding(b)] = b
	}
	if len(before) < least {
		t.Fatalf("%d bindings", len(before))
	}
	lost := Gap{Reason: "out of sight"}
	for name, blind := range factHiders(whole) {
		s := build()
		s.ReadingDone = true
		blind(&s, lost)
		for _, b := range FindStale(s).Bindings {
			was := before[keyOfBinding(b)]
			if b.Status != was.Status {
				changed++
			}
			if b.Removable && b.Status != was.Status && !slices.Contains(was.AlsoHolds, b.Status) {
				t.Errorf("without %s: %s of %s was %s and is %s", name, b.Role, b.Member, was.Status, b.Status)
			}
			if mustBecomeUnknown(name, was) && (b.Status != StaleUnknown || b.Removable) {
				t.Errorf("without %s: %s of %s is %s", name, b.Role, b.Member, b.Status)
			}
		}
	}
	return changed
}

// mustBecomeUnknown reports whether nothing can be known about a binding without a fact: that of its agent's project, that of what runs
// there where nothing else shows use, or that of its role.
func mustBecomeUnknown(fact string, was StaleBinding) bool {
	agent := RunServiceAgentProject(was.Member)
	if agent == "" || was.Status == StaleExpired || was.Status == StaleDying && !strings.HasSuffix(fact, "project "+agent) {
		return false
	}
	switch fact {
	case "project " + agent, "trace of project " + agent, "index and direct look of " + agent:
		return true
	case "inventory consumer-" + agent, "a region of consumer-" + agent:
		return was.Status == StaleIdle
	case "role " + was.Role:
		return was.Status == StaleIdle || was.Status == StaleExcessive
	}
	return false
}

func keyOfBinding(b StaleBinding) string {
	return string(b.Resource) + " " + b.Role + " " + string(b.Member) + fmt.Sprint(b.Condition)
}

// factHiders takes each fact of a situation away.
func factHiders(s Situation) map[string]func(*Situation, Gap) {
	all := map[string]func(*Situation, Gap){}
	for key := range s.Projects {
		all["project "+key] = func(s *Situation, g Gap) { s.Projects[key] = Unread[Project](g) }
		all["trace of project "+key] = func(s *Situation, _ Gap) { s.Projects[key] = Absent[Project]() }
	}
	for key := range s.Inventories {
		all["inventory "+key] = func(s *Situation, g Gap) { s.Inventories[key] = Unread[Inventory](g) }
		all["a region of "+key] = func(s *Situation, g Gap) { s.Inventories[key] = Known(Inventory{Gaps: []Gap{g}}) }
	}
	for key := range s.Policies {
		all["policy "+string(key)] = func(s *Situation, g Gap) { s.Policies[key] = Unread[Policy](g) }
	}
	for key := range s.Roles {
		all["role "+key] = func(s *Situation, g Gap) { s.Roles[key] = Unread[Role](g) }
	}
	for key := range s.Repositories {
		all["repository "+string(key)] = func(s *Situation, g Gap) { s.Repositories[key] = Unread[Repository](g) }
	}
	for key := range s.Ancestry {
		all["ancestry "+key] = func(s *Situation, g Gap) { s.Ancestry[key] = Unread[[]Ancestor](g) }
	}
	for key := range s.ProjectRepositories {
		all["list of "+key] = func(s *Situation, g Gap) { s.ProjectRepositories[key] = Unread[RepositoryList](g) }
		all["a location of "+key] = func(s *Situation, g Gap) {
			s.ProjectRepositories[key] = Known(RepositoryList{Names: s.ProjectRepositories[key].Value.Names[:1], Gaps: []Gap{g}})
		}
	}
	if s.Index != nil {
		for key := range s.Index.Inventories {
			all["index of "+key] = func(s *Situation, _ Gap) { delete(s.Index.Inventories, key) }
			all["index and direct look of "+key] = func(s *Situation, g Gap) {
				delete(s.Index.Inventories, key)
				s.Inventories["consumer-"+key] = Unread[Inventory](g)
			}
		}
	}
	return all
}

// Reading what is wanted until nothing is leads to the same as everything at once, and wants nothing that has no use.
func TestStaleWants(t *testing.T) {
	whole := manyBindings()
	s := Situation{Question: whole.Question, Time: whole.Time, Projects: map[string]Fact[Project]{}, Ancestry: map[string]Fact[[]Ancestor]{},
		Policies: map[Resource]Fact[Policy]{}, Roles: map[string]Fact[Role]{}, Repositories: map[Resource]Fact[Repository]{}, Inventories: map[string]Fact[Inventory]{}}
	for rounds := 0; ; rounds++ {
		wants := StaleWants(s)
		if len(wants) == 0 {
			break
		}
		if rounds > 10 {
			t.Fatalf("still wanted: %v", wants)
		}
		for _, w := range wants {
			switch w.Kind {
			case WantProject:
				s.Projects[w.Project] = whole.Projects[w.Project]
			case WantAncestry:
				s.Ancestry[w.Project] = whole.Ancestry[w.Project]
			case WantPolicy:
				s.Policies[w.Resource] = whole.Policies[w.Resource]
			case WantRole:
				s.Roles[w.Role] = whole.Roles[w.Role]
			case WantRepository:
				s.Repositories[w.Resource] = whole.Repositories[w.Resource]
			case WantInventory:
				s.Inventories[w.Project] = whole.Inventories[w.Project]
			case WantCaller:
				s.Caller = whole.Caller
			case WantTest:
				setTested(&s, TestKey{w.Resource, w.Permission})
			default:
				t.Fatalf("wanted: %v", w)
			}
		}
	}
	whole.ReadingDone, s.ReadingDone = true, true
	got, err := json.Marshal(FindStale(s))
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(FindStale(whole))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("step by step\n%s\nat once\n%s", got, want)
	}
	if slices.Contains(slices.Collect(maps.Keys(s.Inventories)), "source-b") {
		t.Error("the source project's own workloads were asked for")
	}
}
