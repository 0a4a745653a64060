package model_test

import (
	"reflect"
	"testing"

	"whopulls/model"
)

// callerTestOn is the evidence that the caller's own test of a permission gives.
func callerTestOn(r model.Resource) model.Evidence {
	return model.Evidence{Resource: r, Source: "testIamPermissions"}
}

func TestCallersTestSaysYes(t *testing.T) {
	binding := model.Evidence{Resource: repository, Role: reader, Member: dev}
	above := model.Evidence{Resource: projectB, Role: owner, Member: dev}
	cases := map[string]struct {
		edit func(*fixture)
		want []model.Evidence
	}{
		"the binding too": {func(*fixture) {}, []model.Evidence{binding, above, callerTestOn(repository)}},
		"policies hidden": {func(w *fixture) { w.hide(repository, projectB, folder, organization) }, []model.Evidence{callerTestOn(repository)}},
		"through a group": {func(w *fixture) {
			w.unbind(repository, dev)
			w.unbind(projectB, dev)
			w.bind(projectB, reader, "group:team@example.com")
		}, []model.Evidence{callerTestOn(repository)}},
		"a deny policy that can't be decided": {func(w *fixture) { w.deny(projectB, denyPull("principalSet://goog/group/g@example.com")) },
			[]model.Evidence{binding, above, callerTestOn(repository)}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			c.edit(w)
			got := w.check(t, "read-image")
			if got.Verdict != model.Granted || !reflect.DeepEqual(got.Evidence, c.want) {
				t.Errorf("%s: read-image is %s with %v, want granted with %v", name, got.Verdict, got.Evidence, c.want)
			}
		})
	}
}

func TestCallersTestSaysYesThoughDenySeemsToApply(t *testing.T) {
	w := article()
	w.deny(projectB, denyPull(everybody))
	c := w.check(t, "read-image")
	if c.Verdict != model.Granted || !reflect.DeepEqual(c.Evidence, []model.Evidence{callerTestOn(repository)}) {
		t.Errorf("read-image is %s with %v", c.Verdict, c.Evidence)
	}
}

func TestCallersTestSaysNo(t *testing.T) {
	denied := func(w *fixture) { w.deny(projectB, denyPull(everybody)) }
	unseen := func(w *fixture) { w.Repositories[repository] = model.Unread[model.Repository](gap("forbidden")) }
	cases := map[string]struct {
		edits []func(*fixture)
		want  model.Verdict
	}{
		"seen":                {nil, model.Missing},
		"seen, hidden":        {[]func(*fixture){func(w *fixture) { w.hide(levels...) }}, model.Missing},
		"unseen":              {[]func(*fixture){unseen}, model.Unknown},
		"a deny rule":         {[]func(*fixture){denied}, model.Denied},
		"a deny rule, unseen": {[]func(*fixture){denied, unseen}, model.Denied},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.test(repository, download, false)
			for _, edit := range c.edits {
				edit(w)
			}
			got := w.check(t, "read-image")
			if got.Verdict != c.want || (c.want == model.Unknown && len(got.Gaps) == 0) {
				t.Errorf("%s: read-image is %s with the gaps %v, want %s", name, got.Verdict, got.Gaps, c.want)
			}
		})
	}
}

func TestCallersTestOfDeployAndActAs(t *testing.T) {
	w := article()
	w.test(job, jobsUpdate, false)
	w.test(webAccount, actAs, false)
	w.expect(t, map[string]model.Verdict{"deploy": model.Missing, "act-as": model.Missing})
	w.Workload.State, w.Workload.Gap = model.FactGap, gap("forbidden")
	w.Question.ServiceAccount = webEmail
	w.Accounts[webAccount] = model.Unread[model.Account](gap("forbidden"))
	w.expect(t, map[string]model.Verdict{"deploy": model.Unknown, "act-as": model.Unknown})
}

// A new deployment is tested on the project, which was seen when it could be read.
func TestCallersTestOfCreate(t *testing.T) {
	w := article()
	w.Workload = model.Absent[model.Workload]()
	w.test(projectA, jobsCreate, false)
	w.expect(t, map[string]model.Verdict{"deploy": model.Missing})
	w.Projects["myproject-a"] = model.Unread[model.Project](gap("forbidden"))
	w.expect(t, map[string]model.Verdict{"deploy": model.Unknown})
}

func TestCallersTestUnread(t *testing.T) {
	w := article()
	w.hideTests(download)
	w.expect(t, map[string]model.Verdict{"read-image": model.Granted})
	w.unbind(repository, dev)
	w.unbind(projectB, dev)
	w.expect(t, map[string]model.Verdict{"read-image": model.Missing})
	w.hide(projectB)
	w.expect(t, map[string]model.Verdict{"read-image": model.Unknown})
}

func TestCallersTestIsNotForOthers(t *testing.T) {
	w := article()
	w.Question.Deployer = "user:eve@example.com"
	w.expect(t, map[string]model.Verdict{"deploy": model.Missing, "act-as": model.Missing, "read-image": model.Missing, "pull": model.Missing})
	for _, id := range []string{"deploy", "act-as", "read-image"} {
		if c := w.check(t, id); c.Principal != "user:eve@example.com" {
			t.Errorf("%s asks for %s", id, c.Principal)
		}
	}
	w.Question.Deployer = "user:DEV@example.com"
	w.hide(levels...)
	w.expect(t, map[string]model.Verdict{"read-image": model.Granted})
}

func TestCallerUnknown(t *testing.T) {
	w := article()
	w.Caller = model.Unread[model.Member](gap("the credential tells no e-mail"))
	d := model.Diagnose(w.Situation)
	if d.Identities.Deployer != "" || d.Identities.Puller != agent {
		t.Errorf("the identities are %+v", d.Identities)
	}
	for _, id := range []string{"deploy", "act-as", "read-image"} {
		c := w.check(t, id)
		if c.Verdict != model.Unknown || c.Principal != "" || c.Identity != model.Deployer || len(c.Gaps) == 0 {
			t.Errorf("%s is %s for %q with the gaps %v", id, c.Verdict, c.Principal, c.Gaps)
		}
	}
	for _, s := range model.PlanFor(w.Situation, d, model.PlanOptions{}).Steps {
		if s.Member == "" && s.Kind == model.StepGrant {
			t.Errorf("the plan grants %s to nobody", s.Role)
		}
	}
	w.Question.Deployer = dev
	w.expect(t, map[string]model.Verdict{"deploy": model.Granted, "act-as": model.Granted, "read-image": model.Granted})
}

func TestStrictCountsUnreadDeny(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.Denies[organization] = model.Unread[[]model.DenyPolicy](gap("forbidden"))
	if d := model.Diagnose(w.Situation); d.Verdict != model.Granted {
		t.Errorf("it is %s", d.Verdict)
	}
	if d := model.Diagnose(w.strictly().Situation); d.Verdict != model.Unknown {
		t.Errorf("strictly it is %s", d.Verdict)
	}
	w.expect(t, map[string]model.Verdict{"pull": model.Unknown, "read-image": model.Granted, "deploy": model.Granted, "run-as": model.Unknown})
}
