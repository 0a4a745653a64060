package model_test

import (
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
		if !strings.Contains(said, "Project "+leaving+" is being deleted") || !strings.Contains(said, "gcloud projects undelete "+leaving) {
			t.Errorf("with %s being deleted it says %s", leaving, said)
		}
		for _, step := range model.PlanFor(s, d, model.PlanOptions{}).Steps {
			if step.Check == model.CheckPull || leaving == "myproject-a" {
				t.Errorf("with %s being deleted there is the step %s", leaving, step.Title)
			}
		}
	}
}
