package sandbox

import (
	"cloud.google.com/go/iam/apiv1/iampb"
	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox/world"
)

var allowStates = map[world.Knowledge]ts.AllowAccessState{
	world.Yes: ts.AllowAccessState_ALLOW_ACCESS_STATE_GRANTED, world.No: ts.AllowAccessState_ALLOW_ACCESS_STATE_NOT_GRANTED,
	world.Hidden:      ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_INFO,
	world.Conditional: ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_CONDITIONAL,
}

var roleStates = map[world.Knowledge]ts.RolePermissionInclusionState{
	world.Yes: ts.RolePermissionInclusionState_ROLE_PERMISSION_INCLUDED, world.No: ts.RolePermissionInclusionState_ROLE_PERMISSION_NOT_INCLUDED,
	world.Hidden: ts.RolePermissionInclusionState_ROLE_PERMISSION_UNKNOWN_INFO,
}

// explainAllow explains the allow policies of the resource and of all above it. A caller that may read none
// of them must not learn their number. It gets the same answer for a resource that doesn't exist.
func (q *accessQuery) explainAllow() (world.Knowledge, *ts.AllowPolicyExplanation) {
	m := &ts.AllowPolicyExplanation{}
	found, readable := world.No, false
	for _, full := range q.world.Chain(q.resource) {
		reader := policyReadPermission(full)
		if reader == "" || (q.viewerMay(reader, full) && !q.world.Exists(full)) {
			continue
		}
		granted, policy := q.explainAllowPolicy(full, reader)
		found, readable = world.AnyOf(found, granted), readable || policy.Policy != nil
		m.ExplainedPolicies = append(m.ExplainedPolicies, policy)
	}
	if !readable {
		found = world.Hidden
		m.ExplainedPolicies = []*ts.ExplainedAllowPolicy{{AllowAccessState: allowStates[found]}}
	}
	m.AllowAccessState, m.Relevance = allowStates[found], relevance(found)
	return found, m
}

func (q *accessQuery) explainAllowPolicy(full, reader string) (world.Knowledge, *ts.ExplainedAllowPolicy) {
	policy, err := q.world.Policy(full, 3)
	if err != nil || !q.viewerMay(reader, full) {
		return world.Hidden, &ts.ExplainedAllowPolicy{AllowAccessState: allowStates[world.Hidden]}
	}
	m := &ts.ExplainedAllowPolicy{FullResourceName: full, Policy: policy}
	found := world.No
	for _, b := range policy.Bindings {
		granted, binding := q.explainBinding(b)
		found = world.AnyOf(found, granted)
		m.BindingExplanations = append(m.BindingExplanations, binding)
	}
	m.AllowAccessState, m.Relevance = allowStates[found], relevance(found)
	return found, m
}

func (q *accessQuery) explainBinding(b *iampb.Binding) (world.Knowledge, *ts.AllowBindingExplanation) {
	m := &ts.AllowBindingExplanation{Role: b.Role, Condition: b.Condition, Memberships: map[string]*ts.AllowBindingExplanation_AnnotatedAllowMembership{}}
	membership := func(t world.Knowledge) *ts.AllowBindingExplanation_AnnotatedAllowMembership {
		return &ts.AllowBindingExplanation_AnnotatedAllowMembership{Membership: membershipStates[t], Relevance: relevance(t)}
	}
	member := world.No
	for _, bound := range b.Members {
		seen := q.world.MemberMatchesFor(q.viewer, bound, q.member)
		member = world.AnyOf(member, seen)
		m.Memberships[bound] = membership(seen)
	}
	role := q.world.RoleHasFor(q.viewer, b.Role, q.permission)
	condition := q.world.EvaluateCondition(b.Condition, q.resource, q.conditionContext)
	if b.Condition != nil && condition != world.Conditional {
		m.ConditionExplanation = &ts.ConditionExplanation{Value: structpb.NewBoolValue(condition == world.Yes)}
	}
	granted := world.AllOf(role, member, condition)
	m.CombinedMembership = membership(member)
	m.RolePermission, m.RolePermissionRelevance = roleStates[role], relevance(role)
	m.AllowAccessState, m.Relevance = allowStates[granted], relevance(granted)
	return granted, m
}
