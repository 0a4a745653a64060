package gcp

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/journal"
	"whopulls/model"
	"whopulls/model/ledger"
)

// Whichever member of a policy is removed: everything else stays as it was, and where it was.
func TestGrantAndRevokeLeaveTheRest(t *testing.T) {
	whole := richPolicy(t)
	whole.Bindings[1].Members = append(whole.Bindings[1].Members, "user:second@example.com", "user:third@example.com")
	for i, b := range policyOf(whole).Bindings {
		for j, m := range b.Members {
			k := &policyServer{policy: proto.Clone(whole).(*iampb.Policy)}
			wantState(t, mustPerform(t, k.fake().cloud(t), model.Step{ID: "1", Kind: model.StepRevoke, Resource: pullStep.Resource, Role: b.Role,
				Member: m, Condition: b.Condition}), model.StepDone, true)
			want := proto.Clone(whole).(*iampb.Policy)
			want.Etag = k.policy.Etag
			if left := want.Bindings[i]; len(left.Members) > 1 {
				left.Members = slices.Delete(left.Members, j, j+1)
			} else {
				want.Bindings = slices.Delete(want.Bindings, i, i+1)
			}
			if !proto.Equal(want, k.policy) {
				t.Errorf("without %s in binding %d the policy is\n%v\nwant\n%v", m, i, k.policy, want)
			}
		}
	}
}

// What is as it should be is not written: a grant that is there, and a removal of what is not.
func TestGrantAndRevokeOfWhatIsSo(t *testing.T) {
	gone, there := pullStep, pullStep
	gone.Kind, there.Member = model.StepRevoke, "user:dev@example.com"
	for _, step := range []model.Step{gone, there} {
		t.Run(string(step.Kind), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			out := mustPerform(t, k.fake().cloud(t), step)
			wantState(t, out, model.StepAlready, true)
			if k.writes != 0 || k.reads != 1 || out.Entry != nil || out.Cause != "" {
				t.Errorf("a %s: %+v after %d reads and %d writes", step.Kind, out, k.reads, k.writes)
			}
		})
	}
}

// Of a policy that can't be read nothing is known: a removal is not said to be made already.
func TestGrantAndRevokeInAPolicyThatCannotBeRead(t *testing.T) {
	for _, kind := range []model.StepKind{model.StepGrant, model.StepRevoke} {
		t.Run(string(kind), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t), readError: status.Error(codes.PermissionDenied, "no")}
			step := pullStep
			step.Kind = kind
			if out := mustPerform(t, k.fake().cloud(t), step); out.State != model.StepNotAllowed || out.Entry != nil || k.reads != 1 || k.writes != 0 {
				t.Errorf("a %s: %+v after %d reads and %d writes", kind, out, k.reads, k.writes)
			}
		})
	}
}

// When the server is in trouble a write is tried for a while; an answer that would stay the same is taken at once.
func TestGrantIsTriedAgain(t *testing.T) {
	for code, want := range map[codes.Code]int{codes.Internal: 2 * testTiming.verifyAttempts, codes.Unknown: 2 * testTiming.verifyAttempts,
		codes.ResourceExhausted: 2 * testTiming.verifyAttempts, codes.InvalidArgument: 1, codes.NotFound: 1, codes.PermissionDenied: 1, codes.DeadlineExceeded: 1} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			k.onSet = func(*policyServer, *iampb.Policy) error { return status.Error(code, "no") }
			if out := mustPerform(t, k.fake().cloud(t), pullStep); out.InPlace() || k.writes != want {
				t.Errorf("%s: %s after %d writes, want %d", code, out.State, k.writes, want)
			}
		})
	}
}

// Another process can settle an entry between two attempts. Then nothing more is sent, and the first may still arrive.
func TestAnotherProcessSettlesBeforeTheSecondAttempt(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	var c *Cloud
	k.onSet = func(*policyServer, *iampb.Policy) error {
		book, err := c.openJournal()
		if err != nil {
			return err
		}
		if err := book.AddResult(lastEntry(t, c).ID, journal.Result{State: ledger.StateUnclear, Until: time.Now().Add(time.Minute)}); err != nil {
			t.Error(err)
		}
		return status.Error(codes.Unavailable, "gone")
	}
	c = k.fake().cloud(t)
	if out := mustPerform(t, c, pullStep); out.InPlace() || k.writes != 1 {
		t.Errorf("%+v, %d writes", out, k.writes)
	}
	if open, all := countUnresolved(t, c); open != 1 || all != 1 {
		t.Errorf("%d open of %d entries", open, all)
	}
}

// A binding is surely as an entry left it where both the policy and the journal say so. What can't be looked at is not.
func TestOursTakesBothThePolicyAndTheJournal(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	c := k.fake().cloud(t)
	entry := *mustPerform(t, c, pullStep).Entry
	ours := func(about string, want bool, fails bool) {
		t.Helper()
		if got, err := c.UntouchedSince(t.Context(), pullStep.Resource, entry); got != want || (err != nil) != fails {
			t.Errorf("%s: %v, %v", about, got, err)
		}
	}
	ours("as it was left", true, false)
	folder := c.journalFolder
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "")
	c.journalFolder = filepath.Join(file, "state")
	ours("the journal can't be read", false, false)
	c.journalFolder = folder
	k.mu.Lock()
	k.readError = status.Error(codes.PermissionDenied, "no")
	k.mu.Unlock()
	ours("the policy can't be read", false, true)
}

// What is to be made only while it is surely as an entry left it is not made where no entry is named.
func TestUndoThatIsSureOfNothing(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	out, err := k.fake().cloud(t).performOne(t.Context(), consentGate, model.Write{Step: pullStep, OnlyIfUnchanged: true})
	if err != nil || out.State != model.StepNotAllowed || out.Cause != model.CausePolicyChanged || !strings.Contains(out.Message, "changed since you were asked") || k.writes != 0 {
		t.Errorf("%+v, %v, %d writes", out, err, k.writes)
	}
}

// Two changes of one resource that are no edits of a policy are made each by its own act.
func TestPerformDifferentKindsOnOneResource(t *testing.T) {
	f := apiServer(nil, func() (serviceusagepb.State, error) { return serviceusagepb.State_ENABLED, nil })
	f.rest = map[string]http.HandlerFunc{
		"/v1beta1/projects/myproject-a/services/run.googleapis.com:generateServiceIdentity": func(w http.ResponseWriter, _ *http.Request) {
			writeReply(w, map[string]any{"name": "operations/op1", "done": true, "response": map[string]any{"email": agentMember.Email()}})
		}}
	create := model.Step{ID: "2", Kind: model.StepCreateAgent, Resource: enableStep.Resource, Member: agentMember}
	outcomes, err := f.cloud(t).Perform(t.Context(), consentGate, []model.Write{{Step: enableStep}, {Step: create}})
	if err != nil || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepAlready, model.StepDone}) {
		t.Errorf("%+v, %v", outcomes, err)
	}
}
