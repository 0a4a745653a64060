package model_test

import (
	"cmp"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

const (
	ownImage                = "asia-northeast1-docker.pkg.dev/myproject-a/apps/hello"
	eve      model.Member   = "user:eve@example.com"
	ownRepo  model.Resource = "//artifactregistry.googleapis.com/projects/myproject-a/locations/asia-northeast1/repositories/apps"
	farRepo  model.Resource = "//artifactregistry.googleapis.com/projects/myproject-c/locations/asia-northeast1/repositories/apps"
	farImage                = "asia-northeast1-docker.pkg.dev/myproject-c/apps/hello"
)

// deployedByEve asks about somebody else than the caller, whose rights are what the policies say.
func deployedByEve(images ...string) *fixture {
	w := withImages(images...)
	w.Question.Deployer = eve
	for _, r := range []model.Resource{ownRepo, farRepo} {
		w.Repositories[r] = model.Known(model.Repository{Name: nameOf(r), Format: "DOCKER", Mode: "STANDARD_REPOSITORY"})
		w.Policies[r], w.Rules[r] = model.Known(model.Policy{}), model.Known([]model.DownloadRule{})
	}
	w.noOpinions()
	return w
}

// One role on the project gives the agent all that it needs there.
func TestPlanAsksForTheAgentsRoleAlone(t *testing.T) {
	w := deployedByEve(ownImage)
	w.Policies[projectA] = model.Known(model.Policy{})
	w.Policies[webAccount] = model.Known(model.Policy{})
	for only, want := range map[string][]stepSummary{
		"": {
			{"agent", model.StepCreateAgent, runAPI, "", agent},
			{"agent", model.StepGrant, projectA, runAgentRole, agent},
			{"deploy", model.StepGrant, job, developer, eve},
			{"act-as", model.StepGrant, webAccount, accountUser, eve},
			{"read-image", model.StepGrant, ownRepo, reader, eve},
		},
		"pull":   {{"pull", model.StepGrant, ownRepo, reader, agent}},
		"run-as": {{"run-as", model.StepGrant, projectA, runAgentRole, agent}},
	} {
		t.Run(cmp.Or(only, "empty"), func(t *testing.T) {
			o := model.PlanOptions{}
			if only != "" {
				o.Only = []string{only}
			}
			if got := steps(w, o); !reflect.DeepEqual(summaries(got), want) {
				t.Errorf("--only=%s: the steps are\n%v, want\n%v", only, summaries(got), want)
			}
		})
	}
	got := steps(w, model.PlanOptions{})
	if want := []string{"agent", "pull", "run-as"}; !slices.Equal(got[1].Closes, want) {
		t.Errorf("the agent's role closes %v, want %v", got[1].Closes, want)
	}
}

// A grant that reaches several repositories of a project is asked for once, and not next to narrower ones.
func TestPlanLeavesOutWhatAWiderStepGives(t *testing.T) {
	w := deployedByEve(ownImage, arImage)
	w.Policies[projectA] = model.Known(model.Policy{})
	got := summaries(steps(w, model.PlanOptions{Only: []string{"agent", "pull"}}))
	want := []stepSummary{
		{"agent", model.StepCreateAgent, runAPI, "", agent},
		{"agent", model.StepGrant, projectA, runAgentRole, agent},
		{"pull#2", model.StepGrant, repository, reader, agent},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the steps are\n%v, want\n%v", got, want)
	}
}

// The repository may name its project by the number: the agent's role there is the same one.
func TestPlanLeavesOutWhatAStepGivesWhereTheNumberIsNamed(t *testing.T) {
	const number = "111111111111"
	byNumber, name := model.ProjectResource(number), nameOf(ownRepo)
	name.Project = number
	r := name.Resource()
	w := deployedByEve(arImage)
	w.Question.Repository = name
	w.Projects[number] = w.Projects["myproject-a"]
	w.Ancestry[number] = model.Known(append([]model.Ancestor{{Resource: byNumber}}, w.Ancestry["myproject-a"].Value[1:]...))
	w.Repositories[r] = model.Known(model.Repository{Name: name, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"})
	w.Policies[r], w.Rules[r] = model.Known(model.Policy{}), model.Known([]model.DownloadRule{})
	w.Policies[projectA], w.Policies[byNumber] = model.Known(model.Policy{}), model.Known(model.Policy{})
	w.Denies[byNumber] = model.Known([]model.DenyPolicy{})
	w.noOpinions()
	p := model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{Only: []string{"agent", "pull"}})
	got := summaries(append(p.Steps, p.Ask...))
	if len(got) != 2 || got[1].role != runAgentRole || got[1].resource != projectA {
		t.Errorf("the steps are %v", got)
	}
}

// What the role of a step holds is read, not assumed: unread, the narrower step stays.
func TestPlanKeepsAStepWhereTheOtherIsNotKnownToGiveIt(t *testing.T) {
	w := deployedByEve(ownImage)
	w.Policies[projectA] = model.Known(model.Policy{})
	w.Roles[runAgentRole] = model.Unread[model.Role](gap("hidden"))
	got := summaries(steps(w, model.PlanOptions{Only: []string{"agent", "pull"}}))
	if len(got) != 3 || got[2].role != reader {
		t.Errorf("the steps are %v", got)
	}
	delete(w.Roles, runAgentRole)
	if !slices.Contains(model.Wants(w.Situation, model.PlanOptions{}), model.Want{Kind: model.WantRole, Role: runAgentRole}) {
		t.Error("what the role holds is not wanted")
	}
}

// The agent's role is not sure to be missing, the pull is: so the step that gives both is.
func TestPlanIsSureOfAStepThatClosesWhatIsSurelyMissing(t *testing.T) {
	w := deployedByEve(ownImage)
	w.Policies[projectA] = model.Known(model.Policy{})
	w.bind(projectA, runAgentRole, "group:team@example.com")
	w.Roles[runAgentRole] = model.Known(model.Role{Name: runAgentRole, Permissions: []model.Permission{download}})
	w.opinion(agent, download, ownRepo, model.Known(model.SecondOpinion{Verdict: model.Missing}))
	got := steps(w, model.PlanOptions{Only: []string{"agent", "pull"}})
	if len(got) != 2 || !got[1].Certain || got[0].Certain {
		t.Errorf("the steps are %+v", got)
	}
}

// made gives the world with the steps made.
func (w *fixture) withSteps(list []model.Step) *fixture {
	after := w.clone()
	for _, s := range list {
		if s.Kind == model.StepGrant && after.Policies[s.Resource].Read() {
			p := after.Policies[s.Resource].Value
			after.Policies[s.Resource] = model.Known(p.Apply(p.EditFor(s)))
		}
	}
	return after
}

// openChecks are the checks that are not granted.
func (w *fixture) openChecks() (ids []string) {
	for _, c := range model.Diagnose(w.Situation).Checks {
		if c.Verdict != model.Granted {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// The steps close all that they say, and none of them can be left out.
func TestPlanIsEnoughAndLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := deployedByEve(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{ownImage, arImage, otherImage, farImage}), 1, 3,
			func(s string) string { return s }).Draw(t, "images")...)
		if rapid.Bool().Draw(t, "abroad") {
			w.Workload.Value.ServiceAccount = farEmail
		}
		for _, r := range []model.Resource{projectA, webAccount, projectB, folder} {
			w.Policies[r] = model.Known(model.Policy{})
			for _, role := range rapid.SliceOfN(rapid.SampledFrom([]string{reader, developer, accountUser, tokenCreator, runAgentRole, owner}), 0, 2).Draw(t, string(r)) {
				w.bind(r, role, rapid.SampledFrom([]model.Member{agent, eve, web}).Draw(t, "member"))
			}
		}
		o := model.PlanOptions{Scope: rapid.SampledFrom([]model.Scope{model.ScopeRepository, model.ScopeProject}).Draw(t, "scope")}
		plan := steps(w, o)
		if left := w.withSteps(plan).openChecks(); len(left) != 0 {
			t.Fatalf("after %v these are open still: %v", summaries(plan), left)
		}
		for i, s := range plan {
			if s.Kind != model.StepGrant {
				continue
			}
			if len(w.withSteps(slices.Delete(slices.Clone(plan), i, i+1)).openChecks()) == 0 {
				t.Fatalf("%v is more than is needed in %v", stepSummary{s.Check, s.Kind, s.Resource, s.Role, s.Member}, summaries(plan))
			}
		}
	})
}
