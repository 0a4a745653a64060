package model_test

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

// A project that is being deleted serves nothing and takes no deploys, whatever its policies say (iam-facts 7.2).
func TestDeletedProjectsAreNeverGreen(t *testing.T) {
	for _, leaving := range []string{"myproject-a", "myproject-b"} {
		w := article()
		project := w.Projects[leaving].Value
		project.State = "DELETE_REQUESTED"
		w.Projects[leaving] = model.Known(project)
		s := w.Situation
		d := model.Diagnose(s)
		if d.Verdict != model.Missing {
			t.Errorf("with %s being deleted the verdict is %s", leaving, d.Verdict)
		}
		said := ""
		for _, c := range d.Checks {
			said += c.Reason + strings.Join(c.Advice, " ")
		}
		if !strings.Contains(said, "Project "+leaving+" is being deleted: what it holds may stop at any moment.") || !strings.Contains(said, "gcloud projects undelete "+leaving) {
			t.Errorf("with %s being deleted it says %s", leaving, said)
		}
		for _, step := range model.PlanFor(s, d, model.PlanOptions{}).Steps {
			if step.Check == model.CheckPull || leaving == "myproject-a" {
				t.Errorf("with %s being deleted there is the step %s", leaving, step.Title)
			}
		}
	}
}

// Nobody is asked to turn on an API in a project that is being deleted, by its ID or by its number; elsewhere he is.
func TestNoAPIIsTurnedOnInAProjectThatLeaves(t *testing.T) {
	for leaving, want := range map[bool]bool{true: false, false: true} {
		for _, named := range []string{"myproject-a", "111111111111"} {
			t.Run(fmt.Sprintf("leaving %t", leaving)+" "+named, func(t *testing.T) {
				w := article()
				a := w.Projects["myproject-a"]
				if leaving {
					a.Value.State = "DELETE_REQUESTED"
				}
				w.Projects["myproject-a"] = a
				off := model.Gap{Reason: "the API is off", DisabledAPI: model.APIResource(named, "run.googleapis.com")}.WithAdvice(model.Advice{Command: "gcloud services enable run.googleapis.com --project=" + named})
				w.Workload = model.Unread[model.Workload](off)
				w.Question.Image = model.ImageOf(arImage)
				d, advised := model.Diagnose(w.Situation), false
				for _, c := range d.Checks {
					for _, next := range model.AdviceFor(c.Gaps) {
						advised = advised || strings.Contains(next.String(), "services enable")
					}
				}
				if advised != want {
					t.Errorf("leaving %v, named %s: advised is %v", leaving, named, advised)
				}
			})
		}
	}
}

// What Cloud Run answers for a disabled runtime account isn't documented, and that is said.
func TestADisabledAccountIsMissing(t *testing.T) {
	w := article()
	w.Accounts[webAccount] = model.Known(model.Account{Email: webEmail, Disabled: true})
	c := w.check(t, "runtime-account")
	if c.Verdict != model.Missing || !strings.Contains(c.Reason, "is disabled. What Cloud Run answers then is not documented") {
		t.Errorf("it is %s: %s", c.Verdict, c.Reason)
	}
}
