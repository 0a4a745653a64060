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

const puller = RoleReader

func agentOf(number string) Member { return RunAgent(number) }

// staleWorld is a situation in which everything was read. Project N has the number N and is called consumer-N: 1 uses the
// repository, 2 nothing, 3 is being deleted, 4 uses another repository of the source project, 5 uses the repository
// through a virtual one, 6 by a serving revision alone, 7 by its number.
func staleWorld(bindings map[Resource][]Binding) Situation {
	project := func(id, number, state string) Fact[Project] {
		return Known(Project{ID: id, Number: number, State: state})
	}
	runs := func(images ...string) Fact[Inventory] {
		return Known(Inventory{Running: []Running{{Workload: Workload{WorkloadName: WorkloadName{Service, "web", "us-central1"}, Images: images}}}})
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
			"consumer-6": Known(Inventory{Running: []Running{{Workload: Workload{WorkloadName: WorkloadName{Service, "old", "us-central1"}, Images: []string{"nginx"}},
				Serving: []Revision{{Name: "old-00001", Images: []string{"nginx", host + "source-b/images/app:v0"}}}}}}),
			"team-a": Known(Inventory{Running: []Running{{Workload: Workload{WorkloadName: WorkloadName{Job, "nightly", "us-central1"},
				ServiceAccount: "web@team-a.iam.gserviceaccount.com", Images: []string{host + "source-b/images/app"}}}}}),
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
		puller: {PermDownload, PermGetRepository, PermGetProject}, "roles/artifactregistry.writer": {PermDownload, PermGetRepository, PermGetProject, "artifactregistry.repositories.uploadArtifacts"},
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

func bound(role string, members ...Member) Binding { return Binding{Role: role, Members: members} }

func until(expression string, b Binding) Binding {
	b.Condition = &Condition{Title: "t", Expression: expression}
	return b
}

const (
	past   = `request.time < timestamp("2026-05-01T00:00:00Z")`
	coming = `request.time < timestamp("2026-07-01T00:00:00Z")`
)

// The statuses, each as the design tells it, and what else holds.
func TestStale(t *testing.T) {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	for _, c := range []struct {
		about    string
		bindings map[Resource][]Binding
		want     string // status of each binding in order: "status", "status+also", "-" for one that is not listed
	}{
		{"in use", map[Resource][]Binding{repo: {bound(puller, agentOf("1"))}}, "active"},
		{"by a virtual repository, a serving revision, the project's number", map[Resource][]Binding{repo: {bound(puller, agentOf("5"), agentOf("6"), agentOf("7"))}}, "active active active"},
		{"idle", map[Resource][]Binding{repo: {bound(puller, agentOf("2"), agentOf("4"))}}, "idle idle"},
		{"on the project another repository counts", map[Resource][]Binding{project: {bound(puller, agentOf("2"), agentOf("4"))}}, "idle active"},
		{"on the project with a role of more than Artifact Registry", map[Resource][]Binding{project: {bound("roles/viewer", agentOf("2"))}}, "unknown+excessive"},
		{"on a folder", map[Resource][]Binding{staleFolder: {bound(puller, agentOf("2"), agentOf("1"))}}, "unknown active"},
		{"dying", map[Resource][]Binding{repo: {bound(puller, agentOf("3"))}}, "dying+idle"},
		{"deleted members of any kind", map[Resource][]Binding{repo: {bound(puller, "deleted:user:x@example.com?uid=1", "deleted:serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com?uid=2")}}, "deleted deleted"},
		{"expired, of any member", map[Resource][]Binding{repo: {until(past, bound(puller, "user:x@example.com", agentOf("1")))}}, "expired expired+active"},
		{"not expired", map[Resource][]Binding{repo: {until(coming, bound(puller, agentOf("1"))), until(`request.time.getDayOfWeek() == 9`, bound(puller, agentOf("2")))}}, "active idle"},
		{"excessive", map[Resource][]Binding{repo: {bound("roles/artifactregistry.writer", agentOf("1"))}}, "excessive+active"},
		{"excessive and idle", map[Resource][]Binding{repo: {bound("roles/artifactregistry.writer", agentOf("2"))}}, "idle+excessive"},
		{"a custom role of less than the reader's", map[Resource][]Binding{repo: {bound("projects/source-b/roles/pull", agentOf("1"))}}, "active"},
		{"redundant by one above", map[Resource][]Binding{repo: {bound(puller, agentOf("1"))}, project: {bound(puller, agentOf("1"))}}, "redundant+active active"},
		{"redundant beside one that gives more, but is no more than reading", map[Resource][]Binding{repo: {bound("projects/source-b/roles/pull", agentOf("1")), bound(puller, agentOf("1"))}}, "redundant+active active"},
		{"two alike: one stays", map[Resource][]Binding{repo: {bound(puller, agentOf("1")), bound(puller, agentOf("1"))}}, "active redundant+active"},
		{"not by one that is excessive", map[Resource][]Binding{repo: {bound(puller, agentOf("1"))}, project: {bound("roles/artifactregistry.writer", agentOf("1"))}}, "active excessive+active"},
		{"not by one with a condition", map[Resource][]Binding{repo: {bound(puller, agentOf("1"))}, project: {until(coming, bound(puller, agentOf("1")))}}, "active active"},
		{"not by one that is idle", map[Resource][]Binding{repo: {bound(puller, agentOf("2"))}, project: {bound(puller, agentOf("2"))}}, "idle idle"},
		{"not by another member's", map[Resource][]Binding{repo: {bound(puller, agentOf("1"))}, project: {bound(puller, agentOf("5"))}}, "active active"},
		{"misplaced", map[Resource][]Binding{repo: {bound(puller, "serviceAccount:web@team-a.iam.gserviceaccount.com")}}, "misplaced"},
		{"a service account that nothing runs as", map[Resource][]Binding{repo: {bound(puller, "serviceAccount:ci@team-a.iam.gserviceaccount.com")}}, "unknown"},
		{"a default account is never misplaced", map[Resource][]Binding{repo: {bound(puller, "serviceAccount:1-compute@developer.gserviceaccount.com")}}, "unknown"},
		{"a runtime account with more than the reader role", map[Resource][]Binding{repo: {bound("roles/artifactregistry.writer", "serviceAccount:web@team-a.iam.gserviceaccount.com")}}, "unknown"},
		{"people, groups, other agents", map[Resource][]Binding{repo: {bound(puller, "user:a@example.com", "group:g@example.com", "domain:example.com",
			"serviceAccount:service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com", "serviceAccount:1@cloudbuild.gserviceaccount.com", "projectOwner:source-b")}},
			"unknown unknown unknown unknown unknown unknown"},
		{"everybody", map[Resource][]Binding{repo: {bound(puller, AllUsers, AllAuthenticatedUsers), until(past, bound(puller, AllUsers))}, project: {until(coming, bound("roles/viewer", AllUsers))},
			staleFolder: {bound("roles/browser", AllUsers), bound(puller, "allusers")}}, "public public expired+public public public"},
		{"everybody by a role that could not be read", map[Resource][]Binding{repo: {bound("roles/unread", AllUsers)}}, "unknown"},
		{"the agent of the source project above it, where it is one among others", map[Resource][]Binding{staleFolder: {bound(puller, agentOf(sourceNumber))}}, "unknown"},
		{"an agent that was deleted, by a role that Google gives agents", map[Resource][]Binding{project: {bound("roles/run.serviceAgent", "deleted:"+agentOf(sourceNumber)+"?uid=1")}}, "deleted"},
		{"the source project's own agent", map[Resource][]Binding{repo: {bound(puller, agentOf(sourceNumber))}}, "unknown"},
		{"what Google grants an agent on its own project", map[Resource][]Binding{project: {bound("roles/run.serviceAgent", agentOf(sourceNumber), agentOf("1"))}}, "excessive+active"},
		{"a role that does not read", map[Resource][]Binding{project: {bound("roles/browser", agentOf("1"))}}, ""},
		{"not by one of which it is not known that it stays", map[Resource][]Binding{repo: {bound(puller, agentOf("77"))}, project: {bound(puller, agentOf("77"))}}, "unknown unknown"},
		{"a project that is not to be seen", map[Resource][]Binding{repo: {bound(puller, agentOf("77"))}}, "unknown"},
		{"a condition that is not shown", map[Resource][]Binding{repo: {bound(puller+"_withcond_0123456789", agentOf("2"))}}, "unknown+idle"},
	} {
		s := staleWorld(c.bindings)
		s.Closed = true
		var got []string
		for _, b := range Stale(s).Bindings {
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
	}
}

// crowd has every status, twice where that is easy.
func crowd() Situation {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	return staleWorld(map[Resource][]Binding{
		repo: {bound(puller, agentOf("1"), agentOf("2"), agentOf("3"), agentOf("5"), agentOf("6"), agentOf("7"), "user:a@example.com",
			"deleted:serviceAccount:x@y.iam.gserviceaccount.com?uid=3", "serviceAccount:web@team-a.iam.gserviceaccount.com"),
			bound("roles/artifactregistry.writer", agentOf("4")), until(past, bound(puller, "group:g@example.com"))},
		project: {bound(puller, agentOf("4"), agentOf("5")), bound("roles/viewer", agentOf("2"))}, staleFolder: {bound(puller, agentOf("7"))},
	})
}

// crowdOfProject is the same of the whole source project.
func crowdOfProject() Situation {
	s := crowd()
	s.Question.Repository, s.Question.Scope = RepositoryName{}, ProjectResource("source-b")
	s.Listed = map[string]Fact[RepositoryList]{"source-b": Known(RepositoryList{Names: []RepositoryName{staleRepo, otherRepo, virtualRepo}})}
	s.Policies[otherRepo.Resource()] = Known(Policy{Bindings: []Binding{bound(puller, agentOf("1"), agentOf("2"), agentOf("4"))}})
	s.Policies[virtualRepo.Resource()] = Known(Policy{Bindings: []Binding{bound(puller, agentOf("5"), agentOf("6"))}})
	return s
}

// crowdOfOrganization is what an index tells of it, of which some use is in the index, and some not.
func crowdOfOrganization() Situation {
	s := crowdOfProject()
	s.Question.Scope = AncestorResource("organizations/1")
	above := []Resource{ProjectResource("source-b"), staleFolder, s.Question.Scope}
	s.Index = &Index{Policies: map[Resource]Policy{}, Inventories: map[string]Inventory{
		"1": s.Inventories["consumer-1"].Value, "2": s.Inventories["consumer-2"].Value, "6": s.Inventories["consumer-6"].Value}}
	for _, r := range []Resource{staleRepo.Resource(), otherRepo.Resource(), virtualRepo.Resource()} {
		s.Index.Places = append(s.Index.Places, Place{r, append([]Resource{r}, above...)})
	}
	s.Index.Places = append(s.Index.Places, Place{above[0], above}, Place{above[1], above[1:]})
	for _, at := range s.Index.Places {
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
	}{"repository": {crowd, 14, 10}, "project": {crowdOfProject, 19, 18}, "organization": {crowdOfOrganization, 19, 10}} {
		t.Run(reach, func(t *testing.T) {
			if changed := loseSight(t, c.make, c.least); changed < c.changed {
				t.Errorf("only %d statuses changed", changed)
			}
		})
	}
}

// loseSight takes the facts away, and counts the statuses that are others then.
func loseSight(t *testing.T, make func() Situation, least int) (changed int) {
	whole := make()
	whole.Closed = true
	before := map[string]StaleBinding{}
	for _, b := range Stale(whole).Bindings {
		before[keyOfBinding(b)] = b
	}
	if len(before) < least {
		t.Fatalf("%d bindings", len(before))
	}
	lost := Gap{Reason: "out of sight"}
	for name, blind := range blindings(whole) {
		s := make()
		s.Closed = true
		blind(&s, lost)
		for _, b := range Stale(s).Bindings {
			was := before[keyOfBinding(b)]
			if b.Status != was.Status {
				changed++
			}
			if b.Removable && b.Status != was.Status && !slices.Contains(was.AlsoHolds, b.Status) {
				t.Errorf("without %s: %s of %s was %s and is %s", name, b.Role, b.Member, was.Status, b.Status)
			}
			if hidden(name, was) && (b.Status != StaleUnknown || b.Removable) {
				t.Errorf("without %s: %s of %s is %s", name, b.Role, b.Member, b.Status)
			}
		}
	}
	return changed
}

// hidden tells whether nothing can be known of a binding without a fact: that of its agent's project, that of what runs
// there where nothing else shows use, or that of its role.
func hidden(fact string, was StaleBinding) bool {
	agent := RunAgentProject(was.Member)
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

// blindings takes each fact of a situation away.
func blindings(s Situation) map[string]func(*Situation, Gap) {
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
	for key := range s.Listed {
		all["list of "+key] = func(s *Situation, g Gap) { s.Listed[key] = Unread[RepositoryList](g) }
		all["a location of "+key] = func(s *Situation, g Gap) {
			s.Listed[key] = Known(RepositoryList{Names: s.Listed[key].Value.Names[:1], Gaps: []Gap{g}})
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
	whole := crowd()
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
				s.Projects[w.Key] = whole.Projects[w.Key]
			case WantAncestry:
				s.Ancestry[w.Key] = whole.Ancestry[w.Key]
			case WantPolicy:
				s.Policies[Resource(w.Key)] = whole.Policies[Resource(w.Key)]
			case WantRole:
				s.Roles[w.Key] = whole.Roles[w.Key]
			case WantRepository:
				s.Repositories[Resource(w.Key)] = whole.Repositories[Resource(w.Key)]
			case WantInventory:
				s.Inventories[w.Key] = whole.Inventories[w.Key]
			case WantCaller:
				s.Caller = whole.Caller
			case WantTest:
				keepTest(&s, TestKey{Resource(w.Key), w.Permission})
			default:
				t.Fatalf("wanted: %v", w)
			}
		}
	}
	whole.Closed, s.Closed = true, true
	got, err := json.Marshal(Stale(s))
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(Stale(whole))
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

func TestConditionIsOver(t *testing.T) {
	for expression, want := range map[string]bool{
		past:                              true,
		coming:                            false,
		past + ` && resource.name == "x"`: true,
		past + ` || ` + coming:            false,
		`!(request.time >= timestamp("2026-05-01T00:00:00Z"))`:                                                  true,
		`timestamp("2026-05-01T00:00:00Z") > request.time`:                                                      true,
		`request.time > timestamp("2027-01-01T00:00:00Z")`:                                                      false, // not begun
		`request.time >= timestamp("2026-01-01T00:00:00Z") && request.time < timestamp("2026-02-01T00:00:00Z")`: true,
		`request.time.getDayOfWeek("Asia/Tokyo") == 0`:                                                          false,
		`request.time < timestamp("2026-06-01T12:00:00Z")`:                                                      true, // this very moment
		`request.time <= timestamp("2026-06-01T12:00:00Z")`:                                                     false,
		`request.time == timestamp("2026-05-01T00:00:00Z")`:                                                     true,
		`request.time != timestamp("2026-05-01T00:00:00Z")`:                                                     false,
		`!(request.time != timestamp("2026-05-01T00:00:00Z"))`:                                                  true,
		`request.time < timestamp("no time")`:                                                                   false,
		`request.time < timestamp("2026-05-01T00:00:00Z") ? true : true`:                                        false,
		`resource.matchTag("a/b", "c")`:                                                                         false,
		`request.time < date("2026-06-01")`:                                                                     true,
		`request.time < date("2026-06-02")`:                                                                     false,
		`date("2026-05-01") > request.time`:                                                                     true,
		`!(request.time >= date("2026-05-01"))`:                                                                 true,
		`request.time > date("2026-05-01")`:                                                                     false,
		`request.time < date("2026-5-1")`:                                                                       false, // no date
		`request.time < date("2026-05-01") + duration("86400s")`:                                                true,
		`request.time < date("2026-05-31") + duration("172800s")`:                                               false,
		`request.time < timestamp("2026-06-02T00:00:00Z") - duration("86400s")`:                                 true,
		`request.time < timestamp("2026-05-31T00:00:00Z") - duration("a while")`:                                false,
		`request.time <`: false,
	} {
		if got := (&Condition{Expression: expression}).over(staleTime); got != want {
			t.Errorf("%s: over is %v", expression, got)
		}
	}
	if (*Condition)(nil).over(staleTime) || (&Condition{Expression: past}).over(time.Time{}) {
		t.Error("no condition, or no time, is over")
	}
}
