package handover_test

import (
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
)

// Somebody who gets the request learns what fails, which binding is missing, and how to check it.
func TestTheRequestStandsAlone(t *testing.T) {
	said := model.Observation{Text: "job myjob says: no image", Quoted: true}
	pull := model.Check{ID: model.CheckPull, Verdict: model.Missing, Reason: "Nothing gives it."}
	act := model.Check{ID: model.CheckActAs, Verdict: model.Denied}
	account := model.Step{ID: "1", Kind: model.StepGrant, Role: model.RoleAccountUser, Resource: "//iam.googleapis.com/projects/myproject-c/serviceAccounts/web@myproject-c.iam.gserviceaccount.com"}
	job := &model.WorkloadName{Kind: model.WorkerPool, Name: "myjob", Region: "asia-northeast1"}
	for _, test := range []struct {
		name      string
		question  model.Question
		diagnosis model.Diagnosis
		steps     []model.Step
		want      []string
	}{
		{"Cloud Run's own words", model.Question{}, model.Diagnosis{Checks: []model.Check{pull}, Observations: []model.Observation{{Text: "a rule"}, said}}, []model.Step{pullStep},
			[]string{"What fails: job myjob says: no image", "Nothing gives it.", "gcloud artifacts repositories get-iam-policy myrepo --location=asia-northeast1 --project=myproject-b"}},
		{"the verdict in words", model.Question{}, model.Diagnosis{Checks: []model.Check{act, pull}}, []model.Step{pullStep},
			[]string{"What fails: The deploy is refused. Cloud Run can't pull the image."}},
		{"nothing was seen", model.Question{}, model.Diagnosis{}, []model.Step{pullStep}, []string{"What fails: That is not known, because something could not be read."}},
		{"a workload", model.Question{Workload: job, ServiceAccount: "a@b"}, model.Diagnosis{Identities: model.Identities{Deployer: "user:dev@example.com"}}, []model.Step{account},
			[]string{"whopulls check --project=myproject-a --region=asia-northeast1 --worker-pool=myjob --service-account=a@b --deployer=user:dev@example.com",
				"gcloud iam service-accounts get-iam-policy web@myproject-c.iam.gserviceaccount.com --project=myproject-c"}},
		{"a new deployment", model.Question{Kind: model.Job, Repository: model.RepositoryName{Project: "p", Location: "us", ID: "r"}}, model.Diagnosis{}, []model.Step{createStep},
			[]string{"whopulls check --project=myproject-a --kind=job --repository=" + model.RepositoryName{Project: "p", Location: "us", ID: "r"}.String()}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.diagnosis.Consumer = consumerRef
			r := handover.ChangeRequest{Situation: model.Situation{Question: test.question}, Diagnosis: test.diagnosis, Plan: model.Plan{Verdict: model.Missing, Steps: test.steps}}
			for _, want := range test.want {
				if got := r.Text(); !strings.Contains(got, want) {
					t.Errorf("%q is not in\n%s", want, got)
				}
			}
			if got := r.Markdown(); !strings.Contains(got, "\n## Check it afterwards\n") {
				t.Errorf("the page does not say how to check it:\n%s", got)
			}
		})
	}
}

// Without a change there is nothing to check.
func TestNoChangeNoCheck(t *testing.T) {
	r := handover.ChangeRequest{Plan: model.Plan{Verdict: model.Granted}}
	if got := r.Text(); strings.Contains(got, "afterwards") || !strings.Contains(got, "What fails: Nothing that was looked at.") {
		t.Errorf("it says\n%s", got)
	}
}
