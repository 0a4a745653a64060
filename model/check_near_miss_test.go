package model_test

import (
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
)

func nearMisses(w *fixture, check string) (all []model.Observation) {
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
	other, byID := model.RunServiceAgent("222222222222"), model.RunServiceAgent("myproject-a")
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
		"a custom role that lacks it":   {"pull", organization, "organizations/100000000001/roles/no", agent, []string{"That role does not hold artifactregistry.repositories.downloadArtifacts."}},
		"an account named as the agent": {"pull", repository, reader, "serviceAccount:service-111111111111@myproject-a.iam.gserviceaccount.com", []string{"somebody made in project myproject-a", agent.Value()}},
		"another agent in its place":    {"agent", projectA, runAgentRole, other, []string{"the agent of another project"}},
		"a name that is another kind":   {"pull", repository, reader, model.Member("user:" + agent.Value()), []string{"another kind of member"}},
		"the agent's role elsewhere":    {"agent", projectA, runAgentRole, compute, []string{"holds roles/run.serviceAgent. It never pulls"}},
		"another role of the agent":     {"agent", projectA, developer, agent, []string{"the service agent holds roles/run.developer", runAgentRole}},
		"tokens for the deployer":       {"run-as", webAccount, tokenCreator, dev, []string{"(DEPLOYS)", "The service agent (PULLS) needs it"}},
		"tokens in place of acting":     {"act-as", webAccount, tokenCreator, dev, []string{"dev@example.com holds roles/iam.serviceAccountTokenCreator", string(actAs)}},
		"deploying is not reading":      {"read-image", projectB, developer, dev, []string{"dev@example.com holds roles/run.developer. That role can't read Artifact Registry."}},
		"looking is not deploying":      {"deploy", projectA, "roles/viewer", dev, []string{"dev@example.com holds roles/viewer", "run.jobs"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := withoutGrants()
			w.bind(c.at, c.role, c.member)
			got := nearMisses(w, c.check)
			if len(got) != 1 || got[0].Role != c.role || got[0].Member != c.member || got[0].Resource != c.at {
				t.Errorf("%s: the near misses of %s are %+v", name, c.check, got)
				return
			}
			for _, words := range c.says {
				if !strings.Contains(got[0].Text, words) {
					t.Errorf("%s: it says %q, want %q", name, got[0].Text, words)
				}
			}
		})
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
		"an agent's role on its own project":  {"pull", projectB, runAgentRole, model.RunServiceAgent("222222222222")},
		"an agent's role above its project":   {"pull", organization, runAgentRole, model.RunServiceAgent("222222222222")},
		"a role that is not in force":         {"pull", projectB, "projects/myproject-b/roles/off", agent},
		"a deleted account":                   {"pull", repository, reader, "deleted:serviceAccount:web@myproject-a.iam.gserviceaccount.com?uid=1"},
	} {
		t.Run(name, func(t *testing.T) {
			w := withoutGrants()
			w.Roles["roles/logging.viewer"] = model.Known(model.Role{Name: "roles/logging.viewer"})
			off := model.Role{Name: "projects/myproject-b/roles/off", Stage: model.StageDisabled, Permissions: []model.Permission{download}}
			w.Roles[off.Name] = model.Known(off)
			w.bind(c.at, c.role, c.member)
			if got := nearMisses(w, c.check); len(got) != 0 {
				t.Errorf("%s: the near misses of %s are %+v", name, c.check, got)
			}
		})
	}
}

// Of many the closest are named: a name written wrong, who runs, a role that is not enough, and only then the agents of
// other projects, which may well pull themselves.
func TestTheClosestNearMissesComeFirst(t *testing.T) {
	byID, others := model.RunServiceAgent("myproject-a"), []model.Member{model.RunServiceAgent("222222222222"), model.RunServiceAgent("333333333333"), model.RunServiceAgent("444444444444")}
	for name, c := range map[string]struct {
		last []model.Member // the readers of the repository that stand after those others
		role bool           // the agent holds a role that is not enough
		want []model.Member
	}{
		"nothing closer":       {want: others[:2]},
		"the runner":           {last: []model.Member{web}, want: []model.Member{web, others[0]}},
		"a role":               {role: true, want: []model.Member{agent, others[0]}},
		"a name and a role":    {last: []model.Member{byID}, role: true, want: []model.Member{byID, agent}},
		"a name, and who runs": {last: []model.Member{web, byID}, role: true, want: []model.Member{byID, web}},
	} {
		t.Run(name, func(t *testing.T) {
			w := withoutGrants()
			if c.role {
				w.bind(organization, "roles/storage.objectViewer", agent)
			}
			for _, m := range slices.Concat(others, c.last) {
				w.bind(repository, reader, m)
			}
			var got []model.Member
			for _, o := range nearMisses(w, "pull") {
				got = append(got, o.Member)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: the near misses are %v, want %v", name, got, c.want)
			}
		})
	}
}

// The request says each of them once, though it may be close to several checks.
func TestRequestSaysANearMissOnce(t *testing.T) {
	w := withoutGrants()
	w.bind(projectA, runAgentRole, model.ServiceAccountMember(computeEmail))
	d := model.Diagnose(w.Situation)
	r := handover.ChangeRequest{Situation: w.Situation, Diagnosis: d, Plan: model.PlanFor(w.Situation, d, model.PlanOptions{})}
	for _, text := range []string{r.Markdown(), r.Text()} {
		if strings.Count(text, "Close: ") != 1 {
			t.Errorf("the request is\n%s", text)
		}
	}
	if !slices.ContainsFunc(d.Observations, func(o model.Observation) bool { return o.Check == "run-as" && o.Kind == model.ObservationNearMiss }) {
		t.Error("run-as has no near miss")
	}
}

// What was not asked for is no part of the request: neither what comes close to it nor what no grant closes.
func TestRequestKeepsToWhatWasAskedFor(t *testing.T) {
	w := withoutGrants()
	w.bind(projectA, runAgentRole, model.ServiceAccountMember(computeEmail)) // close to agent and run-as
	w.bind(repository, reader, web)                                          // close to pull
	w.bind(organization, "roles/storage.objectViewer", agent)
	d := model.Diagnose(w.Situation)
	for _, only := range []string{"agent", "run-as", "pull", "deploy", "read-image"} {
		t.Run(only, func(t *testing.T) {
			o := model.PlanOptions{Only: []string{only}}
			want := 0
			seen := map[model.Evidence]bool{}
			for _, n := range nearMisses(w, only) {
				if !seen[n.Binding()] {
					want++
				}
				seen[n.Binding()] = true
			}
			r := handover.ChangeRequest{Situation: w.Situation, Diagnosis: o.FilterDiagnosis(d), Plan: model.PlanFor(w.Situation, d, o)}
			for _, text := range []string{r.Markdown(), r.Text()} {
				if got := strings.Count(text, "Close: "); got != want {
					t.Errorf("--only=%s: %d near misses of %d:\n%s", only, got, want, text)
				}
			}
			if o.FilterDiagnosis(d).Verdict != d.Verdict || len(o.FilterDiagnosis(d).Checks) != 1 {
				t.Errorf("--only=%s: %s, %d checks", only, o.FilterDiagnosis(d).Verdict, len(o.FilterDiagnosis(d).Checks))
			}
		})
	}
	if whole := (model.PlanOptions{}).FilterDiagnosis(d); len(whole.Checks) != len(d.Checks) || len(whole.Observations) != len(d.Observations) {
		t.Error("without --only something is left out")
	}
}
