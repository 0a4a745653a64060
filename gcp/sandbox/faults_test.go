package sandbox_test

import (
	"context"
	"io"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	"cloud.google.com/go/iam/apiv1/iampb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
)

// outcomes are those of the log, in order.
func outcomes(s *sandbox.Server) (list []string) {
	for _, e := range s.Log() {
		list = append(list, e.Outcome)
	}
	return list
}

// post makes one REST call in any weather and gives the HTTP status, or 0 when
// the connection broke. A POST is not tried again by the client.
func post(t *testing.T, s *sandbox.Server, path, body string) int {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.Addr()+path, strings.NewReader(body)))(t)
	r.Host = "cloudresourcemanager.sandbox.test"
	answer, err := httpClient(dev).Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

const getPolicy, setPolicy = "/v3/projects/myproject-a:getIamPolicy", "/v3/projects/myproject-a:setIamPolicy"

func TestFaultsOverREST(t *testing.T) {
	s := start(t, sandbox.Options{FaultRate: 0.5, Seed: 3})
	codes := map[string]int{"OK": 200, "RESOURCE_EXHAUSTED": 429, "UNAVAILABLE": 503, "RESET": 0, "ANSWER_LOST": 0}
	seen := map[string]int{}
	for range 200 {
		code := post(t, s, getPolicy, "{}")
		got := outcomes(s)
		last := got[len(got)-1]
		if want, known := codes[last]; !known || code != want {
			t.Fatalf("%s came as %d", last, code)
		}
		seen[last]++
	}
	if len(seen) != len(codes) || seen["OK"] < 60 || seen["OK"] > 140 {
		t.Errorf("of 200 calls with a rate of 0.5: %v", seen)
	}
}

func TestFaultsOverGRPC(t *testing.T) {
	s := start(t, sandbox.Options{FaultRate: 1})
	c := must(resourcemanager.NewProjectsClient(t.Context(), dial(t, s, crmHost, dev)))(t)
	c.CallOptions.GetProject = nil
	want := map[string]codes.Code{"RESOURCE_EXHAUSTED": codes.ResourceExhausted, "UNAVAILABLE": codes.Unavailable,
		"RESET": codes.Internal, "ANSWER_LOST": codes.Internal}
	seen := map[string]bool{}
	for range 60 {
		_, err := c.GetProject(t.Context(), &crm.GetProjectRequest{Name: "projects/myproject-a"})
		got := outcomes(s)
		last := got[len(got)-1]
		if code, known := want[last]; !known || status.Code(err) != code {
			t.Fatalf("%s came as %v", last, err)
		}
		seen[last] = true
	}
	if len(seen) != len(want) {
		t.Errorf("only %v", seen)
	}
}

// TestFaultsAndWrites sees what is left of a write by its outcome: nothing, but
// everything when only the answer was lost.
func TestFaultsAndWrites(t *testing.T) {
	seen := map[string]bool{}
	for seed := range int64(30) {
		w := must(sandbox.Load("article"))(t)
		s := start(t, sandbox.Options{World: w, FaultRate: 1, Seed: seed})
		post(t, s, setPolicy, `{"policy":{"bindings":[{"role":"roles/owner","members":["user:dev@example.com"]},{"role":"roles/viewer","members":["user:new@example.com"]}]}}`)
		outcome := outcomes(s)[0]
		written := w.Allowed("user:new@example.com", "resourcemanager.projects.get", "//cloudresourcemanager.googleapis.com/projects/myproject-a", time.Now())
		if written != (outcome == "ANSWER_LOST") {
			t.Errorf("seed %d: with %s, written is %t", seed, outcome, written)
		}
		seen[outcome] = true
	}
	for _, outcome := range []string{"RESOURCE_EXHAUSTED", "UNAVAILABLE", "ABORTED", "RESET", "ANSWER_LOST"} {
		t.Run(outcome, func(t *testing.T) {
			if !seen[outcome] {
				t.Errorf("%s never came", outcome)
			}
		})
	}
}

// TestSeed holds that equal calls fare equally, whatever came between them.
func TestSeed(t *testing.T) {
	run := func(seed int64, others bool) string {
		s := start(t, sandbox.Options{FaultRate: 0.5, Seed: seed, Jitter: time.Microsecond})
		for range 30 {
			post(t, s, getPolicy, "{}")
			if others {
				post(t, s, "/v3/projects/myproject-b:getIamPolicy", "{}")
			}
		}
		var mine []string
		for _, e := range s.Log() {
			if e.Resource == "projects/myproject-a" {
				mine = append(mine, e.Outcome)
			}
		}
		return strings.Join(mine, " ")
	}
	if first, again := run(7, false), run(7, true); first != again {
		t.Errorf("one seed gave\n%s\n%s", first, again)
	}
	if run(7, false) == run(8, false) {
		t.Error("two seeds gave the same")
	}
}

func TestInfoIsServedDespiteFaults(t *testing.T) {
	s := start(t, sandbox.Options{FaultRate: 1})
	for _, path := range []string{"/sandbox", "/sandbox/log"} {
		t.Run(path, func(t *testing.T) {
			if code, _ := get(t, httpClient(""), http.MethodGet, "http://"+s.Addr()+path); code != http.StatusOK {
				t.Errorf("%s gives %d", path, code)
			}
		})
	}
}

func TestStartRefusesFaultOptions(t *testing.T) {
	for about, o := range map[string]sandbox.Options{
		"a negative rate": {FaultRate: -0.1}, "a rate over one": {FaultRate: 1.1}, "no rate": {FaultRate: math.NaN()},
		"a negative latency": {Latency: -1}, "a negative jitter": {Jitter: -1}, "a negative propagation": {Propagation: -1},
	} {
		t.Run(about, func(t *testing.T) {
			if s, err := sandbox.Start(o); err == nil {
				t.Errorf("%+v was taken", o)
				_ = s.Close()
			}
		})
	}
}

func TestPropagation(t *testing.T) {
	var passed atomic.Int64
	clock := func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, int(passed.Load()), time.UTC) }
	s := start(t, sandbox.Options{Propagation: 5 * time.Second, Now: clock})
	ctx := context.Background()
	repositories := must(artifactregistry.NewClient(ctx, dial(t, s, arHost, dev)))(t)
	guest := must(artifactregistry.NewClient(ctx, dial(t, s, arHost, nobody)))(t)
	const permission = "artifactregistry.repositories.downloadArtifacts"
	holds := func(about string, want bool) {
		t.Helper()
		held := must(guest.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: myrepo, Permissions: []string{permission}}))(t)
		if got := len(held.Permissions) == 1; got != want {
			t.Errorf("%s: the access is %t", about, got)
		}
	}
	before := must(repositories.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: myrepo}))(t)
	granted := &iampb.Policy{Bindings: []*iampb.Binding{{Role: "roles/artifactregistry.reader", Members: []string{nobody}}}, Etag: before.Etag}
	must(repositories.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: myrepo, Policy: granted}))(t)
	read := must(repositories.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: myrepo}))(t)
	if len(read.Bindings) != 1 || read.Bindings[0].Members[0] != nobody {
		t.Errorf("read back at once: %v", read)
	}
	holds("at once", false)
	passed.Store(int64(3 * time.Second))
	read.Bindings = nil
	must(repositories.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: myrepo, Policy: read}))(t)
	for _, c := range []struct {
		after time.Duration
		want  bool
	}{{4999 * time.Millisecond, false}, {5 * time.Second, true}, {7999 * time.Millisecond, true}, {8 * time.Second, false}} {
		passed.Store(int64(c.after))
		holds(c.after.String(), c.want)
	}
}
