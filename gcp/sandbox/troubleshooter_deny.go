package sandbox

import (
	"strings"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox/world"
)

var denyStates = map[world.Knowledge]ts.DenyAccessState{
	world.Yes: ts.DenyAccessState_DENY_ACCESS_STATE_DENIED, world.No: ts.DenyAccessState_DENY_ACCESS_STATE_NOT_DENIED,
	world.Hidden:      ts.DenyAccessState_DENY_ACCESS_STATE_UNKNOWN_INFO,
	world.Conditional: ts.DenyAccessState_DENY_ACCESS_STATE_UNKNOWN_CONDITIONAL,
}

// explainDeny explains the deny policies of the project, the folders and the organization. Nothing else can
// have deny policies.
func (q *accessQuery) explainDeny() (world.Knowledge, *ts.DenyPolicyExplanation) {
	m := &ts.DenyPolicyExplanation{PermissionDeniable: true}
	found, readable := world.No, false
	for _, full := range q.world.Chain(q.resource) {
		if !strings.HasPrefix(full, fullNodeName("")) {
			continue
		}
		denied, level := q.explainDenyLevel(full)
		found, readable = world.AnyOf(found, denied), readable || level.FullResourceName != ""
		m.ExplainedResources = append(m.ExplainedResources, level)
	}
	if !readable {
		found = world.Hidden
		m.ExplainedResources = []*ts.ExplainedDenyResource{{DenyAccessState: denyStates[found]}}
	}
	m.DenyAccessState, m.Relevance = denyStates[found], relevance(found)
	return found, m
}

// explainDenyLevel explains one level. The list permission shows whether there are policies; the rules need
// the get permission.
func (q *accessQuery) explainDenyLevel(full string) (world.Knowledge, *ts.ExplainedDenyResource) {
	if !q.viewerMay("iam.denypolicies.list", full) {
		return world.Hidden, &ts.ExplainedDenyResource{DenyAccessState: denyStates[world.Hidden]}
	}
	m := &ts.ExplainedDenyResource{FullResourceName: full}
	found := world.No
	for _, d := range q.world.DenyPoliciesAt(full) {
		denied, policy := q.explainDenyPolicy(d, full)
		found = world.AnyOf(found, denied)
		m.ExplainedPolicies = append(m.ExplainedPolicies, policy)
	}
	m.DenyAccessState, m.Relevance = denyStates[found], relevance(found)
	return found, m
}

func (q *accessQuery) explainDenyPolicy(d *world.DenyPolicy, full string) (world.Knowledge, *ts.ExplainedDenyPolicy) {
	if !q.viewerMay("iam.denypolicies.get", full) {
		return world.Hidden, &ts.ExplainedDenyPolicy{DenyAccessState: denyStates[world.Hidden]}
	}
	m := &ts.ExplainedDenyPolicy{Policy: denyProto(d)}
	found := world.No
	for _, rule := range d.Rules {
		m.Policy.Rules = append(m.Policy.Rules, denyRuleProto(rule))
		denied, explained := q.explainDenyRule(rule)
		found = world.AnyOf(found, denied)
		m.RuleExplanations = append(m.RuleExplanations, explained)
	}
	m.DenyAccessState, m.Relevance = denyStates[found], relevance(found)
	return found, m
}

func (q *accessQuery) explainDenyRule(r world.DenyRule) (world.Knowledge, *ts.DenyRuleExplanation) {
	m := &ts.DenyRuleExplanation{}
	var named, spared, among, excepted world.Knowledge
	named, m.CombinedDeniedPermission, m.DeniedPermissions = q.matchPermissions(r.DeniedPermissions)
	spared, m.CombinedExceptionPermission, m.ExceptionPermissions = q.matchPermissions(r.ExceptionPermissions)
	among, m.CombinedDeniedPrincipal, m.DeniedPrincipals = q.matchPrincipals(r.DeniedPrincipals)
	excepted, m.CombinedExceptionPrincipal, m.ExceptionPrincipals = q.matchPrincipals(r.ExceptionPrincipals)
	condition := q.world.EvaluateDenyCondition(r.Condition)
	if r.Condition != "" {
		m.Condition = &expr.Expr{Expression: r.Condition}
		if condition != world.Conditional {
			m.ConditionExplanation = &ts.ConditionExplanation{Value: structpb.NewBoolValue(condition == world.Yes)}
		}
	}
	denied := world.AllOf(named, spared.Not(), among, excepted.Not(), condition)
	m.DenyAccessState, m.Relevance = denyStates[denied], relevance(denied)
	return denied, m
}

// The API's names for these are too long to repeat.
type (
	patternMatch   = ts.DenyRuleExplanation_AnnotatedPermissionMatching
	principalMatch = ts.DenyRuleExplanation_AnnotatedDenyPrincipalMatching
)

func (q *accessQuery) matchPermissions(list []string) (world.Knowledge, *patternMatch, map[string]*patternMatch) {
	match := func(t world.Knowledge) *patternMatch {
		state := ts.PermissionPatternMatchingState_PERMISSION_PATTERN_NOT_MATCHED
		if t == world.Yes {
			state = ts.PermissionPatternMatchingState_PERMISSION_PATTERN_MATCHED
		}
		return &patternMatch{PermissionMatchingState: state, Relevance: relevance(t)}
	}
	each, found := map[string]*patternMatch{}, world.No
	for _, pattern := range list {
		one := world.No
		if world.DenyPatternMatches(pattern, q.permission) {
			one = world.Yes
		}
		found = world.AnyOf(found, one)
		each[pattern] = match(one)
	}
	return found, match(found), each
}

func (q *accessQuery) matchPrincipals(list []string) (world.Knowledge, *principalMatch, map[string]*principalMatch) {
	match := func(t world.Knowledge) *principalMatch {
		return &principalMatch{Membership: membershipStates[t], Relevance: relevance(t)}
	}
	each, found := map[string]*principalMatch{}, world.No
	for _, principal := range list {
		one := q.world.PrincipalMatchesFor(q.viewer, principal, q.member)
		found = world.AnyOf(found, one)
		each[principal] = match(one)
	}
	return found, match(found), each
}
