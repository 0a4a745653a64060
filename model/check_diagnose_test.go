package model_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/model"
)

// alwaysPresentChecks are the ids that every diagnosis carries.
var alwaysPresentChecks = []string{"run-api", "agent", "pull", "deploy", "act-as", "read-image", "run-as", "runtime-account", "image"}

func ids(d model.Diagnosis) (list []string) {
	for _, c := range d.Checks {
		list = append(list, c.ID)
	}
	return list
}

func TestDiagnoseArticle(t *testing.T) {
	w := article()
	d := model.Diagnose(w.Situation)
	if d.Verdict != model.Missing || !slices.Equal(ids(d), alwaysPresentChecks) || d.Pending() {
		t.Errorf("it is %s (pending: %t) with the checks %v", d.Verdict, d.Pending(), ids(d))
	}
	want := map[string]model.Verdict{}
	for _, id := range alwaysPresentChecks {
		want[id] = model.Granted
	}
	want["pull"] = model.Missing
	w.expect(t, want)
	pulls := w.check(t, "pull")
	for _, word := range []string{"repository myrepo", "project myproject-b", "folder apps", "organization example.com"} {
		if !strings.Contains(pulls.Reason, word) {
			t.Errorf("the reason %q does not name %s", pulls.Reason, word)
		}
	}
}

func TestDiagnoseArticleNamesTheThree(t *testing.T) {
	d := model.Diagnose(article().Situation)
	if d.Identities != (model.Identities{Deployer: dev, Puller: agent, Runner: web}) {
		t.Errorf("the identities are %+v", d.Identities)
	}
	want := map[string]struct {
		who        model.Identity
		principal  model.Member
		permission model.Permission
		resource   model.Resource
	}{
		"run-api":         {"", "", "", runAPI},
		"agent":           {model.Puller, agent, "", projectA},
		"pull":            {model.Puller, agent, download, repository},
		"deploy":          {model.Deployer, dev, jobsUpdate, job},
		"act-as":          {model.Deployer, dev, actAs, webAccount},
		"read-image":      {model.Deployer, dev, download, repository},
		"run-as":          {model.Puller, agent, tokens, webAccount},
		"runtime-account": {model.Runner, web, "", webAccount},
		"image":           {"", "", "", repository},
	}
	for _, c := range d.Checks {
		if w := want[c.ID]; c.Identity != w.who || c.Principal != w.principal || c.Permission != w.permission || c.Resource != w.resource {
			t.Errorf("%s asks %s %s %s %s", c.ID, c.Identity, c.Principal, c.Permission, c.Resource)
		}
		if c.Reason == "" {
			t.Errorf("%s gives no reason", c.ID)
		}
	}
}

func TestDiagnoseAfterTheGrant(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	if d := model.Diagnose(w.Situation); d.Verdict != model.Granted {
		t.Errorf("with the reader role it is %s", d.Verdict)
	}
}

func TestDiagnoseTheClassicMistake(t *testing.T) {
	w := article()
	w.bind(repository, reader, web)
	w.expect(t, map[string]model.Verdict{"pull": model.Missing, "runtime-account": model.Granted})
}

func TestDiagnoseAgent(t *testing.T) {
	cases := map[string]struct {
		edit func(*fixture)
		want model.Verdict
	}{
		"run.serviceAgent":        {func(w *fixture) { w.bind(projectA, runAgentRole, agent) }, model.Granted},
		"serverless.serviceAgent": {func(w *fixture) { w.bind(projectA, "roles/serverless.serviceAgent", agent) }, model.Granted},
		"on the folder":           {func(w *fixture) { w.bind(folder, runAgentRole, agent) }, model.Granted},
		"neither":                 {func(*fixture) {}, model.Missing},
		"another agent's":         {func(w *fixture) { w.bind(projectA, runAgentRole, model.RunServiceAgent("222222222222")) }, model.Missing},
		"in the source project":   {func(w *fixture) { w.bind(projectB, runAgentRole, agent) }, model.Missing},
		"as strong a role":        {func(w *fixture) { w.bind(projectA, "roles/editor", agent) }, model.Missing},
		"deleted": {func(w *fixture) {
			w.bind(projectA, runAgentRole, "deleted:"+agent+"?uid=1")
		}, model.Missing},
		"under a condition": {func(w *fixture) {
			w.bindIf(projectA, runAgentRole, &model.Condition{Expression: "resource.matchTag('1/env', 'prod')"}, agent)
		}, model.Unknown},
		"until it was over": {func(w *fixture) {
			w.bindIf(projectA, runAgentRole, &model.Condition{Expression: "request.time < timestamp('2026-01-01T00:00:00Z')"}, agent)
		}, model.Missing},
		"the policy unread": {func(w *fixture) { w.hide(projectA) }, model.Unknown},
		"the folder unread": {func(w *fixture) { w.hide(folder) }, model.Unknown},
		"a group has it":    {func(w *fixture) { w.bind(projectA, runAgentRole, "group:agents@example.com") }, model.Unknown},
		"roles unreadable": {func(w *fixture) {
			w.Roles[runAgentRole] = model.Unread[model.Role](gap("forbidden"))
			w.bind(projectA, runAgentRole, agent)
		}, model.Granted},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.unbind(projectA, agent)
			c.edit(w)
			if got := w.check(t, "agent"); got.Verdict != c.want {
				t.Errorf("%s: agent is %s (%v), want %s", name, got.Verdict, got.Gaps, c.want)
			}
		})
	}
}

