package model_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// Each verdict says what it rests on.
func TestGrounds(t *testing.T) {
	over := &model.Condition{Expression: `request.time < timestamp("2020-01-01T00:00:00Z")`, Title: "over"}
	for _, test := range []struct {
		name  string
		world func() *fixture
		check string
		want  model.Ground
	}{
		{"on the repository", func() *fixture { w := article(); w.bind(repository, reader, agent); return w }, "pull", model.GroundBinding},
		{"on the project of the agent", article, "agent", model.GroundBinding},
		{"on a folder above", func() *fixture { w := article(); w.bind(folder, reader, agent); return w }, "pull", model.GroundInherited},
		{"public", func() *fixture { w := article(); w.bind(repository, reader, "allUsers"); return w }, "pull", model.GroundPublic},
		{"tested", func() *fixture { w := article(); w.hide(repository, projectB, folder, organization); return w }, "read-image", model.GroundTest},
		{"looked up", article, "image", model.GroundSeen},
		{"nothing gives it", article, "pull", model.GroundNothing},
		{"a condition", func() *fixture { w := article(); w.bindIf(projectB, reader, over, agent); return w }, "pull", model.GroundCondition},
		{"a disabled role", func() *fixture {
			w := article()
			w.Roles["projects/myproject-b/roles/off"] = model.Known(model.Role{Name: "projects/myproject-b/roles/off", Stage: model.StageDisabled, Permissions: []model.Permission{download}})
			w.bind(repository, "projects/myproject-b/roles/off", agent)
			return w
		}, "pull", model.GroundInertRole},
		{"the test says no against a binding", func() *fixture { w := article(); w.hide(repository); w.test(repository, download, false); return w }, "read-image", model.GroundTestAgainst},
		{"the API is off", runAPIOff, "run-api", model.GroundOff},
		{"no such repository", func() *fixture {
			w := article()
			w.Repositories[repository] = model.Absent[model.Repository]()
			return w
		}, "pull", model.GroundAbsent},
		{"no images in it", func() *fixture {
			w := article()
			w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Format: "MAVEN"})
			return w
		}, "image", model.GroundFormat},
		{"a disabled account", func() *fixture {
			w := article()
			w.Accounts[webAccount] = model.Known(model.Account{Email: webEmail, Disabled: true})
			return w
		}, "runtime-account", model.GroundDisabled},
		{"a project that goes", func() *fixture {
			w := article()
			w.Projects["myproject-b"] = model.Known(model.Project{ID: "myproject-b", Number: "222222222222", State: "DELETE_REQUESTED"})
			return w
		}, "pull", model.GroundDying},
		{"a registry that is refused", func() *fixture { return withImages("quay.io/a/b") }, "image", model.GroundRefused},
		{"a deny policy", func() *fixture { w := article(); w.deny(projectB, denyPull(everybody)); return w }, "pull", model.GroundDenyPolicy},
		{"a boundary", func() *fixture {
			return eveWithBoundary(&model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy})
		}, "read-image", model.GroundBoundary},
		{"an organization policy", func() *fixture { w := runnerElsewhere(); w.Constraints[projectC] = model.Known(true); return w }, "act-as", model.GroundOrganizationPolicy},
		{"a policy that is hidden", func() *fixture { w := article(); w.hide(repository); return w }, "pull", model.GroundUnread},
		{"a group", func() *fixture { w := article(); w.bind(repository, reader, "group:g@example.com"); return w }, "pull", model.GroundUndecided},
		{"Docker Hub", func() *fixture { return withImages("nginx") }, "pull", model.GroundElsewhere},
		{"nothing read yet", func() *fixture { w := article(); w.Policies = nil; return w }, "pull", model.GroundPending},
	} {
		t.Run(test.name, func(t *testing.T) {
			if c := test.world().check(t, test.check); c.Ground() != test.want {
				t.Errorf("%s rests on %s, not %s: %s", c.Verdict, c.Ground(), test.want, c.Reason)
			}
		})
	}
}

// A read that failed is never explained as a group, and a permission is named where one helps.
func TestWhyACheckIsOpen(t *testing.T) {
	api := model.APIResource("myproject-b", "artifactregistry.googleapis.com")
	policy := model.Gap{Resource: repository, Need: "artifactregistry.repositories.getIamPolicy", Cause: model.GapForbidden}
	group, late := model.Gap{Resource: repository, Reason: "a group"}, model.Gap{Cause: model.GapUnreachable}
	for _, test := range []struct {
		name string
		gaps []model.Gap
		want model.Ground
	}{
		{"not allowed", []model.Gap{policy}, model.GroundUnread},
		{"not allowed, from an older snapshot", []model.Gap{{Need: policy.Need}}, model.GroundUnread},
		{"not allowed, and nobody knows what helps", []model.Gap{{Cause: model.GapForbidden}}, model.GroundUnreadFailed},
		{"the API is off", []model.Gap{{Cause: model.GapAPIOff, DisabledAPI: api}}, model.GroundUnreadOff},
		{"an API is off, from an older snapshot", []model.Gap{{DisabledAPI: api, Next: "gcloud"}}, model.GroundUnreadOff},
		{"an API that Google does not name", []model.Gap{{Cause: model.GapAPIOff}}, model.GroundUnreadFailed},
		{"a quota", []model.Gap{{Cause: model.GapQuota, Next: "--strict waits for it"}}, model.GroundUnreadNow},
		{"a quota, and nothing waits for it", []model.Gap{{Cause: model.GapQuota}}, model.GroundUnreadNow},
		{"no connection", []model.Gap{late}, model.GroundUnreadNow},
		{"no connection to a policy", []model.Gap{{Cause: model.GapUnreachable, Need: policy.Need}}, model.GroundUnreadNow},
		{"too large", []model.Gap{{Cause: model.GapTooLarge}}, model.GroundUnreadFailed},
		{"a sign-in", []model.Gap{{Cause: model.GapFailed}}, model.GroundUnreadFailed},
		{"nothing was named", []model.Gap{{Next: "name one"}}, model.GroundUnreadFailed},
		{"a group", []model.Gap{group}, model.GroundUndecided},
		{"a group and no connection", []model.Gap{group, late}, model.GroundUnreadNow},
		{"no connection and not allowed", []model.Gap{late, policy}, model.GroundUnread},
		{"none", nil, model.GroundUndecided},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := (model.Check{Verdict: model.Unknown, Gaps: test.gaps}).Ground(); got != test.want {
				t.Errorf("it rests on %s, not %s", got, test.want)
			}
		})
	}
}

// An opinion answers where no level was read, so it is asked before "not there".
func TestAnOpinionIsNoAbsence(t *testing.T) {
	c := model.Check{Verdict: model.Missing, Evidence: []model.Evidence{{Source: model.SourceOpinion}}}
	if got := c.Ground(); got != model.GroundOpinionMissing {
		t.Errorf("it rests on %s", got)
	}
}

// Whatever is read, a check rests on a ground of its verdict.
func TestEveryVerdictHasItsGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range model.Diagnose(anyQuestion(t).Situation).Checks {
			if !slices.Contains(c.Verdict.Grounds(), c.Ground()) {
				t.Fatalf("%s is %s and rests on %q", c.ID, c.Verdict, c.Ground())
			}
		}
	})
}
