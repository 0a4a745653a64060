package gcp

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"whopulls/model"
	"whopulls/model/ledger"
)

// unanswered are the codes after which a write may have been made, settling those after which it was not.
var (
	unansweredCodes = []codes.Code{codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown}
	definiteCodes   = []codes.Code{codes.InvalidArgument, codes.FailedPrecondition, codes.PermissionDenied, codes.NotFound,
		codes.ResourceExhausted, codes.Unauthenticated, codes.Aborted}
)

// countUnresolved counts the journal's entries that may still arrive.
func countUnresolved(t *testing.T, c *Cloud) (open, all int) {
	t.Helper()
	h, err := c.History()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range h.Entries {
		if e.State == ledger.StateUnclear && e.Unresolved() {
			open++
		} else if e.State != ledger.StateFailed {
			t.Errorf("an entry is %s (%s)", e.State, e.Message)
		}
	}
	return open, len(h.Entries)
}

// A write that got no answer may still be made, whatever is answered to the next attempt.
func TestAWriteWithoutAnAnswerStaysOpen(t *testing.T) {
	for _, want := range []struct {
		codes []codes.Code
		open  int
	}{{unansweredCodes, 1}, {definiteCodes, 0}} {
		for _, code := range want.codes {
			t.Run(code.String(), func(t *testing.T) {
				k := &policyServer{policy: richPolicy(t)}
				k.onSet = func(k *policyServer, _ *iampb.Policy) error {
					if k.writes == 1 {
						return status.Error(code, "no")
					}
					return status.Error(codes.PermissionDenied, "not you")
				}
				c := k.fake().cloud(t)
				if out := mustPerform(t, c, pullStep); out.State == model.StepDone {
					t.Errorf("%s: %+v", code, out)
				}
				if open, all := countUnresolved(t, c); open != want.open || all != 1 {
					t.Errorf("%s: %d open of %d entries", code, open, all)
				}
			})
		}
	}
}

// What keeps the second attempt from being made says nothing of the first.
func TestWhatEndsTheSecondAttemptLeavesTheFirstOpen(t *testing.T) {
	for about, hinder := range map[string]func(*policyServer){
		"the policy can't be read": func(k *policyServer) { k.readError = status.Error(codes.PermissionDenied, "no") },
		"it comes without an etag": func(k *policyServer) { k.policy.Etag = nil },
		"others changed it since you were asked": func(k *policyServer) {
			k.store(k.policy)
		},
	} {
		t.Run(about, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			f := k.fake()
			var c *Cloud
			first := model.Outcome{}
			k.onSet = func(k *policyServer, _ *iampb.Policy) error {
				if first.Entry == nil { // what is taken back below
					return nil
				}
				hinder(k)
				return status.Error(codes.Unavailable, "gone")
			}
			c = f.cloud(t)
			first = mustPerform(t, c, pullStep)
			inverse, err := pullStep.Inverse()
			if err != nil {
				t.Fatal(err)
			}
			out, err := c.performOne(t.Context(), consentGate, model.Write{Step: inverse, Undoes: *first.Entry, OnlyIfUnchanged: true})
			if err != nil || out.InPlace() {
				t.Errorf("%s: %+v, %v", about, out, err)
			}
			h, err := c.History()
			if err != nil || len(h.Entries) != 2 || h.Entries[1].State != ledger.StateUnclear || !h.Entries[1].Unresolved() {
				t.Errorf("%s: %+v, %v", about, h.Entries, err)
			}
		})
	}
}

// The journal's folder may become unusable between two attempts.
func TestAFullDiskLeavesTheFirstAttemptOpen(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	c := f.cloud(t)
	whole := c.journalFolder
	k.onSet = func(*policyServer, *iampb.Policy) error {
		c.journalFolder = ""
		return status.Error(codes.Unavailable, "gone")
	}
	out := mustPerform(t, c, pullStep)
	c.journalFolder = whole
	if out.State != model.StepFailed || k.writes != 1 || !strings.HasPrefix(out.Message, "the policy of ") || !strings.Contains(out.Message, "; the result could not be written to the journal") {
		t.Errorf("%+v, %d writes", out, k.writes)
	}
	if s := lastState(t, c); s != ledger.StateIntended {
		t.Errorf("the entry is %s", s)
	}
}

// Several changes of an unanswered write are not made one by one when the next attempt is refused: all may still arrive.
func TestSeveralWithoutAnAnswerAreNotMadeOneByOne(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, _ *iampb.Policy) error {
		if k.writes == 1 {
			return status.Error(codes.Unavailable, "gone")
		}
		return status.Error(codes.InvalidArgument, "Service account x@y.iam.gserviceaccount.com does not exist.")
	}
	c := k.fake().cloud(t)
	if _, err := c.Perform(t.Context(), consentGate, threeWrites()); err != nil {
		t.Fatal(err)
	}
	if open, all := countUnresolved(t, c); k.writes != 2 || open != 2 || all != 2 {
		t.Errorf("%d open of %d entries after %d writes", open, all, k.writes)
	}
}

var enableStep = model.Step{ID: "1", Kind: model.StepEnableAPI, Resource: model.APIResource("myproject-a", model.RunService)}

// apiServer is a server where an API is off until it is enabled, which may be answered with an error.
func apiServer(enabled error, state func() (serviceusagepb.State, error)) *fakeServer {
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"ServiceUsage/GetService": func(context.Context, proto.Message) (proto.Message, error) {
			s, err := state()
			return &serviceusagepb.Service{State: s}, err
		},
		"ServiceUsage/EnableService": func(context.Context, proto.Message) (proto.Message, error) {
			return nil, enabled
		}}}
}

