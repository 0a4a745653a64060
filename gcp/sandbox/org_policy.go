package sandbox

import (
	"context"
	"strings"

	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	"google.golang.org/grpc/metadata"

	"whopulls/gcp/sandbox/world"
)

// orgPolicies serves google.cloud.orgpolicy.v2.OrgPolicy: reading the effective policies.
type orgPolicies struct {
	orgpolicypb.UnimplementedOrgPolicyServer
	*core
}

// GetEffectivePolicy answers for a project, folder or organization. The API must be enabled in the quota
// project. If the call names none, that is the project in question.
func (s *orgPolicies) GetEffectivePolicy(ctx context.Context, r *orgpolicypb.GetEffectivePolicyRequest) (*orgpolicypb.Policy, error) {
	owner, constraint, ok := strings.Cut(r.Name, "/policies/")
	if !ok {
		return nil, invalid("Name %q is not valid; expected projects/P/policies/CONSTRAINT.", r.Name)
	}
	if err := s.requireAPI(quotaProject(ctx, owner), "orgpolicy.googleapis.com"); err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "orgpolicy.policy.get", fullNodeName(owner)); err != nil {
		return nil, err
	}
	p := s.world.Project(projectFromName(owner))
	policy, kind, ok := world.EffectiveOrgPolicy(p, constraint)
	if !ok {
		return nil, notFound(world.FullName("orgpolicy", r.Name))
	}
	if p != nil {
		owner = "projects/" + p.Number
	}
	return &orgpolicypb.Policy{
		Name: owner + "/policies/" + constraint,
		Spec: &orgpolicypb.PolicySpec{Rules: []*orgpolicypb.PolicySpec_PolicyRule{policyRuleProto(policy, kind)}},
	}, nil
}

// quotaProject is the project whose quota a call uses: the one that it names, else the project in question.
// whopulls names the consumer project.
func quotaProject(ctx context.Context, asked string) string {
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if named := md.Get("x-goog-user-project"); len(named) > 0 {
			return named[0]
		}
	}
	return projectFromName(asked)
}

// policyRuleProto encodes the state of a constraint: enforced or not. A list constraint allows everything,
// some values, or nothing.
func policyRuleProto(o world.OrgPolicy, kind world.Constraint) *orgpolicypb.PolicySpec_PolicyRule {
	rule := &orgpolicypb.PolicySpec_PolicyRule{}
	switch {
	case !kind.List:
		rule.Kind = &orgpolicypb.PolicySpec_PolicyRule_Enforce{Enforce: o.Enforced}
	case !o.Enforced:
		rule.Kind = &orgpolicypb.PolicySpec_PolicyRule_AllowAll{AllowAll: true}
	case len(o.AllowedValues) > 0:
		rule.Kind = &orgpolicypb.PolicySpec_PolicyRule_Values{Values: &orgpolicypb.PolicySpec_PolicyRule_StringValues{AllowedValues: o.AllowedValues}}
	default:
		rule.Kind = &orgpolicypb.PolicySpec_PolicyRule_DenyAll{DenyAll: true}
	}
	return rule
}
