package model_test

import (
	"fmt"
	"time"

	"whopulls/model"
)

func ExampleParseImage() {
	image, err := model.ParseImage("asia-northeast1-docker.pkg.dev/myproject-b/myrepo/team/app:v1")
	fmt.Println(image.Repository, err)
	fmt.Println(image.Path, image.Tag)

	image, err = model.ParseImage("gcr.io/myproject-b/app")
	fmt.Println(image.Repository, err)
	fmt.Println(image)
	// Output:
	// projects/myproject-b/locations/asia-northeast1/repositories/myrepo <nil>
	// team/app v1
	// projects/myproject-b/locations/us/repositories/gcr.io <nil>
	// gcr.io/myproject-b/app:latest
}

// With nothing read yet, Wants says which facts to read first. A reader puts them into the Situation and asks again.
func ExampleWants() {
	question := model.Question{Project: "myproject-a", Repository: nameOf(repository)}
	for _, want := range model.Wants(model.NewSituation(question, time.Time{}), model.PlanOptions{})[:3] {
		fmt.Printf("%s %s%s\n", want.Kind, want.Project, want.Resource)
	}
	// Output:
	// ancestry myproject-b
	// api //serviceusage.googleapis.com/projects/myproject-a/services/run.googleapis.com
	// caller
}

// The service agent of myproject-a has no role on the repository of myproject-b.
func ExampleDiagnose() {
	diagnosis := model.Diagnose(article().Situation)
	fmt.Println(diagnosis.Verdict)
	for _, check := range diagnosis.Checks {
		if check.Verdict != model.Granted {
			fmt.Println(check.ID, check.Verdict, check.Identity)
			fmt.Println(check.Reason)
		}
	}
	// Output:
	// missing
	// pull missing puller
	// Nothing that was read gives it: repository myrepo, project myproject-b, folder apps, organization example.com.
}

// PlanFor makes a step for each missing check, with the commands that do the same.
func ExamplePlanFor() {
	situation := article().Situation
	plan := model.PlanFor(situation, model.Diagnose(situation), model.PlanOptions{})
	for _, step := range plan.Steps {
		fmt.Println(step.Title)
		fmt.Println(step.Gcloud[0])
	}
	// Output:
	// Grant roles/artifactregistry.reader on repository myrepo to the Cloud Run service agent
	// gcloud artifacts repositories add-iam-policy-binding myrepo --location=asia-northeast1 --project=myproject-b --member=serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com --role=roles/artifactregistry.reader
}
