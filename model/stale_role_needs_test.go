package model

import (
	"slices"
	"strings"
	"testing"
)

// roleNeedsSituation has the agents' projects in the folder, as the source project is.
func roleNeedsSituation(bindings map[Resource][]Binding, changes ...func(*Situation)) Situation {
	s := staleSituation(bindings)
	for _, number := range []string{"1", "2"} {
		s.Ancestry["consumer-"+number] = Known([]Ancestor{{Resource: ProjectResource("consumer-" + number)}, {Resource: staleFolder}})
		s.Ancestry[number] = s.Ancestry["consumer-"+number]
		s.Policies[ProjectResource("consumer-"+number)] = Known(Policy{})
	}
	s.Ancestry["team-a"] = Known([]Ancestor{{Resource: ProjectResource("team-a")}})
	s.Roles["roles/serverless.serviceAgent"] = Known(Role{Name: "roles/serverless.serviceAgent", Permissions: []Permission{PermDownload, PermGetAccessToken}})
	s.Roles["roles/run.serviceAgent"] = Known(Role{Name: "roles/run.serviceAgent", Permissions: []Permission{PermDownload, PermActAs, PermGetAccessToken}})
	s.Roles["roles/editor"] = Known(Role{Name: "roles/editor", Permissions: []Permission{PermDownload, PermActAs, PermGetAccessToken, "compute.instances.create", "storage.buckets.get"}})
	s.Roles["projects/source-b/roles/tokens"] = Known(Role{Name: "projects/source-b/roles/tokens", Permissions: []Permission{PermDownload, PermGetAccessToken}})
	for _, change := range changes {
		change(&s)
	}
	s.ReadingDone = true
	return s
}

// runAs lets the workloads of a project run as an account.
func runAs(project, account string) func(*Situation) {
	return func(s *Situation) {
		i := s.Inventories[project].Value
		i.Running = slices.Clone(i.Running)
		for n := range i.Running {
			i.Running[n].ServiceAccount = account
		}
		s.Inventories[project] = Known(i)
	}
}

// changeRunning lets the workloads of a project be otherwise.
func changeRunning(project string, change func(*RunningWorkload)) func(*Situation) {
	return func(s *Situation) {
		i := s.Inventories[project].Value
		i.Running = slices.Clone(i.Running)
		for n := range i.Running {
			i.Running[n].Serving = slices.Clone(i.Running[n].Serving)
			change(&i.Running[n])
		}
		s.Inventories[project] = Known(i)
	}
}

// grantInOwnProject gives the agent of a project a binding on that project.
func grantInOwnProject(project string, b Binding) func(*Situation) {
	return func(s *Situation) { s.Policies[ProjectResource(project)] = Known(Policy{Bindings: []Binding{b}}) }
}

