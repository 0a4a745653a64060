package gcp

import (
	"context"
	"errors"
	"net/url"

	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/limits"
	"whopulls/model"
)

const (
	permGetOrgPolicy model.Permission = "orgpolicy.policy.get"
	permGetDeny      model.Permission = "iam.denypolicies.get"
)

// constraintTask reads the constraint as it works on the project, whatever level set it.
func (c *Cloud) constraintTask(r model.Resource) task {
	a := ask{does: "read the organization policies of " + named(r), resource: r, need: permGetOrgPolicy, absent: named(r)}
	shelf := func(s *model.Situation) map[model.Resource]model.Fact[bool] { return s.Constraints }
	return filed(shelf, r, a, func(ctx context.Context) (bool, error) {
		policy, err := c.clients.org.GetEffectivePolicy(ctx, &orgpolicypb.GetEffectivePolicyRequest{
			Name: r.Path() + "/policies/" + model.CrossProjectConstraint})
		if err != nil {
			return false, err
		}
		return enforced(policy.GetSpec().GetRules())
	})
}

// enforced reads the rules of a constraint that is on or off. Rules under a condition hang on tags, which are not read.
func enforced(rules []*orgpolicypb.PolicySpec_PolicyRule) (bool, error) {
	if len(rules) == 0 {
		return false, errors.New("the answer does not say whether it is enforced")
	}
	for _, rule := range rules {
		if rule.GetEnforce() != rules[0].GetEnforce() {
			return false, errors.New("whether it is enforced depends on the project's tags, which are not read")
		}
	}
	return rules[0].GetEnforce(), nil
}

// denyTask reads the deny policies of one attachment point. The list gives no rules, so each policy is read by itself
// (iam-facts 6.3). The quota is five reads a minute (8.3): what it refuses is asked again strictly only, after a wait.
func (c *Cloud) denyTask(r model.Resource, strict bool) task {
	list := ask{does: "list the deny policies of " + named(r), resource: r, need: model.PermListDeny, absent: named(r)}
	get := ask{does: "read the deny policies of " + named(r), resource: r, need: permGetDeny, absent: "a deny policy of " + named(r)}
	return func(ctx context.Context) answer {
		at := c.kept.now()
		names, err := c.denyNames(ctx, r, strict)
		found := fact[[]model.DenyPolicy](list, nil, err)
		if err == nil {
			var policies []model.DenyPolicy
			policies, err = c.denyPolicies(ctx, names, strict)
			found = fact(get, policies, err)
		}
		refused := spentReason(err, strict)
		if refused != "" {
			found = model.Unread[[]model.DenyPolicy](spentGap(r, refused))
		}
		if found.Read() {
			key, lasting := c.denyKey(r)
			keep(c.kept, kindDeny, key, found.Value, at, lasting)
		}
		return answer{err: err, put: func(rd *reading) {
			rd.situation.Denies[r], rd.lane.spent = found, refused
		}}
	}
}

// denyNames lists the policies of a level. IAM gives a thousand at once, so that the list is one read.
func (c *Cloud) denyNames(ctx context.Context, r model.Resource, strict bool) (names []string, err error) {
	ctx = atOnce(ctx)
	err = c.patiently(ctx, strict, func() error {
		names, err = c.listDeny(ctx, r)
		return err
	})
	return names, err
}

func (c *Cloud) listDeny(ctx context.Context, r model.Resource) ([]string, error) {
	point := url.PathEscape(hostProjects + "/" + r.Path())
	found, err := whole(ctx, limits.Denies, func(ctx context.Context) fetch[*denypb.Policy] {
		list := c.clients.denies.ListPolicies(ctx, &denypb.ListPoliciesRequest{Parent: "policies/" + point + "/denypolicies"})
		return func(_ int, token string) ([]*denypb.Policy, string, error) {
			return list.InternalFetch(denyPage, token)
		}
	})
	names := make([]string, len(found))
	for i, policy := range found {
		names[i] = policy.GetName()
	}
	return names, err
}

// denyPage lets IAM choose: a thousand at once.
const denyPage = 0

// denyPolicies reads the policies; one that was deleted since the list takes nothing away.
func (c *Cloud) denyPolicies(ctx context.Context, names []string, strict bool) ([]model.DenyPolicy, error) {
	policies := []model.DenyPolicy{}
	ctx = atOnce(ctx)
	for _, name := range names {
		var policy *denypb.Policy
		err := c.patiently(ctx, strict, func() (err error) {
			policy, err = c.clients.denies.GetPolicy(ctx, &denypb.GetPolicyRequest{Name: name})
			return err
		})
		if err != nil && troubleOf(err).code == codes.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		policies = append(policies, denyPolicyOf(policy))
	}
	return policies, nil
}

func denyPolicyOf(p *denypb.Policy) model.DenyPolicy {
	policy := model.DenyPolicy{Name: clean(p.GetName())}
	for _, r := range p.GetRules() {
		deny := r.GetDenyRule()
		if deny == nil {
			continue
		}
		rule := model.DenyRule{
			DeniedPrincipals: cleanAll(deny.GetDeniedPrincipals()), ExceptionPrincipals: cleanAll(deny.GetExceptionPrincipals()),
			DeniedPermissions: cleanAll(deny.GetDeniedPermissions()), ExceptionPermissions: cleanAll(deny.GetExceptionPermissions()),
		}
		if cond := deny.GetDenialCondition(); cond.GetExpression() != "" {
			rule.Condition = &model.Condition{Title: cond.GetTitle(), Expression: cond.GetExpression()}
		}
		policy.Rules = append(policy.Rules, rule)
	}
	return policy
}

func cleanAll(texts []string) []string {
	cleaned := make([]string, 0, len(texts))
	for _, t := range texts {
		cleaned = append(cleaned, clean(t))
	}
	return cleaned
}
