package gcp

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
)

const inventoryPath = "/v1/projects/p/locations/-/services"

// writeForever writes pieces for as long as somebody takes them.
func writeForever(w http.ResponseWriter, r *http.Request, code int, piece string, between time.Duration) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	for r.Context().Err() == nil {
		if _, err := w.Write([]byte(piece)); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush() // a client that went away is seen above
		transport.Sleep(r.Context(), between)
	}
}

// measureAlloc reports how much memory was asked for while something was done, here and in the test's own server.
func measureAlloc(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Every answer of REST without end is a gap, within the call's time and memory, whatever it consists of.
func TestBodiesWithoutEndAreCut(t *testing.T) {
	setLimit(t, &limits.Body, 1<<20)
	setLimit(t, &limits.Entries, 10_000)
	setLimit(t, &limits.Headers, 1<<16)
	piece := strings.Repeat("x", 1<<14)
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		why    string
	}{
		"a text": {func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 200, `{"items":["`+piece, 0) }, "larger than 1 MB"},
		"objects": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"items":[`))
			writeForever(w, r, 200, "{},{},{},{},", 0)
		}, "10000 entries"},
		"texts": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"items":[`))
			writeForever(w, r, 200, `"","","","",`, 0)
		}, "10000 entries"},
		"numbers":   {func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 200, "[0,0,0,0,0,0,0,", 0) }, "10000 entries"},
		"brackets":  {func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 200, "[[[[[[[[", 0) }, ""},
		"a refusal": {func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 403, piece, 0) }, "may not"},
		"a fault":   {func(w http.ResponseWriter, r *http.Request) { writeForever(w, r, 500, piece, 0) }, ""},
		"headers": {func(w http.ResponseWriter, _ *http.Request) {
			for i := range 100 {
				w.Header().Set(fmt.Sprint("X-", i), piece)
			}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeServer{rest: map[string]http.HandlerFunc{inventoryPath: test.answer}}
			c := f.cloud(t)
			var found model.Gap
			memory := measureAlloc(func() {
				found = runTask(t, c, model.Question{}, model.Want{Kind: model.WantInventory, Project: "p"}).Inventories["p"].Gap
			})
			if found.Reason == "" || !strings.Contains(found.Reason, test.why) || len(found.Reason) > 2*limits.Message {
				t.Errorf("%s: gap %.500v, want one that says %q", name, found, test.why)
			}
			if memory > 100<<20 {
				t.Errorf("%s: it took %d MB", name, memory>>20)
			}
		})
	}
}

// A server that dribbles is waited for as long as a call may take, whether it dribbles an answer, a refusal or headers.
func TestDribblingServersAreNotWaitedFor(t *testing.T) {
	for name, code := range map[string]int{"an answer": 200, "a refusal": 403, "a fault": 500} {
		t.Run(name, func(t *testing.T) {
			retryLonger(t, 100*time.Millisecond, func(call time.Duration) error {
				setLimit(t, &limits.CallTime, call)
				f := &fakeServer{rest: map[string]http.HandlerFunc{inventoryPath: func(w http.ResponseWriter, r *http.Request) {
					writeForever(w, r, code, " ", 5*time.Millisecond)
				}}}
				c := f.cloud(t)
				began := time.Now()
				found := runTask(t, c, model.Question{}, model.Want{Kind: model.WantInventory, Project: "p"}).Inventories["p"]
				if found.State != model.FactGap {
					t.Errorf("%s: %+v", name, found)
				}
				if took := time.Since(began); took > 3*call+time.Second {
					return fmt.Errorf("%s: it took %s, and a call may take %s", name, took, call)
				}
				return nil
			})
		})
	}
}

// policyFake gives a fake whose repository's policy is that one.
func policyFake(policy *iampb.Policy) *fakeServer {
	reply := func(context.Context, proto.Message) (proto.Message, error) { return policy, nil }
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"ArtifactRegistry/GetIamPolicy": reply, "ArtifactRegistry/SetIamPolicy": reply}}
}

