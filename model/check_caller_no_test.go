package model_test

import (
	"strings"
	"testing"

	"whopulls/model"
)

// A no of the caller's own test is said as what it is: nothing is said to have been read that was not.
func TestWordsOfTheCallersOwnNo(t *testing.T) {
	unseen := sourceUnseen(article())
	seen := sourceUnseen(article())
	seen.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository)})
	read := article()
	for _, level := range levels {
		read.Policies[level] = model.Known(model.Policy{})
	}
	read.test(repository, download, false)
	held := article()
	held.bind(repository, reader, dev)
	held.test(repository, download, false)
	doubted, strict := article(), article()
	for _, w := range []*fixture{doubted, strict} {
		w.bind(repository, reader, dev)
		w.test(repository, download, false)
	}
	doubted.deny(projectB, denyPull("principalSet://goog/group/all@example.com"))
	strict.Denies[projectB] = model.Unread[[]model.DenyPolicy](model.Gap{Reason: "not yours"})
	strict.Question.Strict = true
	given := "Your own test of the permission says no, although roles/artifactregistry.reader on repository myrepo gives it"
	for name, c := range map[string]struct {
		world *fixture
		want  model.Verdict
		says  string
		never string
	}{
		"not seen to exist":                 {unseen, model.Unknown, "You lack this permission, or the resource doesn't exist: Google answers both the same way.", "caller"},
		"policies unread":                   {seen, model.Missing, "Your own test of the permission says no.", "Nothing that was read"},
		"policies read":                     {read, model.Missing, "Nothing that was read gives it: repository myrepo", "Your own test"},
		"a binding gives it":                {held, model.Missing, given, "Nothing that was read"},
		"it gives it, and may be denied":    {doubted, model.Missing, given, "Nothing that was read"},
		"it gives it, and denials are lost": {strict, model.Missing, given, "Nothing that was read"},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.world.check(t, "read-image")
			if got.Verdict != c.want || !strings.Contains(got.Reason, c.says) || strings.Contains(got.Reason, c.never) {
				t.Errorf("%s: read-image is %s: %q", name, got.Verdict, got.Reason)
			}
			if c.says == given { // it is there: to grant it again changes nothing
				d := model.Diagnose(c.world.Situation)
				for _, s := range model.PlanFor(c.world.Situation, d, model.PlanOptions{}).Steps {
					if s.Check == model.CheckReadImage {
						t.Errorf("it is planned again: %s", s.Title)
					}
				}
				return
			}
			if c.never == "Nothing that was read" && len(got.Levels) != 0 {
				t.Errorf("%s: it lists levels as if they had been read: %v", name, got.Levels)
			}
		})
	}
}
