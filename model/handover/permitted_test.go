package handover_test

import (
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
)

const projectB model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-b"

func TestPermittedMembers(t *testing.T) {
	s := model.Situation{
		Policies: map[model.Resource]model.Fact[model.Policy]{
			repository: model.Known(model.Policy{Bindings: []model.Binding{{Role: "roles/a", Members: []model.Member{"user:b@example.com"}},
				{Role: "roles/none", Members: []model.Member{"user:x@example.com"}}}}),
			projectB: model.Known(model.Policy{Bindings: []model.Binding{{Role: "roles/a", Members: []model.Member{"user:a@example.com"}},
				{Role: "roles/a", Members: []model.Member{"user:c@example.com"}, Condition: &model.Condition{Expression: "false"}}}}),
		},
		Roles: map[string]model.Fact[model.Role]{"roles/a": model.Known(model.Role{Permissions: []model.Permission{"x.set"}}), "roles/none": model.Known(model.Role{})},
	}
	got := strings.Join(handover.PermittedMembers(s, model.Step{Resource: repository, Requires: []model.Permission{"x.set"}}), " ")
	if got != "user:a@example.com user:b@example.com" {
		t.Errorf("holders %q", got)
	}
	if handover.PermittedMembers(s, model.Step{Resource: repository}) != nil {
		t.Error("a step that requires nothing has holders")
	}
}
