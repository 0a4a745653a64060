package model_test

import (
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

func near(w *world, check string) (all []model.Observation) {
	for _, o := range model.Diagnose(w.Situation).Observations {
		if o.Kind == model.ObservationNearMiss && o.Check == check {
			all = append(all, o)
		}
	}
	return all
}

// What most people get wrong is named (iam-facts 10).
func TestNearMisses(t *testing.T) {
	compute := model.ServiceAccountMember(computeEmail)
	other, byID := model.RunAgent("222222222222"), model.RunAgent("myproject-a")
	for name, c := range map[string]struct {
		check  string
		at     model.Resource
		role   string
		member model.Member
		says   []string
	}{
		"the runner reads":              {"pull", repository, reader, web, []string{"Close: web@myproject-a.iam.gserviceaccount.com (RUNS) holds the reader role. It never pulls; the service agent (PULLS) does."}},
		"the compute account reads":     {"pull", projectB, reader, compute, []string{"the reader role", "It never pulls"}},
		"another project's agent":       {"pull", repository, reader, other, []string{"the agent of another project", agent.Value()}},
		"the agent by the project's ID": {"pull", repository, reader, byID, []string{"no such account", "number"}},
		"a custom role of the runner":   {"pull", projectB, "projects/myproject-b/roles/puller", web, []string{"(RUNS) holds projects/myproject-b/roles/puller"}},
		"a role of storage":             {"pull", projectB, "roles/storage.objectViewer", agent, []string{"Close: the service agent holds roles/storage.objectViewer. That role can't read Artifact Registry."}},
		"a custom role that lacks it":   {"pull", organization, "organizations/100000000001/roles/no", agent, []string{"That role can't read Artifact Registry"}},
		"the agent's role elsewhere":    {"agent", projectA, runAgentRole, compute, []string{"holds roles/run.serviceAgent. It never pulls"}},
		"another role of the agent":     {"agent", projectA, developer, agent, []string{"the service agent holds roles/run.developer", runAgentRole}},
		"tokens for the deployer":       {"run-as", webAccount, tokenCreator, dev, []string{"(DEPLOYS)", "The service agent (PULLS) needs it"}},
		"tokens in place of acting":     {"act-as", webAccount, tokenCreator, dev, []string{"you hold roles/iam.serviceAccountTokenCreator", string(actAs)}},
		"deploying is not reading":      {"read-image", projectB, developer, dev, []string{"you hold roles/run.developer. That role can't read Artifact Registry."}},
		"looking is not deploying":      {"deploy", projectA, "roles/viewer", dev, []string{"you hold roles/viewer", "run.jobs"}},
	} {
		w := poor()
		w.bind(c.at, c.role, c.member)
		got := near(w, c.check)
		if len(got) != 1 || got[0].Role != c.role || got[0].Member != c.member || got[0].Resource != c.at {
			t.Errorf("%s: the near misses of %s are %+v", name, c.check, got)
			continue
		}
		for _, words := range c.says {
			if !strings.Contains(got[0].Text, words) {
				t.Errorf("%s: it says %q, want %q", name, got[0].Text, words)
			}
		}
	}
}

// What has nothing to do with it is not named, nor what is granted, nor more than a few.
func TestNoNearMisses(t *testing.T) {
	for name, c := range map[string]struct {
		check  string
		at     model.Resource
		role   string
		member model.Member
	}{
		"a basic role of the compute account": {"pull", projectB, "roles/editor", model.ServiceAccountMember(computeEmail)},
		"anybody else who reads":              {"pull", repository, reader, eve},
		"a pipeline":                          {"pull", repository, reader, "serviceAccount:ci@myproject-b.iam.gserviceaccount.com"},
		"a role of something else":            {"deploy", projectA, "roles/logging.viewer", dev},
		"the pull itself":                     {"pull", repository, reader, agent},
		"the agent reads, not the deployer":   {"read-image", repository, reader, agent},
		"deploying is not acting":             {"act-as", projectA, developer, dev},
		"a deleted account":                   {"pull", repository, reader, "deleted:serviceAccount:web@myproject-a.iam.gserviceaccount.com?uid=1"},
	} {
		w := poor()
		w.Roles["roles/logging.viewer"] = model.Known(model.Role{Name: "roles/logging.viewer"})
		w.bind(c.at, c.role, c.member)
		if got := near(w, c.check); len(got) != 0 {
			t.Errorf("%s: the near misses of %s are %+v", name, c.check, got)
		}
	}
	w := poor()
	for _, m := range []model.Member{web, model.RunAgent("222222222222"), model.RunAgent("myproject-a"), model.ServiceAccountMember(computeEmail)} {
		w.bind(repository, reader, m)
	}
	if got := near(w, "pull"); len(got) != 2 {
		t.Errorf("there are %d near misses", len(got))
	}
}

// The request says each of them once, though it may be close to several checks.
func TestRequestSaysANearMissOnce(t *testing.T) {
	w := poor()
	w.bind(projectA, runAgentRole, model.ServiceAccountMember(computeEmail))
	d := model.Diagnose(w.Situation)
	r := model.Request{Situation: w.Situation, Diagnosis: d, Plan: model.PlanFor(w.Situation, d, model.PlanOptions{})}
	for _, text := range []string{r.Markdown(), r.Text()} {
		if strings.Count(text, "Close: ") != 1 {
			t.Errorf("the request is\n%s", text)
		}
	}
	if !slices.ContainsFunc(d.Observations, func(o model.Observation) bool { return o.Check == "run-as" && o.Kind == model.ObservationNearMiss }) {
		t.Error("run-as has no near miss")
	}
}
