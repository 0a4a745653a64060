package accessmap

import (
	"testing"

	"whopulls/model"
)

// A map of a workload that is not there says so.
func TestMapSaysThatTheWorkloadIsNotThere(t *testing.T) {
	name := model.WorkloadName{Kind: model.Job, Name: "nope", Region: "us-central1"}
	m := &Screen{situation: model.Situation{Question: model.Question{Project: "p1", Workload: &name}, Workload: model.Absent[model.Workload]()}}
	m.diagnosis = model.Diagnose(m.situation)
	if got := m.absentWorkloadText(); got != "job nope doesn't exist in us-central1 of p1; treated as a new deployment." {
		t.Errorf("it says %q", got)
	}
	m.namesakes = []model.WorkloadName{{Kind: model.Job, Name: "nope", Region: "us-east1"}}
	if got := m.absentWorkloadText(); got != "job nope doesn't exist in us-central1 of p1; treated as a new deployment. There is a job of that name in us-east1." {
		t.Errorf("it says %q", got)
	}
	m.situation.Workload = model.Unread[model.Workload](model.Gap{Reason: "forbidden"})
	if got := m.absentWorkloadText(); got != "" {
		t.Errorf("of a job that could not be read it says %q", got)
	}
}
