package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// The pull by what was read, next to what Policy Troubleshooter says about it.
func TestSecondOpinion(t *testing.T) {
	granted := func(w *fixture) { w.bind(repository, reader, agent) }
	missing := func(*fixture) {}
	unknown := func(w *fixture) { w.bind(repository, reader, "group:team@example.com") }
	denied := func(w *fixture) {
		w.bind(repository, reader, agent)
		w.Denies[projectB] = model.Known([]model.DenyPolicy{{Name: "d", Rules: []model.DenyRule{{
			DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts"}}}}})
	}
	mayBeDenied := func(w *fixture) {
		w.bind(repository, reader, agent)
		w.deny(projectB, denyPull("principalSet://goog/group/team@example.com"))
	}
	for _, c := range []struct {
		about    string
		read     func(*fixture)
		theirs   model.Verdict
		want     model.Verdict
		opposite bool
	}{
		{"agreeing on granted", granted, model.Granted, model.Granted, false},
		{"agreeing on missing", missing, model.Missing, model.Missing, false},
		{"agreeing on denied", denied, model.Denied, model.Denied, false},
		{"they don't know", granted, model.Unknown, model.Granted, false},
		{"nobody knows", unknown, model.Unknown, model.Unknown, false},
		{"they see into the group: yes", unknown, model.Granted, model.Granted, false},
		{"they see into the group: no", unknown, model.Missing, model.Missing, false},
		{"they see a deny policy", unknown, model.Denied, model.Denied, false},
		{"nothing gives it, and a deny policy that we did not see", missing, model.Denied, model.Denied, false},
		{"a deny policy that they did not see", denied, model.Missing, model.Denied, false},
		{"a binding that was read, and a deny policy that they decide: no", mayBeDenied, model.Denied, model.Denied, false},
		{"a binding that was read, and a deny policy that they decide: yes", mayBeDenied, model.Granted, model.Granted, false},
		{"a binding that was read, and they say that nothing gives it", mayBeDenied, model.Missing, model.Unknown, true},
		{"they say no to what was read", granted, model.Missing, model.Unknown, true},
		{"they deny what was read", granted, model.Denied, model.Unknown, true},
		{"they say yes to what nothing gives", missing, model.Granted, model.Unknown, true},
		{"they say yes to what is denied", denied, model.Granted, model.Unknown, true},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := article()
			c.read(w)
			opinion := model.SecondOpinion{Verdict: c.theirs, Why: []string{"because"}}
			w.opinion(agent, download, repository, model.Known(opinion))
			got := w.check(t, "pull")
			if got.Verdict != c.want {
				t.Errorf("%s: %s (%s), want %s", c.about, got.Verdict, got.Reason, c.want)
			}
			if got.Opinion == nil || got.Opinion.Verdict != c.theirs {
				t.Errorf("%s: the opinion is not shown: %v", c.about, got.Opinion)
			}
			said := slices.ContainsFunc(got.Gaps, func(g model.Gap) bool { return strings.Contains(g.Reason, "contradict") })
			if said != c.opposite {
				t.Errorf("%s: the gaps are %v", c.about, got.Gaps)
			}
		})
	}
}

// For the caller's own permissions the caller's own test is the answer, and nobody else is asked.
func TestNoSecondOpinionOnTheCaller(t *testing.T) {
	w := article()
	for _, want := range model.Wants(w.questionOnly(), model.PlanOptions{}) {
		if want.Kind == model.WantOpinion {
			t.Errorf("%v is wanted before anything is known", want)
		}
	}
	for a := range w.Opinions {
		if a.Principal == dev {
			delete(w.Opinions, a)
		}
	}
	if wants := model.Wants(w.Situation, model.PlanOptions{}); len(wants) > 0 {
		t.Errorf("it still wants %v", wants)
	}
}

// What kept the second opinion away is shown where it could have decided.
func TestOpinionThatWasNotToBeHad(t *testing.T) {
	w := article()
	w.opinion(agent, download, repository, model.Unread[model.SecondOpinion](gap("the API is off")))
	if got := w.check(t, "pull"); got.Advice != nil {
		t.Errorf("a decided check says %v", got.Advice)
	}
	w.bind(repository, reader, "group:team@example.com")
	if got := w.check(t, "pull"); len(got.Advice) != 1 || !strings.Contains(got.Advice[0], "the API is off") {
		t.Errorf("an open check says %v", got.Advice)
	}
}

func TestAccessAsKey(t *testing.T) {
	before := map[model.Access]int{pull: 1, {Principal: dev, Permission: actAs, Resource: webAccount}: 2}
	data, err := json.Marshal(before)
	if err != nil {
		t.Fatal(err)
	}
	var after map[model.Access]int
	if err := json.Unmarshal(data, &after); err != nil || len(after) != 2 || after[pull] != 1 {
		t.Errorf("%s became %v (%v)", data, after, err)
	}
	if err := json.Unmarshal([]byte(`{"x": 1}`), &after); err == nil {
		t.Error("a key without parts was taken")
	}
}

func TestSecondWords(t *testing.T) {
	same := model.SecondOpinion{Verdict: model.Missing, Why: []string{"a", "b"}}
	open := model.SecondOpinion{Verdict: model.Unknown}
	for _, c := range []struct {
		about string
		check model.Check
		want  string
	}{
		{"no opinion", model.Check{Verdict: model.Missing}, ""},
		{"the same", model.Check{Verdict: model.Missing, Opinion: &same}, "Policy Troubleshooter says the same (a; b)."},
		{"it can't tell", model.Check{Verdict: model.Granted, Opinion: &open}, "Policy Troubleshooter can't tell."},
		{"another verdict", model.Check{Verdict: model.Denied, Opinion: &same}, "Policy Troubleshooter says that nothing gives it."},
		{"it is the evidence", model.Check{Verdict: model.Missing, Opinion: &same, Evidence: []model.Evidence{{Source: model.SourceOpinion}}}, ""},
		{"an open check", model.Check{Verdict: model.Unknown, Opinion: &same}, ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			if got := c.check.OpinionSentence(); got != c.want {
				t.Errorf("%s with %v: %q, want %q", c.check.Verdict, c.check.Opinion, got, c.want)
			}
		})
	}
}
