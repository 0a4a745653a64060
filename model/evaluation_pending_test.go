package model_test

import (
	"slices"
	"testing"

	"whopulls/model"
)

// allBut reads everything but one fact, and what can only be wanted once that is known.
func (w *fixture) allBut(missing model.Want) model.Situation {
	s := w.questionOnly()
	for {
		wants := slices.DeleteFunc(model.Wants(s, model.PlanOptions{}), func(want model.Want) bool { return want == missing })
		if len(wants) == 0 {
			return s
		}
		for _, want := range wants {
			w.answerWant(&s, want)
		}
	}
}

// lateFactWorlds are worlds in which a fact that comes last may turn what was shown.
var lateFactWorlds = map[string]func() *fixture{
	"the article": article,
	"granted":     func() *fixture { w := article(); w.bind(repository, reader, agent); return w },
	"a named deployer": func() *fixture {
		w := article()
		w.Question.Deployer = dev
		w.test(repository, download, false)
		return w
	},
	"a workload that is not there": func() *fixture {
		w := article()
		w.Question.Image, w.Workload = model.ImageOf(arImage), model.Absent[model.Workload]()
		w.test(projectA, jobsCreate, false)
		return w
	},
	"a workload that can't be read": func() *fixture {
		w := article()
		w.Question.Image, w.Workload = model.ImageOf(arImage), model.Unread[model.Workload](gap("forbidden"))
		return w
	},
	"a convenience member": func() *fixture {
		w := article()
		w.bind(repository, reader, "projectEditor:myproject-c")
		return w
	},
	"a convenience member that reaches": func() *fixture {
		w := article()
		w.bind(repository, reader, "projectEditor:myproject-c")
		w.bind(projectC, "roles/editor", agent)
		return w
	},
	"an account abroad": runnerElsewhere,
	"a forbidden account abroad": func() *fixture {
		w := runnerElsewhere()
		w.Constraints[projectC] = model.Known(true)
		return w
	},
	"a public image": servedAnonymously,
	"an upstream":    func() *fixture { w := article(); w.makeVirtual(model.ModeVirtual); return w },
	"a deny": func() *fixture {
		w := article()
		w.bind(repository, reader, agent)
		w.deny(organization, denyPull(everybody))
		return w
	},
	"a repository that is not there": func() *fixture {
		w := article()
		w.Repositories[repository] = model.Absent[model.Repository]()
		return w
	},
}

// everyWant lists all that is wanted on the way to the answer.
func (w *fixture) everyWant(t *testing.T) (wants []model.Want) {
	w.readAll(t, model.PlanOptions{}, allWants, func(_ model.Situation, round []model.Want) { wants = append(wants, round...) })
	return wants
}

// Whichever fact comes last: a check that its arrival turns must be pending before.
func TestTheLastFactTurnsOnlyWhatIsPending(t *testing.T) {
	for name, make := range lateFactWorlds {
		t.Run(name, func(t *testing.T) {
			w := make()
			final := model.Diagnose(w.Situation)
			for _, want := range w.everyWant(t) {
				for _, c := range model.Diagnose(w.allBut(want)).Checks {
					end, ok := final.CheckByID(c.ID)
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
	for name, make := range lateFactWorlds {
		t.Run(name, func(t *testing.T) {
			w := make()
			final := ids(model.Diagnose(w.Situation))
			for _, want := range w.everyWant(t) {
				if d := model.Diagnose(w.allBut(want)); !d.Pending() && !slices.Equal(ids(d), final) {
					t.Errorf("without %v the checks are %v and not pending; in the end they are %v", want, ids(d), final)
				}
			}
		})
	}
}
