package model_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
)

const pullRole = "projects/myproject-b/roles/puller"

// A custom role gives nothing while it is DISABLED or deleted (iam-facts 12.2), and everything in each other stage.
func TestDecideByTheRolesStage(t *testing.T) {
	for stage, want := range map[string]model.Verdict{
		"": model.Granted, "ALPHA": model.Granted, "BETA": model.Granted, "GA": model.Granted, "DEPRECATED": model.Granted,
		"EAP": model.Granted, "DISABLED": model.Missing, "deleted": model.Missing,
	} {
		for _, level := range levels {
			t.Run(cmp.Or(stage, "empty")+" "+string(level), func(t *testing.T) {
				w := article()
				role := model.Role{Name: pullRole, Permissions: []model.Permission{download}, Stage: stage}
				if stage == "deleted" {
					role.Stage, role.Deleted = "GA", true
				}
				w.Roles[pullRole] = model.Known(role)
				w.bind(level, pullRole, agent)
				d := model.Decide(w.Situation, pull)
				if d.Verdict != want || (want == model.Missing) != (len(d.Inert) == 1) || (want == model.Granted) != (len(d.Evidence) == 1) {
					t.Errorf("in stage %q, bound on %s, it is %s by %v, and the inert are %v; want %s", stage, level, d.Verdict, d.Evidence, d.Inert, want)
				}
			})
		}
	}
}

// The one who lacks the permission learns which role would give it, and how it comes back.
func TestMissingNamesTheInertRole(t *testing.T) {
	for _, c := range []struct {
		name         string
		role         model.Role
		says, advice string
	}{
		{"disabled", model.Role{Name: pullRole, Stage: model.StageDisabled},
			"projects/myproject-b/roles/puller on repository myrepo holds the permission, but the role is DISABLED and gives nothing.",
			"gcloud iam roles update puller --project=myproject-b --stage=GA"},
		{"of an organization", model.Role{Name: "organizations/100000000001/roles/no", Stage: model.StageDisabled},
			"but the role is DISABLED", "gcloud iam roles update no --organization=100000000001 --stage=GA"},
		{"deleted", model.Role{Name: pullRole, Stage: "GA", Deleted: true},
			"but the role was deleted and gives nothing.", "gcloud iam roles undelete puller --project=myproject-b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := article()
			c.role.Permissions = []model.Permission{download}
			w.Roles[c.role.Name] = model.Known(c.role)
			w.bind(repository, c.role.Name, agent)
			check, _ := model.Diagnose(w.Situation).CheckByID(model.CheckPull)
			if check.Verdict != model.Missing || !strings.Contains(check.Reason, c.says) || !strings.Contains(strings.Join(check.Advice, " "), c.advice) {
				t.Errorf("it is %s: %s %q", check.Verdict, check.Reason, check.Advice)
			}
			plan := model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{})
			if len(plan.Steps) != 1 || plan.Steps[0].Role != reader || !plan.Steps[0].Certain {
				t.Errorf("the steps are %v", plan.Steps)
			}
		})
	}
}

// The caller's own test says no; which role would have given it is known from the policy all the same.
func TestTheCallersNoNamesTheInertRole(t *testing.T) {
	w := article()
	w.Roles[pullRole] = model.Known(model.Role{Name: pullRole, Permissions: []model.Permission{download}, Stage: model.StageDisabled})
	for _, level := range levels {
		w.Policies[level] = model.Known(model.Policy{})
	}
	w.bind(repository, pullRole, dev)
	w.test(repository, download, false)
	check, _ := model.Diagnose(w.Situation).CheckByID(model.CheckReadImage)
	if check.Verdict != model.Missing || !strings.Contains(check.Reason, "DISABLED") {
		t.Errorf("it is %s: %s", check.Verdict, check.Reason)
	}
}

// What is not a near miss is not named: another's binding, a role without the permission, one under a condition that is over.
func TestNotEveryInertRoleIsANearMiss(t *testing.T) {
	disabled := func(permission model.Permission) model.Fact[model.Role] {
		return model.Known(model.Role{Name: pullRole, Permissions: []model.Permission{permission}, Stage: model.StageDisabled})
	}
	over := &model.Condition{Title: "t", Expression: `request.time < timestamp("2020-01-01T00:00:00Z")`}
	for name, b := range map[string]model.Binding{
		"another's": {Role: pullRole, Members: []model.Member{web}},
		"over":      {Role: pullRole, Members: []model.Member{agent}, Condition: over},
		"a group's": {Role: pullRole, Members: []model.Member{"group:g@example.com"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.Roles[pullRole] = disabled(download)
			w.Policies[repository] = model.Known(model.Policy{Bindings: []model.Binding{b}})
			if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing || len(d.Inert) > 0 {
				t.Errorf("%s: it is %s, and the inert are %v", name, d.Verdict, d.Inert)
			}
		})
	}
	w := article()
	w.Roles[pullRole] = disabled(actAs)
	w.bind(repository, pullRole, agent)
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing || len(d.Inert) > 0 {
		t.Errorf("without the permission it is %s, and the inert are %v", d.Verdict, d.Inert)
	}
}

// Nobody who holds a disabled role can make a change by it.
func TestHoldersKnowTheStage(t *testing.T) {
	const admin = "projects/myproject-b/roles/admin"
	set := model.Permission("artifactregistry.repositories.setIamPolicy")
	step := model.Step{Kind: model.StepGrant, Resource: repository, Requires: []model.Permission{set}}
	for stage, want := range map[string]bool{"GA": true, model.StageDisabled: false} {
		t.Run(stage, func(t *testing.T) {
			w := article()
			w.Roles[admin] = model.Known(model.Role{Name: admin, Permissions: []model.Permission{set}, Stage: stage})
			w.bind(repository, admin, "user:boss@example.com")
			if got := slices.Contains(handover.PermittedMembers(w.Situation, step), "user:boss@example.com"); got != want {
				t.Errorf("in stage %s it is %v, want %v", stage, got, want)
			}
		})
	}
}