func apiOff() (serviceusagepb.State, error) { return serviceusagepb.State_DISABLED, nil }

// Enabling an API and creating an agent continue at Google after their call: without an answer they stay open, too.
func TestAnOperationWithoutAnAnswerStaysOpen(t *testing.T) {
	for code, want := range map[codes.Code]int{codes.Unavailable: 1, codes.DeadlineExceeded: 1, codes.PermissionDenied: 0, codes.FailedPrecondition: 0} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			c := apiServer(status.Error(code, "no"), apiOff).cloud(t)
			if out := mustPerform(t, c, enableStep); out.InPlace() {
				t.Errorf("%s: %+v", code, out)
			}
			if open, all := countUnresolved(t, c); open != want || all != 1 {
				t.Errorf("%s: %d open of %d entries", code, open, all)
			}
		})
	}
	create := model.Step{ID: "1", Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService), Member: agentMember}
	for code, want := range map[int]int{http.StatusServiceUnavailable: 1, http.StatusForbidden: 0} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			f := &fakeServer{rest: map[string]http.HandlerFunc{
				"/v1beta1/projects/myproject-a/services/run.googleapis.com:generateServiceIdentity": func(w http.ResponseWriter, _ *http.Request) {
					writeRefusal(w, code, "no", nil)
				}}}
			c := f.cloud(t)
			if out := mustPerform(t, c, create); out.InPlace() {
				t.Errorf("%d: %+v", code, out)
			}
			if open, all := countUnresolved(t, c); open != want || all != 1 {
				t.Errorf("%d: %d open of %d entries", code, open, all)
			}
		})
	}
}

// An operation that Google says failed is no agent, and one that never ends may still make it.
func TestAnAgentWhoseOperationFailsOrNeverEnds(t *testing.T) {
	create := model.Step{ID: "1", Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService), Member: agentMember}
	identity := "/v1beta1/projects/myproject-a/services/run.googleapis.com:generateServiceIdentity"
	f := &fakeServer{rest: map[string]http.HandlerFunc{identity: func(w http.ResponseWriter, _ *http.Request) {
		writeReply(w, map[string]any{"name": "operations/op1", "done": true, "error": map[string]any{"code": 7, "message": "not for you"},
			"response": map[string]any{"email": agentMember.Email()}})
	}}}
	if out := mustPerform(t, f.cloud(t), create); out.InPlace() {
		t.Errorf("%+v", out)
	}
	f = &fakeServer{rest: map[string]http.HandlerFunc{
		identity:                  func(w http.ResponseWriter, _ *http.Request) { writeReply(w, map[string]any{"name": "operations/op1"}) },
		"/v1beta1/operations/op1": func(w http.ResponseWriter, _ *http.Request) { writeReply(w, map[string]any{"name": "operations/op1"}) },
	}}
	c := f.cloud(t)
	c.timing.stepTimeout = testTiming.maxConflictDelay * 10
	if out := mustPerform(t, c, create); out.InPlace() {
		t.Errorf("%+v", out)
	}
	if open, all := countUnresolved(t, c); open != 1 || all != 1 {
		t.Errorf("%d open of %d entries", open, all)
	}
}

// Nobody enables what is on, and what is enabled is looked at; who may not see the state may enable it all the same.
func TestEnableAPI(t *testing.T) {
	denied := func() (serviceusagepb.State, error) { return 0, status.Error(codes.PermissionDenied, "no") }
	on := func() (serviceusagepb.State, error) { return serviceusagepb.State_ENABLED, nil }
	for _, test := range []struct {
		about     string
		before    func() (serviceusagepb.State, error)
		after     func() (serviceusagepb.State, error)
		operation error
		state     model.StepState
		verified  bool
		enabled   int
		said      string
	}{
		{"it is on", on, on, nil, model.StepAlready, true, 0, ""},
		{"it was off", apiOff, on, nil, model.StepDone, true, 1, ""},
		{"it stays off", apiOff, apiOff, nil, model.StepFailed, false, 1, "still reads as off"},
		{"its state can't be seen", denied, denied, nil, model.StepDone, false, 1, "could not be read"},
		{"its operation fails", apiOff, on, status.Error(codes.FailedPrecondition, "billing"), model.StepFailed, false, 1, "billing"},
	} {
		t.Run(test.about, func(t *testing.T) {
			enabled := 0
			f := apiServer(nil, func() (serviceusagepb.State, error) {
				if enabled > 0 {
					return test.after()
				}
				return test.before()
			})
			f.grpc["ServiceUsage/EnableService"] = func(context.Context, proto.Message) (proto.Message, error) {
				enabled++
				return finishedOperation(t, test.operation), nil
			}
			out := mustPerform(t, f.cloud(t), enableStep)
			wantState(t, out, test.state, test.verified)
			if enabled != test.enabled || !strings.Contains(out.Message, test.said) {
				t.Errorf("%s: enabled %d times, %q", test.about, enabled, out.Message)
			}
		})
	}
}

// finishedOperation is a long-running operation that is over.
func finishedOperation(t *testing.T, failed error) *longrunningpb.Operation {
	t.Helper()
	if failed != nil {
		return &longrunningpb.Operation{Name: "operations/1", Done: true, Result: &longrunningpb.Operation_Error{Error: status.Convert(failed).Proto()}}
	}
	response, err := anypb.New(&serviceusagepb.EnableServiceResponse{})
	if err != nil {
		t.Fatal(err)
	}
	return &longrunningpb.Operation{Name: "operations/1", Done: true, Result: &longrunningpb.Operation_Response{Response: response}}
}
