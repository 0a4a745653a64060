package model_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// drawPolicy gives a policy as Google returns it: no binding twice, no member twice in one, none empty.
func drawPolicy(t *rapid.T) model.Policy {
	conditions := []*model.Condition{nil, {Title: "until", Expression: `request.time < timestamp("2027-01-01T00:00:00Z")`},
		{Title: "until", Description: "other", Expression: `request.time < timestamp("2027-01-01T00:00:00Z")`}}
	p := model.Policy{Version: 3, Etag: "BwX="}
	for r := range rapid.IntRange(0, 3).Draw(t, "roles") {
		for _, c := range conditions {
			size := rapid.SampledFrom([]int{0, 0, 1, 2, 5, 1400}).Draw(t, "members")
			if size == 0 {
				continue
			}
			b := model.Binding{Role: fmt.Sprintf("roles/r%d", r), Condition: c}
			for m := range size {
				b.Members = append(b.Members, drawHolder(t, m))
			}
			p.Bindings = append(p.Bindings, b)
		}
	}
	return p
}

func drawHolder(t *rapid.T, n int) model.Member {
	if n > 5 {
		return model.Member(fmt.Sprintf("user:u%d@example.com", n))
	}
	return model.Member(fmt.Sprintf(rapid.SampledFrom([]string{"user:u%d@example.com", "deleted:serviceAccount:s%d@p.iam.gserviceaccount.com?uid=1",
		"group:g%d@example.com", "principalSet://goog/group/%d"}).Draw(t, "kind"), n))
}

// Whatever a policy holds, taking a grant back gives the policy as it was, and a grant touches one binding alone.
func TestUndoGivesThePolicyBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPolicy(t)
		step := model.Step{Kind: rapid.SampledFrom([]model.StepKind{model.StepGrant, model.StepRevoke}).Draw(t, "kind"),
			Role: fmt.Sprintf("roles/r%d", rapid.IntRange(0, 4).Draw(t, "role")), Member: drawHolder(t, rapid.IntRange(0, 7).Draw(t, "member"))}
		if len(p.Bindings) > 0 && rapid.Bool().Draw(t, "conditioned") {
			step.Condition = rapid.SampledFrom(p.Bindings).Draw(t, "binding").Condition
		}
		edit := p.Edit(step)
		inverse, err := step.Inverse()
		if step.Kind == model.StepRevoke && step.Member.Deleted() { // nobody may add a deleted member (iam-facts 7.1)
			var refused *model.Refusal
			if !errors.As(err, &refused) || refused.Next == "" {
				t.Fatalf("the revoke of a deleted member is taken back: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		after := p.Apply(edit)
		if after.Edit(step).Op != model.EditNone {
			t.Fatalf("after the %s it is not as it should be", step.Kind)
		}
		if edit.Op == model.EditNone {
			return // nothing is written, and nothing is taken back
		}
		back := after.Apply(after.Edit(inverse))
		if !reflect.DeepEqual(contents(p), contents(back)) {
			t.Fatalf("%s, %+v:\n%v\nbecame\n%v", step.Kind, edit, p, back)
		}
		if step.Kind == model.StepGrant && len(p.Bindings)+len(back.Bindings) > 0 && !reflect.DeepEqual(p, back) {
			t.Fatalf("the order became another: %v, %v", p, back)
		}
		changed := contents(after)
		for key, held := range contents(p) {
			if !reflect.DeepEqual(held, changed[key]) && key != keyOf(step.Role, step.Condition) {
				t.Fatalf("another binding changed: %s", key)
			}
		}
	})
}

// contents are the members by role and condition, however they are ordered.
func contents(p model.Policy) map[string]map[model.Member]int {
	all := map[string]map[model.Member]int{}
	for _, b := range p.Bindings {
		key := keyOf(b.Role, b.Condition)
		if all[key] == nil {
			all[key] = map[model.Member]int{}
		}
		for _, m := range b.Members {
			all[key][m]++
		}
	}
	return all
}

func keyOf(role string, c *model.Condition) string {
	if c == nil {
		return role
	}
	return fmt.Sprintf("%s %+v", role, *c)
}

func TestInverse(t *testing.T) {
	grant := model.Step{ID: "x", Kind: model.StepGrant, Resource: repository, Role: reader, Member: agent}
	revoke, err := grant.Inverse()
	if err != nil || revoke.Kind != model.StepRevoke || len(revoke.Gcloud) != 1 || revoke.Why == "" {
		t.Fatalf("%+v, %v", revoke, err)
	}
	if again, err := revoke.Inverse(); err != nil || again.Kind != model.StepGrant || again.Resource != grant.Resource || again.Member != grant.Member {
		t.Errorf("%+v, %v", again, err)
	}
	for _, kind := range []model.StepKind{model.StepEnableAPI, model.StepCreateAgent} {
		if _, err := (model.Step{Kind: kind, Resource: model.APIResource("p", model.RunService)}).Inverse(); err == nil {
			t.Errorf("%s can be taken back", kind)
		}
	}
}
