package model_test

import (
	"slices"
	"testing"

	"whopulls/model"
)

// without reads everything but one fact, and what can only be wanted once that is known.
func (w *world) without(missing model.Want) model.Situation {
	s := w.asked()
	for {
		wants := slices.DeleteFunc(model.Wants(s, model.PlanOptions{}), func(want model.Want) bool { return want == missing })
		if len(wants) == 0 {
			return s
		}
		for _, want := range wants {
			w.answer(&s, want)
		}
	}
}

// late are worlds in which a fact that comes last may turn what was shown.
var late = map[string]func() *world{
	"the article": article,
	"granted":     func() *world { w := article(); w.bind(repository, reader, agent); return w },
	"a named deployer": func() *world {
		w := article()
		w.Question.Deployer = dev
		w.test(repository, download, false)
		return w
	},
	"a workload that is not there": func() *world {
		w := article()
		w.Question.Image, w.Workload = arImage, model.Absent[model.Workload]()
		w.test(projectA, jobsCreate, false)
		return w
	},
	"a workload that can't be read": func() *world {
		w := article()
		w.Question.Image, w.Workload = arImage, model.Unread[model.Workload](gap("forbidden"))
		return w
	},
	"a convenience member": func() *world {
		w := article()
		w.bind(repository, reader, "projectEditor:myproject-c")
		return w
	},
	"a convenience member that reaches": func() *world {
		w := article()
		w.bind(repository, reader, "projectEditor:myproject-c")
		w.bind(projectC, "roles/editor", agent)
		return w
	},
	"an account abroad": abroad,
	"a forbidden account abroad": func() *world {
		w := abroad()
		w.Constraints[projectC] = model.Known(true)
		return w
	},
	"a public image": served,
	"an upstream":    func() *world { w := article(); w.virtual(model.ModeVirtual); return w },
	"a deny": func() *world {
		w := article()
		w.bind(repository, reader, agent)
		w.deny(organization, rule(everybody))
		return w
	},
	"a repository that is not there": func() *world {
		w := article()
		w.Repositories[repository] = model.Absent[model.Repository]()
		return w
	},
}

// everyWant lists all that is wanted on the way to the answer.
func (w *world) everyWant(t *testing.T) (wants []model.Want) {
	w.read(t, model.PlanOptions{}, all, func(_ model.Situation, round []model.Want) { wants = append(wants, round...) })
	return wants
}

// Whichever fact comes last: a check that its arrival turns must be pending before.
func TestTheLastFactTurnsOnlyWhatIsPending(t *testing.T) {
	for name, make := range late {
		t.Run(name, func(t *testing.T) {
			w := make()
			final := model.Diagnose(w.Situation)
			for _, want := range w.everyWant(t) {
				for _, c := range model.Diagnose(w.without(want)).Checks {
					end, ok := final.Check(c.ID)
					if !c.Pending() && (!ok || end.Verdict != c.Verdict) {
						t.Errorf("without %v, %s is %s and not pending; it ends as %s", want, c.ID, c.Verdict, end.Verdict)
					}
				}
			}
		})
	}
}

// And a diagnosis that still lacks checks is pending too.
func TestTheLastFactAddsChecksOnlyWhilePending(t *testing.T) {
	for name, make := range late {
		t.Run(name, func(t *testing.T) {
			w := make()
			final := ids(model.Diagnose(w.Situation))
			for _, want := range w.everyWant(t) {
				if d := model.Diagnose(w.without(want)); !d.Pending() && !slices.Equal(ids(d), final) {
					t.Errorf("without %v the checks are %v and not pending; in the end they are %v", want, ids(d), final)
				}
			}
		})
	}
}
