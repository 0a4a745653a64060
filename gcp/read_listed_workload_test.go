package gcp

import (
	"reflect"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// listerQuestions are about all workloads that a caller may list and not get.
func listerQuestions(t *testing.T, c *Cloud) (questions []model.Question) {
	t.Helper()
	for page, err := range c.Workloads(t.Context(), "app-project") {
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range page.Items {
			questions = append(questions, model.Question{Project: "app-project", Workload: &w.WorkloadName})
		}
	}
	return questions
}

// A workload that the caller may list and not get is read from the list of its region: images, account and agent identity are
// those that a caller reads who may get it.
func TestAListedWorkloadIsReadFromTheList(t *testing.T) {
	owner, lister := agentCloud(t, ""), agentCloud(t, "user:lister@example.com")
	questions := listerQuestions(t, lister)
	if len(questions) != 7 {
		t.Fatalf("%d workloads are listed", len(questions))
	}
	for _, q := range questions {
		t.Run(string(q.Workload.Kind)+" "+q.Workload.Name, func(t *testing.T) {
			want := model.Want{Kind: model.WantWorkload}
			whole, listed := runTask(t, owner, q, want).Workload, runTask(t, lister, q, want).Workload
			if !listed.Read() || !reflect.DeepEqual(listed, whole) {
				t.Errorf("from the list:\n%+v\nwant\n%+v", listed, whole)
			}
		})
	}
}

// Without the list there is only the reason why the workload could not be read, and one that the list lacks is not gone: the
// caller may not see it.
func TestAWorkloadThatIsNotListedStaysAGap(t *testing.T) {
	for name, c := range map[string]struct {
		account  model.Member
		workload model.WorkloadName
	}{
		"may not list": {"user:nobody@example.com", inUS(model.Service, "plain")},
		"not listed":   {"user:lister@example.com", inUS(model.Service, "elsewhere")},
	} {
		t.Run(name, func(t *testing.T) {
			s := runTask(t, agentCloud(t, c.account), model.Question{Project: "app-project", Workload: &c.workload}, model.Want{Kind: model.WantWorkload})
			if s.Workload.State != model.FactGap || s.Workload.Gap.Need != "run.services.get" {
				t.Errorf("%+v", s.Workload)
			}
		})
	}
}

// A check of all workloads asks for the list of a region once for each kind, and gives the verdicts that each question gives by itself.
func TestReadAllListsARegionOnce(t *testing.T) {
	server := startSandbox(t, sandbox.Options{}, "testdata/agent_identity.yaml")
	c := dialTest(t, Options{Sandbox: server.Addr(), Account: "user:lister@example.com"})
	questions := listerQuestions(t, c)
	together := map[string]string{}
	for s, err := range c.ReadAll(t.Context(), questions, model.PlanOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		together[s.Question.Workload.Name] = verdictsOf(s)
	}
	for _, collection := range []string{"services", "jobs", "workerPools"} {
		list := "projects/app-project/locations/us-central1/" + collection
		if n := callsOf(server)["GET /v2/"+list+" "+list]; n != 1 {
			t.Errorf("%s was listed %d times", collection, n)
		}
	}
	for _, q := range questions {
		if got, want := together[q.Workload.Name], verdictsOf(mustRead(t, c, q)); got != want {
			t.Errorf("%s together with others:\n%s\nalone\n%s", q.Workload.Name, got, want)
		}
	}
}

// verdictsOf spells the verdict of every check.
func verdictsOf(s model.Situation) (all string) {
	for _, c := range model.Diagnose(s).Checks {
		all += c.ID + " " + string(c.Verdict) + "\n"
	}
	return all
}