// A policy that is too much is a gap at once: it is not asked for again, and not taken for a quota that is used up.
func TestPoliciesBeyondEveryMeasureAreGaps(t *testing.T) {
	setLimit(t, &testTiming.calls.CallTimeout, 2*time.Minute) // it is the size that is measured, on a busy machine too
	repository := model.RepositoryName{Project: "p", Location: "l", ID: "r"}.Resource()
	many := func(bindings, members int) *iampb.Policy {
		p := &iampb.Policy{Etag: []byte("e"), Bindings: make([]*iampb.Binding, bindings)}
		for i := range p.Bindings {
			p.Bindings[i] = &iampb.Binding{Members: make([]string, members)}
		}
		return p
	}
	millions := 3_000_000
	if testing.Short() { // the race detector takes longer for more than a call may take
		millions = 1_000_001
	}
	for name, test := range map[string]struct {
		policy *iampb.Policy
		why    string
	}{
		"a large text":         {&iampb.Policy{Bindings: []*iampb.Binding{{Role: strings.Repeat("x", 65<<20)}}}, "larger than 64 MB"},
		"millions of members":  {many(1, millions), "1000000 entries"},
		"millions of bindings": {many(millions, 0), "1000000 entries"},
		"members":              {many(1, 150_000), "100000 bindings and members"},
		"bindings":             {many(150_000, 0), "100000 bindings and members"},
	} {
		t.Run(name, func(t *testing.T) {
			f := policyFake(test.policy)
			c := f.cloud(t)
			found := runTask(t, c, model.Question{}, model.Want{Kind: model.WantPolicy, Resource: repository}).Policies[repository]
			if found.State != model.FactGap || !strings.Contains(found.Gap.Reason, test.why) || found.Gap.Need != "" {
				t.Errorf("%s: %.500v, want a gap that says %q", name, found, test.why)
			}
			if n := f.count("ArtifactRegistry/GetIamPolicy"); n != 1 {
				t.Errorf("%s: it was asked for %d times", name, n)
			}
		})
	}
}

// A write whose answer can't be taken may have been made: its entry stays open.
func TestAWriteWithAnAnswerBeyondEveryMeasureIsNotKnown(t *testing.T) {
	setLimit(t, &limits.Body, 1<<20)
	f := policyFake(&iampb.Policy{Etag: []byte("e")})
	f.grpc["ArtifactRegistry/SetIamPolicy"] = func(context.Context, proto.Message) (proto.Message, error) {
		return &iampb.Policy{Bindings: []*iampb.Binding{{Role: strings.Repeat("x", 2<<20)}}}, nil
	}
	c := f.cloud(t)
	if out := mustPerform(t, c, pullStep); out.State == model.StepDone {
		t.Errorf("%+v", out)
	}
	if n := f.count("ArtifactRegistry/SetIamPolicy"); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	if state := lastState(t, c); state != ledger.StateUnclear {
		t.Errorf("the entry is %s, want %s", state, ledger.StateUnclear)
	}
}

// An operation that is never done is waited for as long as a step may take, and stays open in the journal.
func TestOperationsThatAreNeverDone(t *testing.T) {
	never := func(context.Context, proto.Message) (proto.Message, error) {
		return &longrunningpb.Operation{Name: "operations/never"}, nil
	}
	rest := func(w http.ResponseWriter, _ *http.Request) {
		writeReply(w, map[string]any{"name": "operations/never"})
	}
	for _, kind := range []model.StepKind{model.StepEnableAPI, model.StepCreateAgent} {
		t.Run(string(kind), func(t *testing.T) {
			f := &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
				"ServiceUsage/EnableService": never, "Operations/GetOperation": never},
				rest: map[string]http.HandlerFunc{"/v1beta1/projects/p/services/run.googleapis.com:generateServiceIdentity": rest, "/v1beta1/operations/*": rest}}
			c := f.cloud(t)
			c.timing.stepTimeout = 300 * time.Millisecond
			out := mustPerform(t, c, model.Step{ID: "1", Kind: kind, Resource: model.APIResource("p", "run.googleapis.com"), Member: "serviceAccount:a@example.com"})
			if out.State == model.StepDone || out.Verified || out.Entry == nil {
				t.Errorf("%s: %+v", kind, out)
			}
			if state := lastState(t, c); state != ledger.StateUnclear && state != ledger.StateIntended {
				t.Errorf("%s: the entry is %s, and nobody knows", kind, state)
			}
		})
	}
}

// An answer that needs more facts than any does has gaps in the place of the further ones.
func TestReadingsBeyondEveryMeasureHaveGaps(t *testing.T) {
	setLimit(t, &limits.Facts, 3)
	c := articleCloud(t, "")
	d := model.Diagnose(mustRead(t, c, articleQuestion))
	if d.Verdict != model.Unknown || !strings.Contains(fmt.Sprint(d.Checks), "more than 3 facts") {
		t.Errorf("%s: %.2000v", d.Verdict, d.Checks)
	}
}