// A role is judged by all that it is used for below the level where it stands, and what is not looked into stays.
func TestStaleJudgesARoleByAllItsUses(t *testing.T) {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	const tokens, account = "projects/source-b/roles/tokens", "web@source-b.iam.gserviceaccount.com"
	other := serviceAgentOf("1")
	for about, c := range map[string]struct {
		role    string
		on      Resource
		number  string
		changes []func(*Situation)
		want    StaleStatus
		reason  string
	}{
		"on a repository it only reads":                {"roles/editor", repo, "1", nil, StaleExcessive, "roles/artifactregistry.reader on repository images is enough"},
		"and is idle there":                            {"roles/run.serviceAgent", repo, "2", nil, StaleIdle, ""},
		"on a project the reason names the project":    {"roles/artifactregistry.writer", project, "1", nil, StaleExcessive, "roles/artifactregistry.reader on project source-b is enough"},
		"on a folder it names the folder":              {"roles/artifactregistry.writer", staleFolder, "1", nil, StaleExcessive, "roles/artifactregistry.reader on folder 1 is enough"},
		"more than is looked into, on a project":       {"roles/editor", project, "1", nil, StaleUnknown, "It also gives 2 permissions beyond Artifact Registry (compute.instances.create …)"},
		"one permission more":                          {"roles/viewer", project, "1", nil, StaleUnknown, "It also gives compute.instances.list, and"},
		"and nothing uses it":                          {"roles/editor", project, "2", nil, StaleUnknown, "It also gives"},
		"tokens of its accounts, which nobody runs as": {tokens, project, "1", nil, StaleExcessive, ""},
		"nobody runs as, and nothing reads":            {tokens, project, "2", nil, StaleIdle, ""},
		"tokens of an account that a workload runs as": {tokens, project, "1", []func(*Situation){runAs("consumer-1", account)}, StaleActive, "run as accounts that it gives tokens of"},
		"also where nothing reads":                     {tokens, project, "2", []func(*Situation){runAs("consumer-2", account)}, StaleActive, ""},
		"also with more that is not looked into":       {"roles/editor", project, "1", []func(*Situation){runAs("consumer-1", account)}, StaleActive, ""},
		"a revision that serves runs as it":            {tokens, project, "6", []func(*Situation){func(s *Situation) { s.Inventories["consumer-6"].Value.Running[0].Serving[0].ServiceAccount = account }}, StaleActive, ""},
		"the project by its number":                    {tokens, project, "1", []func(*Situation){runAs("consumer-1", "900-compute@developer.gserviceaccount.com")}, StaleActive, ""},
		"an account elsewhere":                         {tokens, project, "1", []func(*Situation){runAs("consumer-1", "web@team-a.iam.gserviceaccount.com")}, StaleExcessive, ""},
		"an account whose project can't be known":      {tokens, project, "1", []func(*Situation){runAs("consumer-1", "who@example.com")}, StaleUnknown, ""},
		"what runs could not be seen":                  {tokens, project, "1", []func(*Situation){func(s *Situation) { s.Inventories["consumer-1"] = Unread[Inventory](Gap{Reason: "no"}) }}, StaleUnknown, ""},
		"a part of what runs could not be seen": {tokens, project, "2", []func(*Situation){func(s *Situation) {
			s.Inventories["consumer-2"] = Known(Inventory{Gaps: []Gap{{Reason: "you may not list the instances of project consumer-2"}}})
		}}, StaleUnknown, ""},
		"tokens of the own accounts, by a folder":                {tokens, staleFolder, "2", nil, StaleActive, "tokens"},
		"of agent identities there are none":                     {tokens, staleFolder, "2", []func(*Situation){changeRunning("consumer-2", func(r *RunningWorkload) { r.AgentIdentity = true })}, StaleExcessive, ""},
		"a revision that serves runs as the default account yet": {tokens, staleFolder, "2", []func(*Situation){changeRunning("consumer-2", func(r *RunningWorkload) { r.AgentIdentity, r.Serving = true, []Revision{{Name: "web-1"}} })}, StaleActive, "tokens"},
		"it is of an agent identity too": {tokens, staleFolder, "2", []func(*Situation){changeRunning("consumer-2", func(r *RunningWorkload) {
			r.AgentIdentity, r.Serving = true, []Revision{{Name: "web-1", AgentIdentity: true}}
		})}, StaleExcessive, ""},
		"what it runs as could not be seen":          {tokens, staleFolder, "2", []func(*Situation){changeRunning("consumer-2", func(r *RunningWorkload) { r.RunnerGap = &Gap{Reason: "no"} })}, StaleUnknown, "could not be seen"},
		"the agent's role at home, by a folder":      {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){func(s *Situation) { s.Inventories["consumer-2"] = Known(Inventory{}) }}, StaleActive, "Cloud Run of project consumer-2 works by it"},
		"the older role too":                         {"roles/serverless.serviceAgent", staleFolder, "1", nil, StaleActive, "works by it"},
		"the role is held at home, and nothing runs": {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){func(s *Situation) { s.Inventories["consumer-2"] = Known(Inventory{}) }, grantInOwnProject("consumer-2", newBinding("roles/serverless.serviceAgent", serviceAgentOf("2")))}, StaleIdle, ""},
		"by another agent, that is not it":           {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){grantInOwnProject("consumer-2", newBinding("roles/run.serviceAgent", other))}, StaleActive, "works by it"},
		"for a time, that is not it":                 {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){grantInOwnProject("consumer-2", conditional(futureCondition, newBinding("roles/run.serviceAgent", serviceAgentOf("2"))))}, StaleActive, "works by it"},
		"what it holds at home could not be seen": {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){func(s *Situation) {
			s.Policies[ProjectResource("consumer-2")] = Unread[Policy](Gap{Reason: "no"})
			s.Inventories["consumer-2"] = Known(Inventory{})
		}}, StaleUnknown, "works by it could not be seen"},
		"whether it is there could not be seen": {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){func(s *Situation) {
			s.Ancestry["consumer-2"] = Unread[[]Ancestor](Gap{Reason: "no"})
			s.Inventories["consumer-2"] = Known(Inventory{})
		}}, StaleUnknown, "works by it could not be seen"},
		"its project lies elsewhere, and nothing runs": {"roles/run.serviceAgent", staleFolder, "2", []func(*Situation){func(s *Situation) {
			s.Ancestry["consumer-2"] = Known([]Ancestor{{Resource: ProjectResource("consumer-2")}})
			s.Inventories["consumer-2"] = Known(Inventory{})
		}}, StaleIdle, ""},
		"what more it gives, at home held and unused":    {"roles/editor", staleFolder, "2", []func(*Situation){func(s *Situation) { s.Inventories["consumer-2"] = Known(Inventory{}) }}, StaleUnknown, "It also gives"},
		"a project that is being deleted is no question": {"roles/editor", project, "3", nil, StaleDying, ""},
	} {
		t.Run(about, func(t *testing.T) {
			s := roleNeedsSituation(map[Resource][]Binding{c.on: {newBinding(c.role, serviceAgentOf(c.number))}}, c.changes...)
			b := judgeOne(t, s, serviceAgentOf(c.number))
			if b.Status != c.want || !strings.Contains(b.Reason, c.reason) {
				t.Errorf("%s: %s, %s %v", about, b.Status, b.Reason, b.Gaps)
			}
			if stays := b.Status == StaleActive || b.Status == StaleUnknown; stays && (b.Removable || b.Replace != "" || len(b.Gcloud) > 0) {
				t.Errorf("%s: it stays, and is offered: %+v", about, b)
			}
		})
	}
}