func TestDiagnoseAPIOff(t *testing.T) {
	w := article()
	w.APIs[runAPI] = model.Known(false)
	w.Workload = model.Unread[model.Workload](model.Gap{Reason: "Cloud Run API has not been used in project 111111111111 before or it is disabled"})
	d := model.Diagnose(w.Situation)
	if !slices.Equal(ids(d), alwaysPresentChecks) || d.Verdict != model.Missing {
		t.Errorf("it is %s with the checks %v", d.Verdict, ids(d))
	}
	w.expect(t, map[string]model.Verdict{"run-api": model.Missing, "agent": model.Granted, "pull": model.Unknown, "image": model.Unknown})
	w.APIs[runAPI] = model.Unread[bool](model.Gap{Need: "serviceusage.services.get", Reason: "forbidden"})
	c := w.check(t, "run-api")
	if c.Verdict != model.Unknown || len(c.Gaps) != 1 || c.Gaps[0].Need != "serviceusage.services.get" {
		t.Errorf("unread it is %s with the gaps %v", c.Verdict, c.Gaps)
	}
}

func TestDiagnoseWorkloadUnreadable(t *testing.T) {
	w := article()
	w.Workload = model.Unread[model.Workload](model.Gap{Resource: job, Need: "run.jobs.get", Reason: "forbidden"})
	d := model.Diagnose(w.Situation)
	if !slices.Equal(ids(d), alwaysPresentChecks) || d.Identities.Runner != "" {
		t.Errorf("the checks are %v and the runner %q, want nine and nobody", ids(d), d.Identities.Runner)
	}
	for _, id := range []string{"pull", "read-image", "act-as", "run-as", "runtime-account", "image"} {
		if c := w.check(t, id); c.Verdict != model.Unknown || !hasGap(c.Gaps, job, "run.jobs.get") {
			t.Errorf("%s is %s with the gaps %v, want unknown for lack of run.jobs.get", id, c.Verdict, c.Gaps)
		}
	}
}

func TestDiagnoseWithoutWorkload(t *testing.T) {
	w := article()
	w.Question.Workload, w.Workload = nil, model.Fact[model.Workload]{}
	w.Question.Image = model.ImageOf(arImage)
	d := model.Diagnose(w.Situation)
	if d.Workload != nil || d.Identities.Runner != "serviceAccount:"+computeEmail {
		t.Errorf("the workload is %v and the runner %s", d.Workload, d.Identities.Runner)
	}
	c := w.check(t, "deploy")
	if c.Permission != svcCreate || c.Resource != projectA || c.Verdict != model.Granted {
		t.Errorf("deploy asks for %s on %s and is %s", c.Permission, c.Resource, c.Verdict)
	}
	w.Question.ServiceAccount = webEmail
	if d := model.Diagnose(w.Situation); d.Identities.Runner != web {
		t.Errorf("with --service-account the runner is %s", d.Identities.Runner)
	}
}

func TestDiagnoseWorkloadAbsent(t *testing.T) {
	for kind, want := range map[model.WorkloadKind]model.Permission{
		model.Service: svcCreate, model.Job: jobsCreate, model.WorkerPool: "run.workerpools.create",
	} {
		t.Run(string(kind), func(t *testing.T) {
			w := article()
			w.Question.Workload = &model.WorkloadName{Kind: kind, Name: "fresh", Region: tokyo}
			w.Question.Image, w.Workload = model.ImageOf(arImage), model.Absent[model.Workload]()
			if c := w.check(t, "deploy"); c.Permission != want || c.Resource != projectA {
				t.Errorf("deploy of a new %s asks for %s on %s", kind, c.Permission, c.Resource)
			}
			if d := model.Diagnose(w.Situation); d.Identities.Runner != "serviceAccount:"+computeEmail || !slices.Equal(ids(d), alwaysPresentChecks) {
				t.Errorf("the runner of a new %s is %s, the checks %v", kind, d.Identities.Runner, ids(d))
			}
		})
	}
}

