package gcp

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// callRecorder is a log of calls in memory.
type callRecorder struct {
	mu    sync.Mutex
	calls []transport.Call
}

func (l *callRecorder) add(c transport.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
}

// Both ends of the wire log the same calls, ended the same way, faults and further attempts included.
func TestTheLogIsThatOfTheServer(t *testing.T) {
	for _, rate := range []float64{0, 0.2} {
		t.Run(fmt.Sprintf("fault rate %v", rate), func(t *testing.T) {
			s := startSandbox(t, sandbox.Options{FaultRate: rate, Seed: 5}, article)
			var l callRecorder
			c := dialTest(t, Options{Sandbox: s.Addr(), LogCall: l.add})
			mustRead(t, c, articleQuestion)
			drain(t, c.Workloads(t.Context(), "myproject-a"))
			var ours, theirs []string
			for _, call := range l.calls {
				method := call.Method
				if call.Protocol == "REST" {
					verb, address, _ := strings.Cut(method, " ")
					method = verb + " /" + strings.SplitN(address, "/", 4)[3]
				}
				ours = append(ours, method)
			}
			again := 0
			for _, call := range l.calls {
				if call.Attempt > 1 {
					again++
				}
			}
			for _, e := range s.Log() {
				theirs = append(theirs, e.Method)
			}
			slices.Sort(ours)
			slices.Sort(theirs)
			if !slices.Equal(ours, theirs) || (again > 0) != (rate > 0) {
				t.Errorf("fault rate %v: %d calls of ours (%d of them again), %d of theirs\n%s\n%s", rate, len(ours), again, len(theirs),
					strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
			}
		})
	}
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	const token, page = "ya29.a0opaque-SECRET", "page-SECRET-token"
	f := &fakeServer{rest: map[string]http.HandlerFunc{
		"/apis/run.googleapis.com/v1/namespaces/p/jobs": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				t.Error("the token did not arrive")
			}
			list := map[string]any{"items": []any{}}
			if r.URL.Query().Get("continue") == "" {
				list["metadata"] = map[string]any{"continue": page}
			}
			writeReply(w, list)
		}}}
	var l callRecorder
	c := dialTest(t, Options{Sandbox: f.start(t).addr, Account: token, QuotaProject: "myproject-q", LogCall: l.add})
	drain(t, c.Workloads(t.Context(), "p"))
	if _, err := c.listDenyPolicies(t.Context(), model.ProjectResource("p")); err == nil {
		t.Error("the server lists deny policies")
	}
	text := fmt.Sprintf("%+v", l.calls)
	if strings.Contains(text, "SECRET") || strings.Contains(text, "opaque") || strings.Contains(text, "myproject-q") {
		t.Error(text)
	}
	for _, piece := range []string{"GET https://run.googleapis.com/apis/run.googleapis.com/v1/namespaces/p/jobs", "Page:page-S…",
		"Resource:policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fp/denypolicies", "UNIMPLEMENTED"} {
		if !strings.Contains(text, piece) {
			t.Errorf("%q is not in\n%s", piece, text)
		}
	}
}
