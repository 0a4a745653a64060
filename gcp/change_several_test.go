package gcp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/model"
	"whopulls/model/ledger"
)

// threeWrites are changes of one policy: two to make, one that is there.
func threeWrites() []model.Write {
	second, third := pullStep, pullStep
	second.ID, second.Member = "2", "user:new@example.com"
	third.ID, third.Member = "3", "user:dev@example.com"
	return []model.Write{{Step: pullStep, Run: "run"}, {Step: second, Run: "run"}, {Step: third, Run: "run"}}
}

func statesOf(outcomes []model.Outcome) (states []model.StepState) {
	for _, o := range outcomes {
		states = append(states, o.State)
	}
	return states
}

func TestChangesOfOnePolicyGoInOneWrite(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, _ *iampb.Policy) error { // somebody else is first, once
		if k.writes == 1 {
			k.store(k.policy)
		}
		return nil
	}
	c := k.fake().cloud(t)
	outcomes, err := c.Perform(t.Context(), consentGate, threeWrites())
	if err != nil || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepDone, model.StepDone, model.StepAlready}) {
		t.Errorf("%v, %v", outcomes, err)
	}
	want := append(richPolicy(t).GetBindings()[1].GetMembers(), string(agentMember), "user:new@example.com")
	if got := k.policy.GetBindings()[1].GetMembers(); k.writes != 2 || !slices.Equal(got, want) {
		t.Errorf("%d writes made %v", k.writes, got)
	}
	h, err := c.History()
	if err != nil || len(h.Entries) != 2 || h.Entries[0].State != ledger.StateDone || h.Entries[0].Digest != h.Entries[1].Digest {
		t.Errorf("%+v, %v", h.Entries, err)
	}
	for _, e := range h.Entries {
		if e.EtagAfter != encodeEtag(k.policy.GetEtag()) {
			t.Errorf("after %s the etag is %q", e.Member, e.EtagAfter)
		}
	}
}

// One change that Google refuses doesn't keep the others from being made.
func TestOneRefusedChangeOfSeveral(t *testing.T) {
	for _, code := range []codes.Code{codes.InvalidArgument, codes.FailedPrecondition} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			k.onSet = func(_ *policyServer, asked *iampb.Policy) error {
				if slices.Contains(asked.GetBindings()[1].GetMembers(), string(agentMember)) {
					return status.Error(code, "Service account "+agentMember.Email()+" does not exist.")
				}
				return nil
			}
			c := k.fake().cloud(t)
			outcomes, err := c.Perform(t.Context(), consentGate, threeWrites())
			if err != nil || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepFailed, model.StepDone, model.StepAlready}) {
				t.Errorf("%s: %v, %v", code, outcomes, err)
			}
			if !strings.Contains(outcomes[0].Message, "create the member first") {
				t.Error(outcomes[0].Message)
			}
			h, err := c.History()
			if err != nil || len(h.Entries) != 2 || h.Entries[0].State != ledger.StateFailed || h.Entries[1].State != ledger.StateDone {
				t.Errorf("%s: %+v, %v", code, h.Entries, err)
			}
		})
	}
}

// Several of an unanswered write are each looked for by themselves.
func TestSeveralChangesWhoseAnswerGetsLost(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, asked *iampb.Policy) error {
		if k.writes > 1 {
			return nil
		}
		k.store(asked)
		return status.Error(codes.Unavailable, "gone")
	}
	outcomes, err := k.fake().cloud(t).Perform(t.Context(), consentGate, threeWrites())
	if err != nil || k.writes != 1 || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepDone, model.StepDone, model.StepAlready}) {
		t.Errorf("%v, %v, %d writes", outcomes, err, k.writes)
	}
}

// Undo of several takes them out in one write, and leaves what it was not asked about.
func TestUndoOfSeveral(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	c := k.fake().cloud(t)
	done, err := c.Perform(t.Context(), consentGate, threeWrites())
	if err != nil {
		t.Fatal(err)
	}
	var back []model.Write
	for _, o := range done[:2] {
		inverse, err := o.Inverse()
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, model.Write{Step: inverse, Undoes: *o.Entry})
	}
	outcomes, err := c.Perform(t.Context(), consentGate, back)
	if err != nil || k.writes != 2 || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepDone, model.StepDone}) {
		t.Errorf("%v, %v, %d writes", outcomes, err, k.writes)
	}
	if got, want := policyOf(k.policy).Lines(), policyOf(richPolicy(t)).Lines(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A saved plan's etag counts for all changes of its policy, also where one of them is there already.
func TestSavedEtagOfSeveral(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	ws := threeWrites()
	ws[0], ws[2] = ws[2], ws[0]
	ws[0].Etag = encodeEtag([]byte("older"))
	outcomes, err := k.fake().cloud(t).Perform(t.Context(), consentGate, ws)
	if err != nil || k.writes != 0 || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepAlready, model.StepNotAllowed, model.StepNotAllowed}) ||
		outcomes[1].Cause != model.CausePolicyChanged || !strings.Contains(outcomes[1].Message, "it changed since the plan was saved") {
		t.Errorf("%v, %v, %d writes", outcomes, err, k.writes)
	}
	ws[0].Etag = encodeEtag(k.policy.GetEtag())
	outcomes, err = k.fake().cloud(t).Perform(t.Context(), consentGate, ws)
	if err != nil || k.writes != 1 || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepAlready, model.StepDone, model.StepDone}) || outcomes[1].Ours != nil {
		t.Errorf("in the policy of the plan: %v, %v, %d writes", outcomes, err, k.writes)
	}
}

// Changes of different policies are under way at the same time; a refused one is left out.
func TestDifferentPoliciesSideBySide(t *testing.T) {
	first, second := &policyServer{policy: richPolicy(t)}, &policyServer{policy: richPolicy(t)}
	both := make(chan struct{})
	arrive := make(chan struct{}, 2)
	meet := func(*policyServer, *iampb.Policy) error {
		arrive <- struct{}{}
		if len(arrive) == 2 {
			close(both)
		}
		select {
		case <-both:
			return nil
		case <-time.After(testCalls.CallTimeout):
			return status.Error(codes.Internal, "the other never came")
		}
	}
	first.onSet, second.onSet = meet, meet
	f := first.fake()
	f.grpc["Projects/GetIamPolicy"], f.grpc["Projects/SetIamPolicy"] = second.get, second.set
	home := pullStep
	home.ID, home.Resource = "2", model.ProjectResource("myproject-b")
	strange := pullStep
	strange.ID, strange.Kind = "3", "paint"
	outcomes, err := f.cloud(t).Perform(t.Context(), consentGate, []model.Write{{Step: pullStep}, {Step: home}, {Step: strange}})
	if err == nil || !slices.Equal(statesOf(outcomes), []model.StepState{model.StepDone, model.StepDone, model.StepFailed}) {
		t.Errorf("%v, %v", outcomes, err)
	}
}
