package gcp

import (
	"context"
	"errors"
	"net/url"

	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/cache"
	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/model"
)

const (
	permGetOrgPolicy model.Permission = "orgpolicy.policy.get"
	permGetDeny      model.Permission = "iam.denypolicies.get"
)

// constraintTask reads the constraint as it works on the project, whatever level set it.
func (c *Cloud) constraintTask(r model.Resource) task {
	a := operation{action: "read the organization policies of " + describe(r), resource: r, permission: permGetOrgPolicy, subject: describe(r)}
	field := func(s *model.Situation) map[model.Resource]model.Fact[bool] { return s.Constraints }
	return storeIn(field, r, a, func(ctx context.Context) (bool, error) {
		policy, err := c.clients.OrgPolicies.GetEffectivePolicy(ctx, &orgpolicypb.GetEffectivePolicyRequest{
			Name: r.Path() + "/policies/" + model.CrossProjectConstraint})
		if err != nil {
			return false, err
		}
		return isEnforced(policy.GetSpec().GetRules())
	})
}

// isEnforced reads the rules of a constraint that is on or off. Rules under a condition depend on tags, which are not read.
func isEnforced(rules []*orgpolicypb.PolicySpec_PolicyRule) (bool, error) {
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
	list := operation{action: "list the deny policies of " + describe(r), resource: r, permission: model.PermListDeny, subject: describe(r)}
	get := operation{action: "read the deny policies of " + describe(r), resource: r, permission: permGetDeny, subject: "a deny policy of " + describe(r)}
	return func(ctx context.Context) taskResult {
		readAt := c.now()
		names, err := c.denyPolicyNames(ctx, r, strict)
		found := factFrom[[]model.DenyPolicy](list, nil, err)
		if err == nil {
			var policies []model.DenyPolicy
			policies, err = c.readDenyPolicies(ctx, names, strict)
			found = factFrom(get, policies, err)
		}
		exhausted := quotaExhaustedReason(err, strict)
		if exhausted != "" {
			found = model.Unread[[]model.DenyPolicy](quotaGap(r, exhausted, strict))
		}
		if found.Read() {
			key, persistent := c.denyKey(r)
			cache.Put(c.cache, cache.Deny, key, found.Value, readAt, persistent)
		}
		return taskResult{err: err, apply: func(rd *readRun) {
			rd.situation.Denies[r], rd.denyQueue.quotaExhausted = found, exhausted
		}}
	}
}

// denyPolicyNames lists the policies of a level. IAM gives a thousand at once, so that the list is one read.
func (c *Cloud) denyPolicyNames(ctx context.Context, r model.Resource, strict bool) (names []string, err error) {
	ctx = transport.WithCallOptions(ctx, transport.CallOptions{NoQuotaRetry: true})
	err = c.retryOnQuota(ctx, strict, func() error {
		names, err = c.listDenyPolicies(ctx, r)
		return err
	})
	return names, err
}

func (c *Cloud) listDenyPolicies(ctx context.Context, r model.Resource) ([]string, error) {
	point := url.PathEscape(transport.HostResourceManager + "/" + r.Path())
	found, err := transport.ReadAll(ctx, limits.DenyPolicies, func(ctx context.Context) transport.FetchPage[*denypb.Policy] {
		list := c.clients.DenyPolicies.ListPolicies(ctx, &denypb.ListPoliciesRequest{Parent: "policies/" + point + "/denypolicies"})
		return func(_ int, token string) ([]*denypb.Policy, string, error) {
			return list.InternalFetch(denyPageSize, token)
		}
	})
	names := make([]string, len(found))
	for i, policy := range found {
		names[i] = policy.GetName()
	}
	return names, err
}

// denyPageSize lets IAM choose: a thousand at once.
const denyPageSize = 0

// readDenyPolicies reads the policies; one that was deleted since the list takes nothing away.
func (c *Cloud) readDenyPolicies(ctx context.Context, names []string, strict bool) ([]model.DenyPolicy, error) {
	policies := []model.DenyPolicy{}
	ctx = transport.WithCallOptions(ctx, transport.CallOptions{NoQuotaRetry: true})
	for _, name := range names {
		var policy *denypb.Policy
		err := c.retryOnQuota(ctx, strict, func() (err error) {
			policy, err = c.clients.DenyPolicies.GetPolicy(ctx, &denypb.GetPolicyRequest{Name: name})
			return err
		})
		if err != nil && transport.ParseError(err).Code == codes.NotFound {
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
