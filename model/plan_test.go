package model_test

import (
	"cmp"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"whopulls/model"
)

// stepSummary is what a step does, without its number and words.
type stepSummary struct {
	check    string
	kind     model.StepKind
	resource model.Resource
	role     string
	member   model.Member
}

func steps(w *fixture, o model.PlanOptions) []model.Step {
	return model.PlanFor(w.Situation, model.Diagnose(w.Situation), o).Steps
}

func summaries(list []model.Step) (all []stepSummary) {
	for _, s := range list {
		all = append(all, stepSummary{s.Check, s.Kind, s.Resource, s.Role, s.Member})
	}
	return all
}

// withoutGrants takes every grant of the article away, and lets the caller's tests say no.
func withoutGrants() *fixture {
	w := article()
	for r := range w.Policies {
		w.Policies[r] = model.Known(model.Policy{})
	}
	for _, p := range append([]model.Permission{download, actAs}, deploys...) {
		for key := range w.Tested {
			if key.Permission == p {
				w.Tested[key] = model.Known(false)
			}
		}
	}
	return w
}

func (w *fixture) withWorkload(kind model.WorkloadKind, exists bool) *fixture {
	name := model.WorkloadName{Kind: kind, Name: "w1", Region: tokyo}
	w.Question.Workload, w.Workload = &name, model.Absent[model.Workload]()
	w.Question.Image, w.Question.ServiceAccount = model.ImageOf(arImage), webEmail
	if exists {
		w.Workload = model.Known(model.Workload{WorkloadName: name, ServiceAccount: webEmail, Images: model.ImagesOf(arImage)})
	}
	w.Policies[name.Resource("myproject-a")] = model.Known(model.Policy{})
	for _, verb := range []string{"update", "get", "setIamPolicy"} {
		w.test(name.Resource("myproject-a"), kind.Permission(verb), false)
	}
	return w
}

const (
	service model.Resource = "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/services/w1"
	pool    model.Resource = "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/workerPools/w1"
	newJob  model.Resource = "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/w1"
)

// closingSteps is the design's table of what closes which check.
var closingSteps = map[string]struct {
	world *fixture
	only  string
	want  stepSummary
}{
	"pull":                         {withoutGrants(), "pull", stepSummary{"pull", model.StepGrant, repository, reader, agent}},
	"read-image":                   {withoutGrants(), "read-image", stepSummary{"read-image", model.StepGrant, repository, reader, dev}},
	"deploy, a job":                {withoutGrants(), "deploy", stepSummary{"deploy", model.StepGrant, job, developer, dev}},
	"deploy, a service":            {withoutGrants().withWorkload(model.Service, true), "deploy", stepSummary{"deploy", model.StepGrant, service, developer, dev}},
	"deploy, a worker pool":        {withoutGrants().withWorkload(model.WorkerPool, true), "deploy", stepSummary{"deploy", model.StepGrant, pool, developer, dev}},
	"deploy, a new service":        {withoutGrants().withWorkload(model.Service, false), "deploy", stepSummary{"deploy", model.StepGrant, projectA, developer, dev}},
	"deploy, a new job":            {withoutGrants().withWorkload(model.Job, false), "deploy", stepSummary{"deploy", model.StepGrant, projectA, developer, dev}},
	"deploy, a public service":     {withoutGrants().withWorkload(model.Service, true).publicDeploy(), "deploy", stepSummary{"deploy", model.StepGrant, service, "roles/run.admin", dev}},
	"deploy, a new public service": {withoutGrants().withWorkload(model.Service, false).publicDeploy(), "deploy", stepSummary{"deploy", model.StepGrant, projectA, "roles/run.admin", dev}},
	"act-as":                       {withoutGrants(), "act-as", stepSummary{"act-as", model.StepGrant, webAccount, accountUser, dev}},
	"run-as at home":               {withoutGrants(), "run-as", stepSummary{"run-as", model.StepGrant, projectA, runAgentRole, agent}},
	"run-as abroad":                {withoutGrantsRunnerElsewhere(), "run-as", stepSummary{"run-as", model.StepGrant, farAccount, tokenCreator, agent}},
	"act-as abroad":                {withoutGrantsRunnerElsewhere(), "act-as", stepSummary{"act-as", model.StepGrant, farAccount, accountUser, dev}},
	"run-api":                      {runAPIOff(), "run-api", stepSummary{"run-api", model.StepEnableAPI, runAPI, "", ""}},
	"upstream of a virtual":        {withoutGrantsUpstream(), "upstream", stepSummary{"upstream", model.StepGrant, upstreamOfC, reader, model.RegistryServiceAgent("222222222222")}},
}

const upstreamOfC model.Resource = "//artifactregistry.googleapis.com/projects/myproject-c/locations/asia-northeast1/repositories/base"

func withoutGrantsRunnerElsewhere() *fixture {
	w := withoutGrants()
	w.Workload.Value.ServiceAccount = farEmail
	return w
}

func runAPIOff() *fixture {
	w := withoutGrants()
	w.APIs[runAPI] = model.Known(false)
	return w
}

