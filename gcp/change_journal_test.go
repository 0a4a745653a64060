package gcp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
	"whopulls/model/ledger"
)

// lastEntry is what was announced last.
func lastEntry(t *testing.T, c *Cloud) ledger.Entry {
	t.Helper()
	h, err := c.History()
	if err != nil || len(h.Entries) == 0 {
		t.Fatalf("%+v, %v", h, err)
	}
	return h.Entries[len(h.Entries)-1]
}

// The journal holds all that finding and taking back a change takes, of the last attempt.
func TestTheJournalHoldsTheWholeChange(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, _ *iampb.Policy) error { // somebody is faster, and adds a binding
		if k.writes == 1 {
			other := proto.Clone(k.policy).(*iampb.Policy)
			other.Bindings = append(other.Bindings, &iampb.Binding{Role: "roles/viewer", Members: []string{"user:x@example.com"}})
			k.store(other)
		}
		return nil
	}
	c := k.fake().cloud(t)
	step := pullStep
	step.Condition = &model.Condition{Title: "until", Description: "two\nlines", Expression: `request.time < timestamp("2099-01-01T00:00:00Z")`}
	out, err := c.performOne(t.Context(), consentGate, model.Write{Step: step, Run: "the run", Project: "myproject-a"})
	if err != nil {
		t.Fatal(err)
	}
	wantState(t, out, model.StepDone, true)
	e := lastEntry(t, c)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if e.Run != "the run" || e.Project != "myproject-a" || e.Account != "user:dev@example.com" || e.Host != host || e.PID != os.Getpid() {
		t.Errorf("by: %+v", e)
	}
	if !e.SameChange(ledger.Entry{Kind: step.Kind, Resource: step.Resource, Role: step.Role, Member: step.Member, Condition: step.Condition}) {
		t.Errorf("what: %+v", e)
	}
	if e.Edit == nil || *e.Edit != (ledger.Edit{Op: model.EditAppend, Binding: 4}) {
		t.Errorf("where: %+v", e.Edit)
	}
	if e.EtagBefore != encodeEtag([]byte("e1+")) || e.EtagAfter != encodeEtag(k.policy.GetEtag()) || e.Digest != policyDigest(k.policy) {
		t.Errorf("in what: %+v", e)
	}
	if b := k.policy.GetBindings()[4]; !proto.Equal(b.GetCondition(), exprOf(step.Condition)) || b.GetCondition().GetDescription() != "two\nlines" {
		t.Errorf("the policy has %v", b)
	}
	inverse, err := out.Inverse()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.performOne(t.Context(), consentGate, model.Write{Step: inverse, Undoes: e.ID}); err != nil {
		t.Fatal(err)
	}
	if back := lastEntry(t, c); back.Undoes != e.ID || back.Run == "" || back.Edit == nil || *back.Edit != (ledger.Edit{Op: model.EditDrop, Binding: 4}) {
		t.Errorf("taken back: %+v", back)
	}
}

// Where the journal can't record how a change ended, the outcome says so, and the change is made.
func TestAJournalThatIsGoneAtTheEnd(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	var c *Cloud
	k.onSet = func(*policyServer, *iampb.Policy) error { return os.RemoveAll(c.journalFolder) }
	c = k.fake().cloud(t)
	out := mustPerform(t, c, pullStep)
	wantState(t, out, model.StepDone, true)
	if !strings.HasPrefix(out.Message, "the result could not be written to the journal") {
		t.Errorf("message %q", out.Message)
	}
}

// The gate's no is the end: nothing is asked, announced or sent.
func TestNothingPastTheGate(t *testing.T) {
	for _, gate := range []model.Gate{{}, {Consent: model.PersonSaidYes, ReadOnly: true}, {Consent: model.QuietFlag, ReadOnly: true}} {
		t.Run(fmt.Sprintf("%+v", gate), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			f := k.fake()
			c := f.cloud(t)
			out, err := c.performOne(t.Context(), gate, model.Write{Step: pullStep})
			var refused *model.Refusal
			if !errors.As(err, &refused) || out.State != model.StepNotAllowed || out.Message == "" || len(f.calls) != 0 {
				t.Errorf("%+v: %+v, %v; calls %v", gate, out, err, f.calls)
			}
		})
	}
}

