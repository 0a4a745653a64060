package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
)

// sourceUnseen is the article with nothing of the source project to be seen: a stranger's, perhaps.
func sourceUnseen(w *fixture) *fixture {
	need := func(p model.Permission) model.Gap { return model.Gap{Need: p, Reason: "you may not"} }
	w.Projects["myproject-b"] = model.Unread[model.Project](need(model.PermGetProject))
	w.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](need(model.PermGetProject))
	for r := range w.Repositories {
		if r.Project() == "myproject-b" {
			w.Repositories[r] = model.Unread[model.Repository](need(model.PermGetRepository))
			w.hide(r)
			w.test(r, download, false)
		}
	}
	for text := range w.Images {
		w.Images[text] = model.Unread[model.ImageFact](need("artifactregistry.tags.get"))
	}
	w.hide(projectB)
	return w
}

func fullPlan(w *fixture) model.Plan {
	return model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{})
}

// What can't be seen at all is asked for, and never a step.
func TestPlanAsksWhereNothingCouldBeSeen(t *testing.T) {
	w := sourceUnseen(article())
	p := fullPlan(w)
	if len(p.Steps) != 0 || len(p.Ask) != 2 {
		t.Fatalf("the steps are %v, to be asked for is %v", summaries(p.Steps), summaries(p.Ask))
	}
	if !strings.Contains(p.AskIntro(), repository.Path()) || !strings.Contains(p.AskIntro(), "irst make sure that these exist and belong to you") {
		t.Errorf("before it comes %q", p.AskIntro())
	}
	w.unbind(projectA, agent)
	p = fullPlan(w)
	if got := summaries(p.Steps); len(got) != 2 || got[1].role != runAgentRole || len(p.Ask) != 2 || p.Ask[0].ID != "3" {
		t.Errorf("the steps are %v, to be asked for is %v", got, summaries(p.Ask))
	}
	w = sourceUnseen(article())
	w.Question.Image, w.Question.Repository = model.Image{}, nameOf(repository)
	if p = fullPlan(w); len(p.Steps) != 0 || len(p.Ask) != 2 {
		t.Errorf("of a repository the steps are %v, to be asked for is %v", summaries(p.Steps), summaries(p.Ask))
	}
}

// Anything at all that shows that the place exists makes it one where a grant is a step.
func TestPlanAsksNoOneWhereSomethingWasSeen(t *testing.T) {
	for name, show := range map[string]func(*fixture){
		"the project": func(w *fixture) {
			w.Projects["myproject-b"] = model.Known(model.Project{ID: "myproject-b", Number: "222222222222"})
		},
		"the repository": func(w *fixture) { w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository)}) },
		"the image":      func(w *fixture) { w.image(arImage + ":latest") },
		"its policy":     func(w *fixture) { w.Policies[repository] = model.Known(model.Policy{}) },
		"a policy above": func(w *fixture) { w.Policies[projectB] = model.Known(model.Policy{}) },
		"what it is in":  func(w *fixture) { w.Ancestry["myproject-b"] = model.Known([]model.Ancestor{{Resource: projectB}}) },
		"a right there":  func(w *fixture) { w.test(repository, download, true) },
	} {
		t.Run(name, func(t *testing.T) {
			w := sourceUnseen(article())
			show(w)
			if p := fullPlan(w); len(p.Ask) != 0 || len(p.Steps) == 0 {
				t.Errorf("%s was seen: the steps are %v, to be asked for is %v", name, summaries(p.Steps), summaries(p.Ask))
			}
		})
	}
}

// The consumer project is named by the one who asks: what it holds is theirs to change.
func TestPlanTakesTheConsumerProjectForTheirs(t *testing.T) {
	w := sourceUnseen(withImages(ownImage))
	w.Repositories[ownRepo] = model.Unread[model.Repository](gap("forbidden"))
	w.Images[ownImage+":latest"] = model.Unread[model.ImageFact](gap("forbidden"))
	w.hide(ownRepo, projectA)
	if p := fullPlan(w); len(p.Ask) != 0 || len(p.Steps) == 0 {
		t.Errorf("the steps are %v, to be asked for is %v", summaries(p.Steps), summaries(p.Ask))
	}
}

// Every way out has what is to be asked for, after the sentence that comes first, and none has it as something to run.
func TestWhatIsAskedForIsInEveryExport(t *testing.T) {
	w := sourceUnseen(article())
	p := fullPlan(w)
	r := handover.ChangeRequest{Situation: w.Situation, Diagnosis: model.Diagnose(w.Situation), Plan: p}
	terraform := handover.Terraform(p, r.Diagnosis.Consumer)
	for name, text := range map[string]string{"markdown": r.Markdown(), "text": r.Text(), "terraform": terraform} {
		t.Run(name, func(t *testing.T) {
			first, then := strings.Index(text, "irst make sure that these exist and belong to you"), strings.Index(text, "Grant roles/artifactregistry.reader")
			if first < 0 || then < first {
				t.Errorf("%s says\n%s", name, text)
			}
		})
	}
	if strings.Contains(terraform, "resource \"google") {
		t.Errorf("Terraform would make it:\n%s", terraform)
	}
	var document struct{ Ask, Steps []map[string]any }
	text, err := json.Marshal(p)
	if err != nil || json.Unmarshal(text, &document) != nil || len(document.Ask) != 2 || document.Steps == nil {
		t.Errorf("the plan is written as %s (%v)", text, err)
	}
	text, err = json.Marshal(fullPlan(article()))
	if err != nil || !strings.Contains(string(text), `"ask":[]`) {
		t.Errorf("a plan without it is written as %s (%v)", text, err)
	}
}

// The policy of a worker pool takes the grant itself, by a command that not every gcloud knows (iam-facts 12.3).
func TestPlanOfAWorkerPool(t *testing.T) {
	w := withoutGrants().withWorkload(model.WorkerPool, true)
	got := steps(w, model.PlanOptions{Only: []string{"deploy"}})
	if len(got) != 1 || got[0].Resource != pool || got[0].GcloudNeeds != model.GcloudNeedsNewer || got[0].Requires[0] != "run.workerpools.setIamPolicy" {
		t.Fatalf("the steps are %+v", got)
	}
	inverse, err := got[0].Inverse()
	if err != nil || inverse.GcloudNeeds != model.GcloudNeedsNewer || !slices.ContainsFunc(inverse.Gcloud, func(c string) bool {
		return strings.HasPrefix(c, "gcloud run worker-pools remove-iam-policy-binding w1 ")
	}) {
		t.Errorf("it is taken back by %+v (%v)", inverse, err)
	}
	p := model.Plan{Steps: got}
	if text := handover.Terraform(p, model.ConsumerRef{ID: "myproject-a"}); !strings.Contains(text, `"google_cloud_run_v2_worker_pool_iam_member"`) {
		t.Errorf("Terraform is\n%s", text)
	}
	r := handover.ChangeRequest{Situation: w.Situation, Diagnosis: model.Diagnose(w.Situation), Plan: p}
	for _, text := range []string{r.Markdown(), r.Text()} {
		if !strings.Contains(text, "a gcloud newer than 528") {
			t.Errorf("the request is\n%s", text)
		}
	}
	for _, s := range steps(withoutGrants(), model.PlanOptions{}) {
		if s.GcloudNeeds != "" {
			t.Errorf("%s takes a gcloud %s", s.Title, s.GcloudNeeds)
		}
	}
}