func withoutGrantsUpstream() *fixture {
	w := withoutGrants()
	w.makeVirtual(model.ModeVirtual)
	return w
}

func TestPlanClosesEachCheck(t *testing.T) {
	for name, c := range closingSteps {
		t.Run(name, func(t *testing.T) {
			got := steps(c.world, model.PlanOptions{Only: []string{c.only}})
			if !reflect.DeepEqual(summaries(got), []stepSummary{c.want}) {
				t.Errorf("%s: the steps are %+v, want %+v", name, summaries(got), c.want)
				return
			}
			s := got[0]
			if s.ID != "1" || !s.Certain || len(s.After) != 0 || s.Title == "" || s.Why == "" || len(s.Gcloud) != 1 {
				t.Errorf("%s: the step is %+v", name, s)
			}
		})
	}
}

func TestPlanOfTheAgent(t *testing.T) {
	got := steps(withoutGrants(), model.PlanOptions{Only: []string{"agent"}})
	want := []stepSummary{
		{"agent", model.StepCreateAgent, runAPI, "", agent},
		{"agent", model.StepGrant, projectA, runAgentRole, agent},
	}
	if !reflect.DeepEqual(summaries(got), want) || !slices.Equal(got[1].After, []string{"1"}) {
		t.Errorf("the steps are %+v", got)
	}
}

func TestPlanHasNoStepForAdviceOnly(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.Images[arImage+":latest"] = model.Absent[model.ImageFact]()
	w.Accounts[webAccount] = model.Known(model.Account{Email: webEmail, Disabled: true})
	plan := model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{})
	if plan.Verdict != model.Missing || plan.Steps == nil || len(plan.Steps) != 0 {
		t.Errorf("the plan is %+v", plan)
	}
}

func TestPlanOrder(t *testing.T) {
	got := steps(runAPIOff(), model.PlanOptions{})
	want := []stepSummary{
		{"run-api", model.StepEnableAPI, runAPI, "", ""},
		{"agent", model.StepCreateAgent, runAPI, "", agent},
		{"agent", model.StepGrant, projectA, runAgentRole, agent}, // closes run-as too
		{"pull", model.StepGrant, repository, reader, agent},
		{"deploy", model.StepGrant, job, developer, dev},
		{"act-as", model.StepGrant, webAccount, accountUser, dev},
		{"read-image", model.StepGrant, repository, reader, dev},
	}
	if !reflect.DeepEqual(summaries(got), want) {
		t.Fatalf("the steps are\n%v, want\n%v", summaries(got), want)
	}
	after := [][]string{{}, {"1"}, {"1", "2"}, {"1", "2", "3"}, {"1", "2", "3"}, {"1", "2", "3"}, {"1", "2", "3"}}
	for i, s := range got {
		if !slices.Equal(s.After, after[i]) || s.After == nil {
			t.Errorf("step %s comes after %v, want %v", s.ID, s.After, after[i])
		}
	}
}

func TestPlanUncertainSteps(t *testing.T) {
	w := article()
	w.hide(repository)
	got := steps(w, model.PlanOptions{})
	if len(got) != 1 || got[0].Check != "pull" || got[0].Certain {
		t.Errorf("the steps are %+v, want one uncertain for pull", got)
	}
	w = article()
	w.unbind(projectA, agent)
	w.hide(projectA)
	for _, s := range steps(w, model.PlanOptions{Only: []string{"agent", "run-as"}}) {
		if s.Certain {
			t.Errorf("%s %s is certain though the policy was not read", s.Kind, s.Role)
		}
	}
}

// agent missing is sure, run-as unknown is not: the one step that closes both is sure.
func TestPlanKeepsTheSurerOfTwo(t *testing.T) {
	w := article()
	w.unbind(projectA, agent)
	w.hide(webAccount)
	var got []stepSummary
	for _, s := range steps(w, model.PlanOptions{Only: []string{"agent", "run-as"}}) {
		if got = append(got, stepSummary{s.Check, s.Kind, s.Resource, s.Role, s.Member}); !s.Certain {
			t.Errorf("%s %s is uncertain", s.Kind, s.Role)
		}
	}
	if len(got) != 2 {
		t.Errorf("the steps are %v, want create-agent and its role", got)
	}
}

// An unknown that no grant would close gets no step: the binding was read, a deny policy leaves it open.
func TestPlanHasNoStepWhereTheBindingIs(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.deny(projectB, denyPull("principalSet://goog/group/team@example.com"))
	if got := steps(w, model.PlanOptions{}); len(got) != 0 {
		t.Errorf("the steps are %+v", summaries(got))
	}
	w.Denies[projectB] = model.Unread[[]model.DenyPolicy](gap("forbidden"))
	if got := steps(w.strictly(), model.PlanOptions{}); len(got) != 0 {
		t.Errorf("strictly the steps are %+v", summaries(got))
	}
}

