package gcp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/model"
)

// opinionTimeout is how long a second opinion may take: the answer doesn't stand or fall with it.
const opinionTimeout = 10 * time.Second

// opinionTask asks Policy Troubleshooter (iam-facts 8.1). The time is given, so that conditions on it are decided.
func (c *Cloud) opinionTask(access model.Access) task {
	a := operation{action: "ask Policy Troubleshooter", resource: access.Resource, subject: describe(access.Resource)}
	field := func(s *model.Situation) map[model.Access]model.Fact[model.SecondOpinion] { return s.Opinions }
	return storeIn(field, access, a, func(ctx context.Context) (model.SecondOpinion, error) {
		ctx, cancel := context.WithTimeout(ctx, opinionTimeout)
		defer cancel()
		if opinion, ok, err := c.boundaryOpinion(ctx, access); ok {
			return opinion, err
		}
		answer, err := c.clients.Troubleshooter.TroubleshootIamPolicy(ctx, &ts.TroubleshootIamPolicyRequest{AccessTuple: &ts.AccessTuple{
			Principal: access.Principal.Email(), FullResourceName: string(access.Resource), Permission: string(access.Permission),
			ConditionContext: &ts.ConditionContext{Request: &ts.ConditionContext_Request{ReceiveTime: timestamppb.Now()}},
		}})
		return opinionOf(answer), err
	})
}

// opinionOf reads an answer. No access is denied where a deny policy says so, else nothing gives it.
func opinionOf(r *ts.TroubleshootIamPolicyResponse) model.SecondOpinion {
	switch r.GetOverallAccessState() {
	case ts.TroubleshootIamPolicyResponse_CAN_ACCESS:
		return model.SecondOpinion{Verdict: model.Granted, Why: firstReasons(grantingBindings(r.GetAllowPolicyExplanation()))}
	case ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS:
		if deny := r.GetDenyPolicyExplanation(); deny.GetDenyAccessState() == ts.DenyAccessState_DENY_ACCESS_STATE_DENIED {
			return model.SecondOpinion{Verdict: model.Denied, Why: firstReasons(denyingPolicies(deny))}
		}
		return model.SecondOpinion{Verdict: model.Missing}
	}
	return model.SecondOpinion{Verdict: model.Unknown, Why: firstReasons(unknownReasons(r))}
}

// maxReasons are enough; the whole explanation can be long.
const maxReasons = 3

func firstReasons(reasons []string) []string { return reasons[:min(len(reasons), maxReasons)] }

func grantingBindings(e *ts.AllowPolicyExplanation) []string {
	return bindingsInState(e, ts.AllowAccessState_ALLOW_ACCESS_STATE_GRANTED)
}

// bindingsInState names the bindings that are in a state: the role, where, and through which member.
func bindingsInState(e *ts.AllowPolicyExplanation, state ts.AllowAccessState) (reasons []string) {
	for _, p := range e.GetExplainedPolicies() {
		for _, b := range p.GetBindingExplanations() {
			if b.GetAllowAccessState() != state {
				continue
			}
			reason := clean(b.GetRole()) + " on " + describe(model.Resource(clean(p.GetFullResourceName())))
			if through := matchedMember(b); through != "" {
				reason += " through " + through
			}
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// matchedMember gives the member of a binding that reaches the principal, if one does. Of several it gives
// the first by name, so that the same answer reads the same each time.
func matchedMember(b *ts.AllowBindingExplanation) string {
	var members []string
	for member, m := range b.GetMemberships() {
		if m.GetMembership() == ts.MembershipMatchingState_MEMBERSHIP_MATCHED {
			members = append(members, clean(member))
		}
	}
	slices.Sort(members)
	return cmp.Or(members...)
}

func denyingPolicies(e *ts.DenyPolicyExplanation) (reasons []string) {
	for _, r := range e.GetExplainedResources() {
		for _, p := range r.GetExplainedPolicies() {
			if p.GetDenyAccessState() == ts.DenyAccessState_DENY_ACCESS_STATE_DENIED {
				reasons = append(reasons, "deny policy "+denyPolicyID(clean(p.GetPolicy().GetName()))+
					" on "+describe(model.Resource(clean(r.GetFullResourceName()))))
			}
		}
	}
	return reasons
}

// denyPolicyID is the last part of policies/POINT/denypolicies/ID.
func denyPolicyID(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// unknownReasons says what kept it from an answer.
func unknownReasons(r *ts.TroubleshootIamPolicyResponse) []string {
	allow := r.GetAllowPolicyExplanation()
	reasons := bindingsInState(allow, ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_CONDITIONAL)
	for i := range reasons {
		reasons[i] += " under a condition"
	}
	for _, binding := range bindingsInState(allow, ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_INFO) {
		reasons = append(reasons, binding+" may reach it")
	}
	if n := countHiddenPolicies(allow); n > 0 {
		reasons = append(reasons, hiddenPoliciesText(n))
	}
	if state := r.GetDenyPolicyExplanation().GetDenyAccessState(); state == ts.DenyAccessState_DENY_ACCESS_STATE_UNKNOWN_INFO {
		reasons = append(reasons, "deny policies that you may not read")
	}
	return reasons
}

func hiddenPoliciesText(n int) string {
	if n == 1 {
		return "an allow policy that you may not read"
	}
	return fmt.Sprintf("%d allow policies that you may not read", n)
}

func countHiddenPolicies(e *ts.AllowPolicyExplanation) (n int) {
	for _, p := range e.GetExplainedPolicies() {
		if p.GetPolicy() == nil && p.GetAllowAccessState() == ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_INFO {
			n++
		}
	}
	return n
}
