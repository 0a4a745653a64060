package model_test

import (
	"fmt"
	"testing"

	"whopulls/model"
)

func TestNamesakes(t *testing.T) {
	at := func(kind model.WorkloadKind, name, region string) model.Workload {
		return model.Workload{WorkloadName: model.WorkloadName{Kind: kind, Name: name, Region: region}}
	}
	all := []model.Workload{at(model.WorkerPool, "web", "us-east1"), at(model.Service, "web", "us-west1"), at(model.Job, "web", "us-east1"), at(model.Job, "web", "asia-east1"),
		at(model.Job, "web-2", "us-central1"), at(model.Job, "web", "us-east1"), at(model.Service, "other", "us-central1")}
	for want, w := range map[string]model.WorkloadName{
		"There is a job of that name in asia-east1 and us-east1, a service of that name in us-west1 and a worker pool of that name in us-east1.": {Kind: model.Job, Name: "web", Region: "us-central1"},
		"There is a service of that name in us-central1.": {Kind: model.Job, Name: "other", Region: "us-central1"},
		"There is a service of that name in us-west1, a job of that name in asia-east1 and us-east1 and a worker pool of that name in us-east1.": {Kind: model.Service, Name: "web", Region: "us-central1"},
		"": {Kind: model.Job, Name: "we", Region: "us-central1"},
	} {
		t.Run(fmt.Sprintf("%s %s in %s", w.Kind, w.Name, w.Region), func(t *testing.T) {
			if got := model.NamesakeSentence(w.Namesakes(all)); got != want {
				t.Errorf("of %v: %q, want %q", w, got, want)
			}
		})
	}
}
