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