func TestPlanHasNoStepForDenied(t *testing.T) {
	w := withoutGrants()
	w.deny(projectB, denyPull(everybody))
	for _, s := range steps(w, model.PlanOptions{}) {
		if s.Check == "pull" || s.Check == "read-image" {
			t.Errorf("the plan grants %s against a deny policy", s.Role)
		}
	}
}

func TestPlanOnly(t *testing.T) {
	w := withImages(arImage, otherImage)
	for only, want := range map[string][]string{
		"":           {"pull", "pull#2"},
		"pull":       {"pull", "pull#2"},
		"pull#2":     {"pull#2"},
		"read-image": nil,
		"agent":      nil,
	} {
		t.Run(cmp.Or(only, "empty"), func(t *testing.T) {
			o := model.PlanOptions{}
			if only != "" {
				o.Only = []string{only}
			}
			var got []string
			for _, s := range steps(w, o) {
				got = append(got, s.Check)
			}
			if !slices.Equal(got, want) {
				t.Errorf("--only=%s gives steps for %v, want %v", only, got, want)
			}
		})
	}
}

func TestPlanScopeProject(t *testing.T) {
	w := withImages(arImage, otherImage)
	got := steps(w, model.PlanOptions{Scope: model.ScopeProject})
	if want := []stepSummary{{"pull", model.StepGrant, projectB, reader, agent}}; !reflect.DeepEqual(summaries(got), want) {
		t.Errorf("the steps are %+v, want one on the project", summaries(got))
	}
	if got := steps(w, model.PlanOptions{Scope: model.ScopeRepository}); len(got) != 2 || got[0].Resource != repository || got[1].Resource != other {
		t.Errorf("the steps are %+v, want one on each repository", summaries(got))
	}
	for _, s := range steps(withoutGrants(), model.PlanOptions{Scope: model.ScopeProject, Only: []string{"deploy", "act-as"}}) {
		if s.Resource == projectA {
			t.Errorf("the scope of the reader role widened %s", s.Check)
		}
	}
}

func TestPlanAllowed(t *testing.T) {
	set, get := changePermissions[repository][0], changePermissions[repository][1]
	yes, no := true, false
	failed := model.Unread[bool](gap("the test failed"))
	cases := map[string]struct {
		set, get model.Fact[bool]
		want     *bool
	}{
		"both":                   {model.Known(true), model.Known(true), &yes},
		"may not write":          {model.Known(false), model.Known(true), &no},
		"may not read":           {model.Known(true), model.Known(false), &no},
		"untested":               {failed, failed, nil},
		"writing untested":       {failed, model.Known(true), nil},
		"no, the other untested": {model.Known(false), failed, &no},
		"not asked yet":          {model.Fact[bool]{}, model.Fact[bool]{}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.Tested[model.TestKey{Resource: repository, Permission: set}] = c.set
			w.Tested[model.TestKey{Resource: repository, Permission: get}] = c.get
			got := steps(w, model.PlanOptions{})
			if len(got) != 1 || !reflect.DeepEqual(got[0].Allowed, c.want) || !slices.Contains(got[0].Requires, set) {
				t.Errorf("%s: the steps are %+v", name, got)
			}
		})
	}
}

func TestPlanRequires(t *testing.T) {
	for _, s := range steps(runAPIOff(), model.PlanOptions{}) {
		var want model.Permission
		switch s.Kind {
		case model.StepEnableAPI:
			want = "serviceusage.services.enable"
		case model.StepGrant:
			want = s.Resource.WritePolicyPermission()
		case model.StepCreateAgent:
			if s.Requires == nil || len(s.Requires) != 0 {
				t.Errorf("creating the agent requires %v, want nothing", s.Requires)
			}
			continue
		}
		if len(s.Requires) == 0 || s.Requires[0] != want {
			t.Errorf("%s on %s requires %v, want %s", s.Kind, s.Resource, s.Requires, want)
		}
	}
}

// A role that the plan grants must hold what its check asks for, by Google's own list of roles.
func TestPlanRolesHoldWhatTheyAreGrantedFor(t *testing.T) {
	text, err := os.ReadFile("../../shared/data/predefined-roles-wide.json")
	if err != nil {
		t.Skip("the list of predefined roles is not here")
	}
	var list struct {
		Roles map[string]json.RawMessage `json:"roles"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	for role, permissions := range map[string][]model.Permission{model.RoleReader: {download, readVirt}, model.RoleDeveloper: deploys,
		model.RoleAccountUser: {actAs}, model.RoleTokenCreator: {tokens}, model.RoleRunAgent: {tokens, download}} {
		t.Run(role, func(t *testing.T) {
			for _, p := range permissions {
				if !slices.Contains(rolePermissions(t, list.Roles[role]), string(p)) {
					t.Errorf("%s does not hold %s", role, p)
				}
			}
		})
	}
}

// rolePermissions reads the permissions of a role, which are a list or stand under a key.
func rolePermissions(t *testing.T, raw json.RawMessage) []string {
	var keyed struct{ Permissions []string }
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		if err := json.Unmarshal(raw, &keyed); err != nil {
			t.Fatal(err)
		}
		return keyed.Permissions
	}
	return list
}
