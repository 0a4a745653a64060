package sandbox

import (
	"strings"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox/world"
)

var denyStates = map[world.Truth]ts.DenyAccessState{
	world.Yes: ts.DenyAccessState_DENY_ACCESS_STATE_DENIED, world.No: ts.DenyAccessState_DENY_ACCESS_STATE_NOT_DENIED,
	world.Hidden:      ts.DenyAccessState_DENY_ACCESS_STATE_UNKNOWN_INFO,
	world.Conditional: ts.DenyAccessState_DENY_ACCESS_STATE_UNKNOWN_CONDITIONAL,
}

// deny explains the deny policies of the project, the folders and the
// organization; nothing else can have any.
func (q *question) deny() (world.Truth, *ts.DenyPolicyExplanation) {
	m := &ts.DenyPolicyExplanation{PermissionDeniable: true}
	found, readable := world.No, false
	for _, full := range q.world.Chain(q.resource) {
		if !strings.HasPrefix(full, node("")) {
			continue
		}
		denied, level := q.denyLevel(full)
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

// denyLevel explains one level. Listing tells that there are none; the rules
// themselves only come with get.
func (q *question) denyLevel(full string) (world.Truth, *ts.ExplainedDenyResource) {
	if !q.may("iam.denypolicies.list", full) {
		return world.Hidden, &ts.ExplainedDenyResource{DenyAccessState: denyStates[world.Hidden]}
	}
	m := &ts.ExplainedDenyResource{FullResourceName: full}
	found := world.No
	for _, d := range q.world.DenialsAt(full) {
		denied, policy := q.denyPolicy(d, full)
		found = world.AnyOf(found, denied)
		m.ExplainedPolicies = append(m.ExplainedPolicies, policy)
	}
	m.DenyAccessState, m.Relevance = denyStates[found], relevance(found)
	return found, m
}

func (q *question) denyPolicy(d *world.DenyPolicy, full string) (world.Truth, *ts.ExplainedDenyPolicy) {
	if !q.may("iam.denypolicies.get", full) {
		return world.Hidden, &ts.ExplainedDenyPolicy{DenyAccessState: denyStates[world.Hidden]}
	}
	m := &ts.ExplainedDenyPolicy{Policy: denyProto(d)}
	found := world.No
	for _, rule := range d.Rules {
		m.Policy.Rules = append(m.Policy.Rules, denyRule(rule))
		denied, explained := q.denyRule(rule)
		found = world.AnyOf(found, denied)
		m.RuleExplanations = append(m.RuleExplanations, explained)
	}
	m.DenyAccessState, m.Relevance = denyStates[found], relevance(found)
	return found, m
}

func (q *question) denyRule(r world.DenyRule) (world.Truth, *ts.DenyRuleExplanation) {
	m := &ts.DenyRuleExplanation{}
	var named, spared, among, excepted world.Truth
	named, m.CombinedDeniedPermission, m.DeniedPermissions = q.patterns(r.DeniedPermissions)
	spared, m.CombinedExceptionPermission, m.ExceptionPermissions = q.patterns(r.ExceptionPermissions)
	among, m.CombinedDeniedPrincipal, m.DeniedPrincipals = q.principals(r.DeniedPrincipals)
	excepted, m.CombinedExceptionPrincipal, m.ExceptionPrincipals = q.principals(r.ExceptionPrincipals)
	condition := q.world.SeenDenyCondition(r.Condition)
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

// The names that the API has for these are too long to be written often.
type (
	patternMatch   = ts.DenyRuleExplanation_AnnotatedPermissionMatching
	principalMatch = ts.DenyRuleExplanation_AnnotatedDenyPrincipalMatching
)

func (q *question) patterns(list []string) (world.Truth, *patternMatch, map[string]*patternMatch) {
	match := func(t world.Truth) *patternMatch {
		state := ts.PermissionPatternMatchingState_PERMISSION_PATTERN_NOT_MATCHED
		if t == world.Yes {
			state = ts.PermissionPatternMatchingState_PERMISSION_PATTERN_MATCHED
		}
		return &patternMatch{PermissionMatchingState: state, Relevance: relevance(t)}
	}
	each, found := map[string]*patternMatch{}, world.No
	for _, pattern := range list {
		one := world.No
		if world.DeniesPermission(pattern, q.permission) {
			one = world.Yes
		}
		found = world.AnyOf(found, one)
		each[pattern] = match(one)
	}
	return found, match(found), each
}

func (q *question) principals(list []string) (world.Truth, *principalMatch, map[string]*principalMatch) {
	match := func(t world.Truth) *principalMatch {
		return &principalMatch{Membership: membershipStates[t], Relevance: relevance(t)}
	}
	each, found := map[string]*principalMatch{}, world.No
	for _, principal := range list {
		one := q.world.SeenPrincipal(q.asker, principal, q.member)
		found = world.AnyOf(found, one)
		each[principal] = match(one)
	}
	return found, match(found), each
}
