package gcp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// manyServices is a world with that many services of one project, which run images of one repository.
func manyServices(t *testing.T, count int) (world string, questions []model.Question) {
	t.Helper()
	text, err := os.ReadFile("testdata/many.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var services strings.Builder
	for n := range count {
		name := model.WorkloadName{Kind: model.Service, Name: fmt.Sprintf("web%d", n), Region: "asia-northeast1"}
		fmt.Fprintf(&services, "      - {kind: service, region: asia-northeast1, name: %s, serviceAccount: web@myproject-a.iam.gserviceaccount.com,"+
			" images: [\"asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest\"]}\n", name.Name)
		questions = append(questions, model.Question{Project: "myproject-a", Workload: &name})
	}
	world = filepath.Join(t.TempDir(), "many.yaml")
	if err := os.WriteFile(world, []byte(strings.Replace(string(text), "      # services\n", services.String(), 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return world, questions
}

// callsOf counts the calls that arrived, by method and resource.
func callsOf(s *sandbox.Server) map[string]int {
	counts := map[string]int{}
	for _, e := range s.Log() {
		counts[e.Method+" "+e.Resource]++
	}
	return counts
}

// What several workloads depend on is read once; only what is a workload's own is read for each.
func TestReadAllReadsSharedFactsOnce(t *testing.T) {
	const count = 20
	world, questions := manyServices(t, count)
	s := startSandbox(t, sandbox.Options{}, world)
	c := dialTest(t, Options{Sandbox: s.Addr()})
	verdicts := map[model.Verdict]int{}
	read := map[string]bool{}
	for situation, err := range c.ReadAll(t.Context(), questions, model.PlanOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		read[situation.Question.Workload.Name] = true
		verdicts[model.Diagnose(situation).Verdict]++
	}
	if len(read) != count || verdicts[model.Missing] != count {
		t.Errorf("read %d of %d, verdicts %v", len(read), count, verdicts)
	}
	one := startSandbox(t, sandbox.Options{}, world)
	mustRead(t, dialTest(t, Options{Sandbox: one.Addr()}), questions[0])
	for call, n := range callsOf(one) {
		if got := callsOf(s)[call]; got != n {
			t.Errorf("%d times, one workload alone has it %d times: %s", got, n, call)
		}
	}
	if callsOf(s)["google.devtools.artifactregistry.v1.ArtifactRegistry/GetIamPolicy projects/myproject-b/locations/asia-northeast1/repositories/myrepo"] != 1 {
		t.Errorf("the repository's policy was not read once: %v", callsOf(s))
	}
}

// Each answer is the one that the question has alone.
func TestReadAllAnswersAsReadDoes(t *testing.T) {
	world, questions := manyServices(t, 3)
	address := startSandbox(t, sandbox.Options{}, world).Addr()
	questions[1].Workload.Name = "gone"
	for situation, err := range dialTest(t, Options{Sandbox: address}).ReadAll(t.Context(), questions, model.PlanOptions{}) {
		alone := mustRead(t, dialTest(t, Options{Sandbox: address}), situation.Question)
		if err != nil || !equalJSON(t, model.Diagnose(situation).Checks, model.Diagnose(alone).Checks) {
			t.Errorf("%s is answered otherwise, %v", situation.Question.Workload.Name, err)
		}
	}
}

// Who stops to listen stops the calls.
func TestReadAllStopsWithItsReader(t *testing.T) {
	world, questions := manyServices(t, 60)
	s := startSandbox(t, sandbox.Options{}, world)
	ctx, cancel := context.WithCancel(t.Context())
	c := dialTest(t, Options{Sandbox: s.Addr()})
	for range c.ReadAll(ctx, questions, model.PlanOptions{}) {
		break
	}
	after := len(s.Log())
	services := slices.IndexFunc(s.Log(), func(e sandbox.LogEntry) bool { return strings.Contains(e.Resource, "services/web59") })
	if services >= 0 {
		t.Error("the last workload was read although nobody listened")
	}
	cancel()
	for range c.ReadAll(ctx, questions, model.PlanOptions{}) {
		t.Error("there is an answer after the end")
	}
	if now := len(s.Log()); now > after+maxReadings {
		t.Errorf("%d calls after the end", now-after)
	}
}
