package sandbox

import (
	"context"
	"net/url"
	"strings"

	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// denyPolicies serves google.iam.v2.Policies: reading deny policies.
type denyPolicies struct {
	denypb.UnimplementedPoliciesServer
	*core
}

// parseAttachment reads "policies/ATTACHMENT/denypolicies[/ID]" for a caller with that permission on the
// attachment point. The attachment point is escaped as one path segment. The result is "projects/P" and the
// id.
func (s *denyPolicies) parseAttachment(ctx context.Context, permission, name string) (point, id string, err error) {
	parts := strings.SplitN(name, "/", 4)
	if len(parts) < 3 || parts[0] != "policies" || parts[2] != "denypolicies" {
		return "", "", invalid("Name %q is not valid; expected policies/ATTACHMENT_POINT/denypolicies, the attachment point URL-encoded.", name)
	}
	full, err := url.PathUnescape(parts[1])
	point, ok := strings.CutPrefix(full, "cloudresourcemanager.googleapis.com/")
	if err != nil || !ok {
		return "", "", invalid("Attachment point %q is not valid; expected cloudresourcemanager.googleapis.com/projects/P, URL-encoded.", parts[1])
	}
	if err := s.requirePermission(ctx, permission, fullNodeName(point)); err != nil {
		return "", "", err
	}
	if len(parts) == 4 {
		id = parts[3]
	}
	_, point, _ = strings.Cut(strings.TrimPrefix(s.world.Canonical(fullNodeName(point)), "//"), "/")
	return point, id, nil
}

// ListPolicies gives the policies without their rules, as Google's API does.
func (s *denyPolicies) ListPolicies(ctx context.Context, r *denypb.ListPoliciesRequest) (*denypb.ListPoliciesResponse, error) {
	point, _, err := s.parseAttachment(ctx, "iam.denypolicies.list", r.Parent)
	if err != nil {
		return nil, err
	}
	var found []*denypb.Policy
	for _, d := range s.world.DenyPoliciesAt(fullNodeName(point)) {
		found = append(found, denyProto(d))
	}
	part, next, err := readPage(listOf(found), r.PageSize, r.PageToken, "deny "+r.Parent, 1000)
	if err != nil {
		return nil, err
	}
	return &denypb.ListPoliciesResponse{Policies: part, NextPageToken: next}, nil
}

// GetPolicy gives one policy with its rules.
func (s *denyPolicies) GetPolicy(ctx context.Context, r *denypb.GetPolicyRequest) (*denypb.Policy, error) {
	point, id, err := s.parseAttachment(ctx, "iam.denypolicies.get", r.Name)
	if err != nil {
		return nil, err
	}
	for _, d := range s.world.DenyPoliciesAt(fullNodeName(point)) {
		if d.ID == id {
			m := denyProto(d)
			for _, rule := range d.Rules {
				m.Rules = append(m.Rules, denyRuleProto(rule))
			}
			return m, nil
		}
	}
	return nil, notFound(world.FullName("iam", r.Name))
}

func denyProto(d *world.DenyPolicy) *denypb.Policy {
	created := timestamppb.New(world.DefaultTime)
	name := "policies/" + url.PathEscape("cloudresourcemanager.googleapis.com/"+d.AttachmentPoint) + "/denypolicies/" + d.ID
	return &denypb.Policy{
		Name: name, Uid: uid(name), Kind: "DenyPolicy", DisplayName: d.DisplayName,
		Etag: uid(name)[:8], CreateTime: created, UpdateTime: created,
	}
}

func denyRuleProto(r world.DenyRule) *denypb.PolicyRule {
	rule := &denypb.DenyRule{
		DeniedPrincipals: r.DeniedPrincipals, ExceptionPrincipals: r.ExceptionPrincipals,
		DeniedPermissions: r.DeniedPermissions, ExceptionPermissions: r.ExceptionPermissions,
	}
	if r.Condition != "" {
		rule.DenialCondition = &expr.Expr{Expression: r.Condition}
	}
	return &denypb.PolicyRule{Kind: &denypb.PolicyRule_DenyRule{DenyRule: rule}}
}