// A change that is not recorded is not made, of any kind.
func TestAnAPIIsNotEnabledUnrecorded(t *testing.T) {
	f := apiServer(nil, apiOff)
	c := f.cloud(t)
	c.journalFolder = ""
	wantState(t, mustPerform(t, c, enableStep), model.StepFailed, false)
	if n := f.count("ServiceUsage/EnableService"); n != 0 {
		t.Errorf("enabled %d times", n)
	}
}

// No more than a few writes are under way at a time, however many policies there are.
func TestWritesAtOnce(t *testing.T) {
	var ws []model.Write
	f := &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){}}
	var under atomic.Int32
	full, filled := make(chan struct{}), sync.Once{}
	keepers := map[string]*policyServer{}
	for i := range 2 * maxParallelWrites {
		at := model.ProjectResource("project-" + string(rune('a'+i)))
		step := pullStep
		step.ID, step.Resource = string(rune('a'+i)), at
		ws = append(ws, model.Write{Step: step})
		keepers[at.Path()] = &policyServer{policy: richPolicy(t), onSet: func(*policyServer, *iampb.Policy) error {
			n := under.Add(1)
			defer under.Add(-1)
			if n > maxParallelWrites {
				t.Errorf("%d writes at once", n)
			}
			if n == maxParallelWrites {
				filled.Do(func() { close(full) })
			}
			<-full
			time.Sleep(20 * time.Millisecond) // a further one would come now
			return nil
		}}
	}
	f.grpc["Projects/GetIamPolicy"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		return keepers[req.(*iampb.GetIamPolicyRequest).GetResource()].get(ctx, req)
	}
	f.grpc["Projects/SetIamPolicy"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		return keepers[req.(*iampb.SetIamPolicyRequest).GetResource()].set(ctx, req)
	}
	outcomes, err := f.cloud(t).Perform(t.Context(), consentGate, ws)
	if err != nil || slices.ContainsFunc(outcomes, func(o model.Outcome) bool { return o.State != model.StepDone }) {
		t.Errorf("%+v, %v", outcomes, err)
	}
}

// Google's reads lag behind its writes: what the first look does not show a later one may.
func TestAReadThatLagsBehind(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	before := richPolicy(t)
	lag := testTiming.verifyAttempts - 1
	f.grpc["ArtifactRegistry/GetIamPolicy"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		if k.writes > 0 && lag > 0 {
			lag--
			return before, nil
		}
		return k.get(ctx, req)
	}
	c := f.cloud(t)
	wantState(t, mustPerform(t, c, pullStep), model.StepDone, true)
	if s := lastState(t, c); s != ledger.StateDone {
		t.Errorf("the entry is %s", s)
	}
}

// What can't be read after a write was made all the same, but nobody saw it.
func TestAWriteThatCannotBeVerified(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, _ *iampb.Policy) error {
		k.readError = status.Error(codes.PermissionDenied, "no")
		return nil
	}
	out := mustPerform(t, k.fake().cloud(t), pullStep)
	wantState(t, out, model.StepDone, false)
	if !strings.Contains(out.Message, "could not be verified") {
		t.Errorf("message %q", out.Message)
	}
}

// A member is shown without its control characters, and is taken out as it is.
func TestAMemberWithControlCharacters(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.policy.Bindings[1].Members = []string{"user:first@example.com", "user:\x1bnew@example.com", "user:last@example.com"}
	shown := policyOf(k.policy).Bindings[1].Members[1]
	out := mustPerform(t, k.fake().cloud(t), model.Step{ID: "1", Kind: model.StepRevoke, Resource: pullStep.Resource, Role: pullStep.Role, Member: shown})
	wantState(t, out, model.StepDone, true)
	if got := k.policy.Bindings[1].Members; !slices.Equal(got, []string{"user:first@example.com", "user:last@example.com"}) {
		t.Errorf("left are %q", got)
	}
}