// An index shows no agent identities: that no account is named there proves nothing, a direct look does. Worker pools
// can't have any.
func TestStaleIndexProvesNoDefaultAccount(t *testing.T) {
	for about, c := range map[string]struct {
		kind  WorkloadKind
		agent bool
		want  StaleStatus
	}{"a service": {Service, false, StaleActive}, "with an agent identity": {Service, true, StaleExcessive}, "a job with one": {Job, true, StaleExcessive},
		"a worker pool": {WorkerPool, false, StaleActive}} {
		t.Run(about, func(t *testing.T) {
			s := roleNeedsSituation(map[Resource][]Binding{staleFolder: {newBinding("projects/source-b/roles/tokens", serviceAgentOf("2"))}},
				changeRunning("consumer-2", func(r *RunningWorkload) { r.Kind, r.AgentIdentity = c.kind, c.agent }))
			shown := s.Inventories["consumer-2"].Value
			shown.Running = slices.Clone(shown.Running)
			shown.Running[0].AgentIdentity = false
			s.Question.Repository, s.Question.Scope = RepositoryName{}, staleFolder
			s.Index = &Index{Inventories: map[string]Inventory{"2": shown}, Levels: map[string][]Resource{"2": {ProjectResource("consumer-2"), staleFolder}},
				Sites: []BindingSite{{staleFolder, []Resource{staleFolder}}}, Policies: map[Resource]Policy{staleFolder: s.Policies[staleFolder].Value}}
			if c.kind == WorkerPool { // the index is enough
				s.Inventories["consumer-2"] = Unread[Inventory](Gap{Reason: "no"})
			}
			if b := judgeOne(t, s, serviceAgentOf("2")); b.Status != c.want {
				t.Errorf("%s: %s, %s %v", about, b.Status, b.Reason, b.Gaps)
			}
		})
	}
}

// A role makes an agent by its name: one that only gives as much does not stand in for it.
func TestStaleRedundantAgentRole(t *testing.T) {
	top := AncestorResource("organizations/9")
	for higher, want := range map[string]StaleStatus{"projects/source-b/roles/wide": StaleActive, "roles/serverless.serviceAgent": StaleRedundant, "roles/run.serviceAgent": StaleRedundant} {
		t.Run(higher, func(t *testing.T) {
			s := roleNeedsSituation(map[Resource][]Binding{staleFolder: {newBinding("roles/serverless.serviceAgent", serviceAgentOf("1"))}}, func(s *Situation) {
				for _, project := range []string{"source-b", "900", "consumer-1"} {
					s.Ancestry[project] = Known(append(slices.Clone(s.Ancestry[project].Value), Ancestor{Resource: top}))
				}
				s.Roles["projects/source-b/roles/wide"] = Known(Role{Permissions: []Permission{PermDownload, PermGetAccessToken, PermActAs}})
				s.Policies[top] = Known(Policy{Bindings: []Binding{newBinding(higher, serviceAgentOf("1"))}})
			})
			if b := FindStale(s).Bindings[0]; b.Status != want {
				t.Errorf("below %s: %s, %s", higher, b.Status, b.Reason)
			}
		})
	}
}

// Who calls as a runtime account deploys by what it may read.
func TestStaleMisplacedIsNotTheCallers(t *testing.T) {
	const account Member = "serviceAccount:web@team-a.iam.gserviceaccount.com"
	for caller, want := range map[Member]StaleStatus{"user:lead@example.com": StaleMisplaced, account: StaleUnknown} {
		t.Run(string(caller), func(t *testing.T) {
			s := staleSituation(map[Resource][]Binding{staleRepo.Resource(): {newBinding(readerRole, account)}})
			s.Caller = Known(caller)
			if b := judgeOne(t, s, account); b.Status != want {
				t.Errorf("called by %s: %s, %s", caller, b.Status, b.Reason)
			}
		})
	}
}
