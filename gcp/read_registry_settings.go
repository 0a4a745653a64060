package gcp

import (
	"context"
	"errors"
	"slices"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/model"
)

const permListRules model.Permission = "artifactregistry.rules.list"

// redirectionTask reads whether Artifact Registry serves a project's gcr.io hosts (iam-facts 4.3).
func (c *Cloud) redirectionTask(r model.Resource) task {
	a := operation{action: "read the Artifact Registry settings of " + describe(r), resource: r, permission: model.PermGetSettings, subject: describe(r)}
	field := func(s *model.Situation) map[model.Resource]model.Fact[bool] { return s.Redirections }
	return storeIn(field, r, a, func(ctx context.Context) (bool, error) {
		settings, err := c.clients.Registry.GetProjectSettings(ctx,
			&artifactregistrypb.GetProjectSettingsRequest{Name: r.Path() + "/projectSettings"})
		if err != nil {
			return false, err
		}
		return isRedirecting(settings.GetLegacyRedirectionState())
	})
}

// isRedirecting: while images are still being copied over, Artifact Registry already answers.
func isRedirecting(state artifactregistrypb.ProjectSettings_RedirectionState) (bool, error) {
	switch state {
	case artifactregistrypb.ProjectSettings_REDIRECTION_STATE_UNSPECIFIED:
		return false, errors.New("the answer does not say whether gcr.io hosts are redirected")
	case artifactregistrypb.ProjectSettings_REDIRECTION_FROM_GCR_IO_DISABLED:
		return false, nil
	}
	return true, nil
}

// rulesTask lists a repository's download rules (iam-facts 4.5).
func (c *Cloud) rulesTask(r model.Resource) task {
	a := operation{action: "list the download rules of " + describe(r), resource: r, permission: permListRules, subject: describe(r)}
	field := func(s *model.Situation) map[model.Resource]model.Fact[[]model.DownloadRule] { return s.Rules }
	return storeIn(field, r, a, func(ctx context.Context) ([]model.DownloadRule, error) { return c.downloadRules(ctx, r) })
}

func (c *Cloud) downloadRules(ctx context.Context, r model.Resource) ([]model.DownloadRule, error) {
	list := func(ctx context.Context) transport.FetchPage[*artifactregistrypb.Rule] {
		return c.clients.Registry.ListRules(ctx, &artifactregistrypb.ListRulesRequest{Parent: r.Path()}).InternalFetch
	}
	rules := []model.DownloadRule{}
	for page, err := range transport.EachPage(ctx, list) {
		if err != nil {
			return nil, err
		}
		for _, rule := range page {
			if rule.GetOperation() == artifactregistrypb.Rule_DOWNLOAD {
				rules = append(rules, model.DownloadRule{ID: model.Resource(clean(rule.GetName())).ID(),
					Action: rule.GetAction().String(), Package: clean(rule.GetPackageId())})
			}
		}
	}
	return rules, nil
}

// sharingTask reads both constraints of domain restricted sharing as they work on a project. One that is in force is an
// answer, even when the other can't be read.
func (c *Cloud) sharingTask(r model.Resource) task {
	a := operation{action: "read the organization policies of " + describe(r), resource: r, permission: permGetOrgPolicy, subject: describe(r)}
	field := func(s *model.Situation) map[model.Resource]model.Fact[[]model.DomainRestriction] {
		return s.DomainRestrictions
	}
	return storeIn(field, r, a, func(ctx context.Context) ([]model.DomainRestriction, error) {
		var firstErr error
		inForce := []model.DomainRestriction{}
		for _, constraint := range []string{model.DomainsConstraint, model.MembersConstraint} {
			rules, err := c.effectiveRules(ctx, r, constraint)
			if allowed, restricted := sharingRestriction(rules); restricted {
				inForce = append(inForce, model.DomainRestriction{Constraint: constraint, Allowed: allowed})
			}
			if firstErr == nil {
				firstErr = err
			}
		}
		if len(inForce) > 0 {
			return inForce, nil
		}
		return inForce, firstErr
	})
}

// effectiveRules reads a constraint's rules; one that is not known there restricts nobody.
func (c *Cloud) effectiveRules(ctx context.Context, r model.Resource, constraint string) ([]*orgpolicypb.PolicySpec_PolicyRule, error) {
	policy, err := c.clients.OrgPolicies.GetEffectivePolicy(ctx,
		&orgpolicypb.GetEffectivePolicyRequest{Name: r.Path() + "/policies/" + constraint})
	if err != nil && transport.ParseError(err).Code == codes.NotFound {
		return nil, nil
	}
	return policy.GetSpec().GetRules(), err
}

// sharingRestriction reports whether any of the rules keeps members out, and which members they let in. The
// older constraint lists values; the managed one has them among its parameters. Conditions are not decided:
// what comes of it is only a caution.
func sharingRestriction(rules []*orgpolicypb.PolicySpec_PolicyRule) (allowed []string, restricted bool) {
	for _, rule := range rules {
		values := rule.GetValues().GetAllowedValues()
		restricted = restricted || rule.GetEnforce() || rule.GetDenyAll() || len(values) > 0
		allowed = append(allowed, cleanAll(values)...)
		for _, parameter := range rule.GetParameters().GetFields() {
			for _, value := range parameter.GetListValue().GetValues() {
				allowed = append(allowed, clean(value.GetStringValue()))
			}
		}
	}
	slices.Sort(allowed) // the parameters come in no order
	return allowed, restricted
}