// What somebody else undid already is not claimed, neither a grant nor a removal.
func TestWhatOthersUndidIsTheirs(t *testing.T) {
	for _, kind := range []model.StepKind{model.StepGrant, model.StepRevoke} {
		t.Run(string(kind), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			step := pullStep
			step.Kind = kind
			other := step
			if kind == model.StepRevoke {
				step.Member, other.Member, other.Kind = "user:dev@example.com", "user:dev@example.com", model.StepGrant
			} else {
				other.Kind = model.StepRevoke
			}
			c := k.fake().cloud(t)
			done := mustPerform(t, c, step)
			applyEdit(k.policy, policyOf(k.policy).EditFor(other))
			k.store(k.policy)
			writes := k.writes
			inverse, err := done.Inverse()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.performOne(t.Context(), consentGate, model.Write{Step: inverse, Undoes: *done.Entry})
			said := map[model.StepKind]string{model.StepGrant: "removed the binding already", model.StepRevoke: "added the binding again"}[kind]
			if err != nil || out.State != model.StepNotAllowed || out.Cause != model.CauseDoneByOthers || k.writes != writes || !strings.Contains(out.Message, said) {
				t.Errorf("%s: %+v, %v", kind, out, err)
			}
		})
	}
}

// How a failed write is reported, and what to do next.
func TestFailedWritesSayWhyAndWhatNext(t *testing.T) {
	off := errorWithInfo(t, codes.PermissionDenied, "off", "SERVICE_DISABLED", map[string]string{"service": "run.googleapis.com", "consumer": "projects/12"})
	perimeter := errorWithInfo(t, codes.PermissionDenied, "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: abc-1",
		"SECURITY_POLICY_VIOLATED", map[string]string{"uid": "abc-1"})
	for _, test := range []struct {
		err       error
		why, next string
	}{
		{status.Error(codes.Aborted, "There were concurrent policy changes."), "others kept changing the same policy", "it is safe to repeat"},
		{status.Error(codes.DeadlineExceeded, "context deadline exceeded"), "no answer came in time", "whether the change was made is not known"},
		{status.Error(codes.Unavailable, "connection refused"), "connection refused", "whether the change was made is not known"},
		{status.Error(codes.NotFound, "no such thing"), "no such thing", "check that the resource is still there"},
		{status.Error(codes.ResourceExhausted, "Quota exceeded"), "Quota exceeded", "then run the step again"},
		{status.Error(codes.Unauthenticated, "expired"), "expired", "sign in again with: "},
		{off, "the API run.googleapis.com is off in project 12", "enable the API with gcloud services enable run.googleapis.com"},
		{perimeter, "VPC Service Controls refuses it (identifier abc-1)", "; "},
		{status.Error(codes.Internal, "oops"), "oops", "run the step again; it is safe to repeat"},
	} {
		t.Run(test.why, func(t *testing.T) {
			end := failedResult("nothing was done", test.err, "x.y.z")
			why, next, ok := strings.Cut(strings.TrimPrefix(end.message, "nothing was done: "), "; ")
			if end.state != model.StepFailed || !ok || !strings.Contains(why, test.why) || next == "" || !strings.Contains("; "+next, test.next) {
				t.Errorf("%v: %s %q, want %q and %q", test.err, end.state, end.message, test.why, test.next)
			}
		})
	}
}

// Who may not use a quota project learns which one, and how to name another.
func TestAWriteWithoutAQuotaProject(t *testing.T) {
	end := failedResult("nothing was done", errorWithInfo(t, codes.PermissionDenied, "Caller does not have required permission to use project myproject-q. "+
		"Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission.",
		"USER_PROJECT_DENIED", map[string]string{"service": "artifactregistry.googleapis.com", "consumer": "projects/myproject-q"}), "x.y.z")
	if end.state != model.StepNotAllowed || !strings.Contains(end.message, "you lack serviceusage.services.use on project myproject-q; ") ||
		!strings.Contains(end.message, "--billing-project") {
		t.Errorf("%s %q", end.state, end.message)
	}
}
