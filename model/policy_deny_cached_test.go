package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/model"
)

// denyWants reads everything but deny policies, and gives the order in which these are wanted in the end.
func (w *fixture) denyWants() []model.Resource {
	s := w.questionOnly()
	for {
		var order []model.Resource
		rest := slices.DeleteFunc(model.Wants(s, model.PlanOptions{}), func(want model.Want) bool {
			if want.Kind == model.WantDeny {
				order = append(order, want.Resource)
			}
			return want.Kind == model.WantDeny
		})
		if len(rest) == 0 {
			return order
		}
		for _, want := range rest {
			w.answerWant(&s, want)
		}
	}
}

func TestDenyWantsBeginWithTheRepository(t *testing.T) {
	source := []model.Resource{projectB, folder, organization}
	for name, change := range map[string]func(*fixture){
		"the article":       func(*fixture) {},
		"an unknown puller": func(w *fixture) { w.Projects["myproject-a"] = model.Unread[model.Project](gap("forbidden")) },
		"an API that is on": func(w *fixture) { w.bind(repository, reader, agent) },
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			change(w)
			if got := w.denyWants(); !slices.Equal(got, append(slices.Clone(source), projectA)) {
				t.Errorf("%s: the order is %v", name, got)
			}
		})
	}
}

// Two repositories come before anything else, the first one's levels first.
func TestDenyWantsOfSeveralRepositories(t *testing.T) {
	w := article()
	w.Workload.Value.Images = append(slices.Clone(w.Workload.Value.Images), model.ImageOf("asia-northeast1-docker.pkg.dev/myproject-c/side/car:1"))
	far := model.RepositoryName{Project: "myproject-c", Location: "asia-northeast1", ID: "side"}
	w.Repositories[far.Resource()] = model.Known(model.Repository{Name: far, Format: "DOCKER"})
	want := []model.Resource{projectB, folder, organization, projectC, projectA}
	if got := w.denyWants(); !slices.Equal(got, want) {
		t.Errorf("the order is %v, want %v", got, want)
	}
}

// No permission closes a gap that a quota made.
func TestDenyGapWithoutANeedKeepsNone(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.Denies[folder] = model.Unread[[]model.DenyPolicy](gap("the quota is used up"))
	if d := model.Decide(w.Situation, pull); len(d.Gaps) != 1 || d.Gaps[0].Need != "" {
		t.Errorf("the gaps are %v", d.Gaps)
	}
}

// ageTexts are the observations that report kept facts.
func (w *fixture) ageTexts() (texts []string) {
	for _, o := range model.Diagnose(w.Situation).Observations {
		if o.Age > 0 {
			texts = append(texts, o.Text)
		}
	}
	return texts
}

func (w *fixture) cachedSince(at time.Time, levels ...model.Resource) {
	w.Time = now
	for _, l := range levels {
		w.Denies[l] = model.KnownAt(w.Denies[l].Value, at)
	}
}

func TestAgesOfDenyPolicies(t *testing.T) {
	for _, test := range []struct {
		about string
		kept  func(*fixture)
		want  []string
	}{
		{"none is kept", func(*fixture) {}, nil},
		{"one level", func(w *fixture) { w.cachedSince(now.Add(-4*time.Minute), folder) },
			[]string{"deny policies of folder apps are as of 14:26 UTC, 4 minutes old"}},
		{"two levels of one age", func(w *fixture) { w.cachedSince(now.Add(-time.Minute), organization, projectB) },
			[]string{"deny policies of organization example.com and project myproject-b are as of 14:29 UTC, 1 minute old"}},
		{"three levels, seconds old", func(w *fixture) { w.cachedSince(now.Add(-time.Second), projectA, projectB, folder) },
			[]string{"deny policies of project myproject-a, folder apps and project myproject-b are as of 14:29 UTC, less than a minute old"}},
		{"two ages", func(w *fixture) {
			w.cachedSince(now.Add(-9*time.Minute), folder)
			w.cachedSince(now.Add(-3*time.Minute), projectB)
		},
			[]string{"deny policies of folder apps are as of 14:21 UTC, 9 minutes old",
				"deny policies of project myproject-b are as of 14:27 UTC, 3 minutes old"}},
		{"kept in the future, in another zone", func(w *fixture) { w.cachedSince(now.Add(time.Hour).In(time.FixedZone("far", 3600)), projectB) },
			[]string{"deny policies of project myproject-b are as of 15:30 UTC, less than a minute old"}},
	} {
		t.Run(test.about, func(t *testing.T) {
			w := article()
			test.kept(w)
			if got := w.ageTexts(); !slices.Equal(got, test.want) {
				t.Errorf("told %q, want %q", got, test.want)
			}
		})
	}
}

// An age alters no verdict, and a fact that was read afresh shows none in JSON.
func TestAgesAlterNothing(t *testing.T) {
	w := article()
	fresh := model.Diagnose(w.Situation)
	w.cachedSince(now.Add(-time.Minute), folder)
	if kept := model.Diagnose(w.Situation); kept.Verdict != fresh.Verdict || !kept.Observations[0].Time.Equal(now.Add(-time.Minute)) {
		t.Errorf("it is %s with %v", kept.Verdict, kept.Observations)
	}
	text, err := json.Marshal(model.Known(true))
	if err != nil || strings.Contains(string(text), `"at"`) {
		t.Errorf("JSON %s (%v)", text, err)
	}
}
