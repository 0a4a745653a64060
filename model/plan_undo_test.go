package model_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
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
		edit := p.EditFor(step)
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
		if after.EditFor(step).Op != model.EditNone {
			t.Fatalf("after the %s it is not as it should be", step.Kind)
		}
		if edit.Op == model.EditNone {
			return // nothing is written, and nothing is taken back
		}
		back := after.Apply(after.EditFor(inverse))
		if !reflect.DeepEqual(membersByBinding(p), membersByBinding(back)) {
			t.Fatalf("%s, %+v:\n%v\nbecame\n%v", step.Kind, edit, p, back)
		}
		if step.Kind == model.StepGrant && len(p.Bindings)+len(back.Bindings) > 0 && !reflect.DeepEqual(p, back) {
			t.Fatalf("the order became another: %v, %v", p, back)
		}
		changed := membersByBinding(after)
		for key, held := range membersByBinding(p) {
			if !reflect.DeepEqual(held, changed[key]) && key != keyOf(step.Role, step.Condition) {
				t.Fatalf("another binding changed: %s", key)
			}
		}
	})
}

// membersByBinding are the members by role and condition, however they are ordered.
func membersByBinding(p model.Policy) map[string]map[model.Member]int {
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
	until := &model.Condition{Title: "until", Expression: "true"}
	grant := model.Step{ID: "x", Kind: model.StepGrant, Resource: repository, Role: reader, Member: agent, Condition: until}
	revoke, err := grant.Inverse()
	if err != nil || revoke.Kind != model.StepRevoke || len(revoke.Gcloud) != 1 || !slices.Equal(revoke.Requires,
		[]model.Permission{repository.WritePolicyPermission(), repository.ReadPolicyPermission()}) {
		t.Fatalf("%+v, %v", revoke, err)
	}
	again, err := revoke.Inverse()
	if err != nil || again.Kind != model.StepGrant {
		t.Fatalf("%+v, %v", again, err)
	}
	for _, s := range []model.Step{revoke, again} {
		t.Run(string(s.Kind), func(t *testing.T) {
			if s.ID != grant.ID || s.Resource != grant.Resource || s.Role != grant.Role || s.Member != grant.Member || s.Condition != grant.Condition || !s.Certain {
				t.Errorf("%+v is not about the same", s)
			}
		})
	}
	if revoke.Why == "" || again.Why == "" || revoke.Why == again.Why {
		t.Errorf("the revoke is explained by %q, the grant by %q", revoke.Why, again.Why)
	}
}

// What can't be taken back says so, each kind in its own words, and what to do instead.
func TestNoInverse(t *testing.T) {
	api := model.APIResource("p", model.RunService)
	for about, test := range map[string]struct {
		step      model.Step
		why, next string
	}{
		"an API":           {model.Step{Kind: model.StepEnableAPI, Resource: api}, "API", "gcloud services disable run.googleapis.com --project=p"},
		"an agent":         {model.Step{Kind: model.StepCreateAgent, Resource: api}, "service agent", "holds nothing"},
		"a deleted member": {model.Step{Kind: model.StepRevoke, Resource: repository, Role: reader, Member: "deleted:user:x@example.com?uid=1"}, "deleted member", "nobody"},
	} {
		t.Run(about, func(t *testing.T) {
			_, err := test.step.Inverse()
			var refusal *model.Refusal
			if !errors.As(err, &refusal) || !strings.Contains(refusal.Why, test.why) || !strings.Contains(refusal.Next, test.next) {
				t.Errorf("%s: %#v", about, err)
			}
		})
	}
}

// Two steps ask for the same change when nothing that says which change it is differs; a plan's own fields say nothing.
func TestSameChange(t *testing.T) {
	step := model.Step{ID: "1", Kind: model.StepGrant, Resource: repository, Role: reader, Member: dev,
		Condition: &model.Condition{Title: "until", Expression: "true"}}
	same := step
	same.ID, same.Title, same.Member = "2", "another", model.Member("user:"+strings.ToUpper(dev.Email()))
	same.Condition = &model.Condition{Title: "until", Expression: "true"}
	if !step.SameChange(same) || !same.SameChange(step) {
		t.Errorf("%+v is another change", same)
	}
	for about, alter := range map[string]func(*model.Step){
		"kind":         func(s *model.Step) { s.Kind = model.StepRevoke },
		"resource":     func(s *model.Step) { s.Resource = projectB },
		"role":         func(s *model.Step) { s.Role = "roles/viewer" },
		"member":       func(s *model.Step) { s.Member = agent },
		"condition":    func(s *model.Step) { s.Condition = &model.Condition{Title: "until", Expression: "false"} },
		"no condition": func(s *model.Step) { s.Condition = nil },
	} {
		t.Run(about, func(t *testing.T) {
			other := step
			alter(&other)
			if step.SameChange(other) || other.SameChange(step) {
				t.Errorf("with another %s it is the same change", about)
			}
		})
	}
}

// A grant stands in for what the same run takes from the same member of the same policy later, and for nothing else.
func TestStoodInFor(t *testing.T) {
	grant := model.Write{Step: model.Step{Kind: model.StepGrant, Resource: repository, Role: reader, Member: agent}, Run: "run"}
	revoke := grant
	revoke.Kind, revoke.Role = model.StepRevoke, "roles/viewer"
	if !grant.WasReplacementFor(revoke) {
		t.Error("the grant did not stand in for the broad role")
	}
	for about, alter := range map[string]func(w, later *model.Write){
		"of what was granted": func(_, later *model.Write) { later.Kind = model.StepGrant },
		"of what was removed": func(w, _ *model.Write) { w.Kind = model.StepRevoke },
		"of another run":      func(_, later *model.Write) { later.Run = "other" },
		"of another resource": func(_, later *model.Write) { later.Resource = projectB },
		"of another member":   func(_, later *model.Write) { later.Member = dev },
	} {
		t.Run(about, func(t *testing.T) {
			w, later := grant, revoke
			if alter(&w, &later); w.WasReplacementFor(later) {
				t.Errorf("it stood in %s", about)
			}
		})
	}
}

// A doubt says what others may have done: the opposite of what is to be done now.
func TestDoubt(t *testing.T) {
	for kind, want := range map[model.StepKind]string{model.StepRevoke: "removed this binding and added it again", model.StepGrant: "added this binding again and removed it"} {
		t.Run(string(kind), func(t *testing.T) {
			if got := (model.Step{Kind: kind, Resource: repository}).UndoWarning(); !strings.Contains(got, want) || !strings.Contains(got, "repository myrepo") {
				t.Errorf("before a %s: %s", kind, got)
			}
		})
	}
}
