package failure_test

import (
	"testing"

	"whopulls/model"
	"whopulls/model/failure"
)

const pullDenied = "\nERROR: (gcloud.run.deploy) Google Cloud Run Service Agent must have permission to read the image, gcr.io/myproject-b/web. " +
	"Note that the image is from project [myproject-b], which is not the same as this project [myproject-a]."

func deploying(project string) string {
	return "Deploying container to Cloud Run service [web] in project [" + project + "] region [us-central1]" + pullDenied
}

// A workload is asked about where the text, and nothing else, says where it is.
func TestWorkloadFillsTheQuestion(t *testing.T) {
	web := model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	other := model.WorkloadName{Kind: model.Job, Name: "other", Region: "us-east1"}
	repository := model.RepositoryName{Project: "myproject-b", Location: "us", ID: "r"}
	for name, c := range map[string]struct {
		text  string
		given model.Question
		want  *model.WorkloadName
	}{
		"told":                  {deploying("myproject-a"), model.Question{}, &web},
		"the project given":     {deploying("myproject-a"), model.Question{Project: "myproject-a"}, &web},
		"another project":       {deploying("myproject-a"), model.Question{Project: "myproject-c"}, nil},
		"another workload":      {deploying("myproject-a"), model.Question{Workload: &other}, &other},
		"a repository":          {deploying("myproject-a"), model.Question{Repository: repository}, nil},
		"of another project":    {deploying("myproject-c"), model.Question{}, nil},
		"of a project's number": {deploying("111111111111"), model.Question{}, &web},
		"one of several":        {"Deploying container to Cloud Run service [api] in project [myproject-a] region [us-central1]\nDone.\n" + deploying("myproject-a"), model.Question{}, nil},
		"not named":             {pullDenied, model.Question{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := failure.Read(c.text).FillQuestion(c.given).Workload
			if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("%s: the workload is %v, not %v", name, got, c.want)
			}
		})
	}
}