func TestDiagnoseWithoutAnyImage(t *testing.T) {
	w := article()
	w.Workload = model.Absent[model.Workload]()
	d := model.Diagnose(w.Situation)
	if !slices.Equal(ids(d), alwaysPresentChecks) || len(d.Images) != 0 {
		t.Errorf("the checks are %v, the images %v", ids(d), d.Images)
	}
	w.expect(t, map[string]model.Verdict{"pull": model.Unknown, "read-image": model.Unknown, "image": model.Unknown})
}

func TestDiagnoseByProjectNumber(t *testing.T) {
	w := article()
	w.Question.Project = "111111111111"
	w.Projects["111111111111"] = w.Projects["myproject-a"]
	d := model.Diagnose(w.Situation)
	if d.Consumer.ID != "myproject-a" || d.Identities.Puller != agent || d.Pending() {
		t.Errorf("the consumer is %s, the puller %s", d.Consumer.ID, d.Identities.Puller)
	}
}

func TestDiagnoseProjectUnreadable(t *testing.T) {
	for name, fact := range map[string]model.Fact[model.Project]{
		"forbidden": model.Unread[model.Project](model.Gap{Reason: "forbidden"}),
		"gone":      model.Absent[model.Project](),
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.Projects["myproject-a"] = fact
			d := model.Diagnose(w.Situation)
			if d.Identities.Puller != "" || d.Consumer.Number != nil || d.Consumer.ID != "myproject-a" || !slices.Equal(ids(d), alwaysPresentChecks) {
				t.Errorf("%s: the puller is %q, the consumer %+v, the checks %v", name, d.Identities.Puller, d.Consumer, ids(d))
			}
			for _, id := range []string{"agent", "pull", "run-as"} {
				c := w.check(t, id)
				if c.Verdict != model.Unknown || c.Principal != "" || len(c.Gaps) == 0 || (name == "forbidden") != hasGap(c.Gaps, projectA, "resourcemanager.projects.get") {
					t.Errorf("%s: %s is %s for %q with the gaps %v", name, id, c.Verdict, c.Principal, c.Gaps)
				}
			}
		})
	}
}

func TestDiagnoseSameProject(t *testing.T) {
	w := article()
	home := model.RepositoryName{Project: "myproject-a", Location: tokyo, ID: "home"}
	ref := "asia-northeast1-docker.pkg.dev/myproject-a/home/myjob:v1"
	w.Repositories[home.Resource()] = model.Known(model.Repository{Name: home})
	w.Policies[home.Resource()] = model.Known(model.Policy{})
	w.test(home.Resource(), download, true)
	w.image(ref)
	w.Question.Image = model.ImageOf(ref)
	d := model.Diagnose(w.Situation)
	if d.Verdict != model.Granted {
		t.Errorf("it is %s", d.Verdict)
	}
	if c := w.check(t, "pull"); len(c.Evidence) == 0 || c.Evidence[0].Resource != projectA || c.Evidence[0].Role != runAgentRole {
		t.Errorf("pull rests on %v", c.Evidence)
	}
}

func TestDiagnoseTellsWhatTheWorkloadSays(t *testing.T) {
	w := article()
	before := model.Diagnose(w.Situation)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	w.Workload.Value.Condition = &model.Readiness{Reason: "CONTAINER_PERMISSION_DENIED", Message: "must have permission", Time: at}
	d := model.Diagnose(w.Situation)
	if len(d.Observations) != 1 || !d.Observations[0].Time.Equal(at) || !strings.Contains(d.Observations[0].Text, "CONTAINER_PERMISSION_DENIED: must have permission") {
		t.Errorf("the observations are %+v", d.Observations)
	}
	for i, c := range d.Checks {
		if c.Verdict != before.Checks[i].Verdict {
			t.Errorf("the observation turned %s to %s", c.ID, c.Verdict)
		}
	}
	w.Workload.Value.Condition = &model.Readiness{Ready: true}
	if d := model.Diagnose(w.Situation); len(d.Observations) != 0 {
		t.Errorf("a ready workload is observed: %v", d.Observations)
	}
}
