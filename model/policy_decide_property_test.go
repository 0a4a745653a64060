package model_test

import (
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// The words that random worlds are made of.
var (
	someRoles   = []string{reader, "roles/storage.objectViewer", "projects/myproject-b/roles/puller", "roles/editor"}
	someMembers = []model.Member{dev, web, agent, "user:eve@example.com", "group:team@example.com", "domain:example.com", "allUsers",
		"allAuthenticatedUsers", "projectEditor:myproject-c", "deleted:user:dev@example.com?uid=1",
		"principalSet://cloudresourcemanager.googleapis.com/projects/111111111111/type/ServiceAccount"}
	someDeniedPrincipals = []string{everybody, agentAsDenied, agentsOfA, "principalSet://goog/group/team@example.com", "principal://goog/subject/dev@example.com"}
)

func anyBinding(t *rapid.T) model.Binding {
	b := model.Binding{Role: rapid.SampledFrom(someRoles).Draw(t, "role"), Members: rapid.SliceOfN(rapid.SampledFrom(someMembers), 0, 2).Draw(t, "members")}
	if rapid.IntRange(0, 4).Draw(t, "condition") == 0 {
		b.Condition = &model.Condition{Expression: "request.time < timestamp('2030-01-01T00:00:00Z')"}
	}
	return b
}

func anyRule(t *rapid.T) model.DenyRule {
	principals := rapid.SliceOfN(rapid.SampledFrom(someDeniedPrincipals), 0, 2)
	r := model.DenyRule{DeniedPrincipals: principals.Draw(t, "denied"), ExceptionPrincipals: principals.Draw(t, "excepted"),
		DeniedPermissions: []string{rapid.SampledFrom([]string{deniedPull, "run.googleapis.com/services.get"}).Draw(t, "permission")}}
	if rapid.IntRange(0, 4).Draw(t, "condition") == 0 {
		r.Condition = &model.Condition{Expression: "resource.matchTag('1/env', 'prod')"}
	}
	return r
}

// anyWorld draws what is bound and denied on each level above the repository, with everything read.
func anyWorld(t *rapid.T) *fixture {
	w := article()
	w.Question.Strict = rapid.Bool().Draw(t, "strict")
	for _, r := range append([]model.Resource{projectC}, levels...) {
		w.Policies[r] = model.Known(model.Policy{Bindings: rapid.SliceOfN(rapid.Custom(anyBinding), 0, 2).Draw(t, string(r.Kind()))})
		if rapid.IntRange(0, 3).Draw(t, "denies") == 0 {
			w.deny(r, rapid.SliceOfN(rapid.Custom(anyRule), 0, 2).Draw(t, "rules")...)
		}
	}
	return w
}

func anyAccess(t *rapid.T) model.Access {
	return model.Access{Principal: rapid.SampledFrom([]model.Member{dev, web, agent}).Draw(t, "principal"), Permission: download, Resource: repository}
}

// withSomeHidden turns some of what was read into gaps.
func withSomeHidden(t *rapid.T, w *fixture) *fixture {
	less := w.clone()
	hides := func(what string) bool { return rapid.IntRange(0, 3).Draw(t, "hide "+what) == 0 }
	for _, r := range append([]model.Resource{projectC}, levels...) {
		if hides("policy of " + string(r)) {
			less.hide(r)
		}
		if hides("denies of " + string(r)) {
			less.Denies[r] = model.Unread[[]model.DenyPolicy](gap("hidden"))
		}
	}
	for _, role := range someRoles {
		if hides(role) {
			less.Roles[role] = model.Unread[model.Role](gap("hidden"))
		}
	}
	if hides("ancestry") {
		less.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](gap("hidden"))
	}
	return less
}

// With less sight an answer may become unknown, but never turn into its contrary.
func TestLessSightNeverContradicts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, access := anyWorld(t), anyAccess(t)
		full := model.Decide(w.Situation, access)
		less := model.Decide(withSomeHidden(t, w).Situation, access)
		switch {
		case full.Verdict == model.Granted && less.Verdict == model.Missing,
			full.Verdict == model.Missing && less.Verdict == model.Granted,
			full.Verdict == model.Unknown && less.Verdict == model.Missing,
			full.Verdict != model.Denied && less.Verdict == model.Denied:
			t.Fatalf("%s with everything read is %s with less", full.Verdict, less.Verdict)
		}
	})
}

func TestOneMoreBindingNeverTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, access := anyWorld(t), anyAccess(t)
		before := model.Decide(w.Situation, access)
		more := w.clone()
		b := anyBinding(t)
		more.bindIf(rapid.SampledFrom(levels).Draw(t, "level"), b.Role, b.Condition, b.Members...)
		after := model.Decide(more.Situation, access)
		if before.Verdict == model.Granted && after.Verdict != model.Granted {
			t.Fatalf("one more binding turned granted to %s", after.Verdict)
		}
		if before.Verdict == model.Denied && after.Verdict != model.Denied {
			t.Fatalf("one more binding turned denied to %s", after.Verdict)
		}
		if before.Verdict == model.Unknown && after.Verdict == model.Missing {
			t.Fatal("one more binding turned unknown to missing")
		}
	})
}

// What each verdict promises (design, Verdicts): evidence for a yes, every gap named for an open answer.
func TestVerdictsCarryTheirReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := model.Decide(withSomeHidden(t, anyWorld(t)).Situation, anyAccess(t))
		switch d.Verdict {
		case model.Granted, model.Denied:
			if len(d.Evidence) == 0 {
				t.Fatalf("%s without evidence", d.Verdict)
			}
		case model.Unknown:
			if len(d.Gaps) == 0 {
				t.Fatal("unknown without a gap")
			}
		}
		for _, g := range d.Gaps {
			if g.Reason == "" || g.Pending() {
				t.Fatalf("the gap %+v says nothing, or waits for a fact that was asked", g)
			}
		}
	})
}
