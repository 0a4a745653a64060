package gcp

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	troublebeta "google.golang.org/api/policytroubleshooter/v3beta"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// boundaryOpinion asks the version of Policy Troubleshooter that explains principal access boundaries, which v3 does not
// (iam-facts 12.8), where one may stop the access. It is a preview: ok is false where it is not there, and v3 is asked.
func (c *Cloud) boundaryOpinion(ctx context.Context, access model.Access) (opinion model.SecondOpinion, ok bool, err error) {
	if !access.CanBeBounded() {
		return opinion, false, nil
	}
	answer, err := c.clients.TroubleshooterBeta.Iam.Troubleshoot(&troublebeta.GoogleCloudPolicytroubleshooterIamV3betaTroubleshootIamPolicyRequest{
		AccessTuple: &troublebeta.GoogleCloudPolicytroubleshooterIamV3betaAccessTuple{
			Principal: access.Principal.Email(), FullResourceName: string(access.Resource), Permission: string(access.Permission),
			ConditionContext: &troublebeta.GoogleCloudPolicytroubleshooterIamV3betaConditionContext{
				Request: &troublebeta.GoogleCloudPolicytroubleshooterIamV3betaConditionContextRequest{ReceiveTime: time.Now().UTC().Format(time.RFC3339)}},
		}}).Context(transport.WithCallOptions(ctx, transport.CallOptions{ReadOnly: true})).Do()
	if err != nil {
		return opinion, !isAPIMissing(err), err
	}
	plain, err := withoutBoundaries(answer)
	if err != nil {
		return opinion, true, err
	}
	opinion = opinionOf(plain)
	opinion.Boundary = boundaryOf(answer.PabPolicyExplanation)
	return opinion, true, nil
}

// isAPIMissing reports whether an API or its version does not answer at all.
func isAPIMissing(err error) bool {
	t := transport.ParseError(err)
	return t.Code == codes.NotFound || t.Code == codes.Unimplemented || t.IsAPIDisabled()
}

// withoutBoundaries is the answer without its boundaries, as v3 gives it: the parts that both have are spelled alike.
func withoutBoundaries(beta *troublebeta.GoogleCloudPolicytroubleshooterIamV3betaTroubleshootIamPolicyResponse) (*ts.TroubleshootIamPolicyResponse, error) {
	text, err := json.Marshal(beta)
	if err != nil {
		return nil, fmt.Errorf("reading Policy Troubleshooter's answer: %w", err)
	}
	plain := &ts.TroubleshootIamPolicyResponse{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, plain); err != nil {
		return nil, fmt.Errorf("reading Policy Troubleshooter's answer: %w", err)
	}
	if pab := beta.PabPolicyExplanation; pab != nil && boundaryOf(pab).State != model.BoundaryOpen {
		plain.OverallAccessState = overallAccess(plain)
	}
	return plain, nil
}

// overallAccess is what allow and deny policies come to.
func overallAccess(r *ts.TroubleshootIamPolicyResponse) ts.TroubleshootIamPolicyResponse_OverallAccessState {
	allow, deny := r.GetAllowPolicyExplanation().GetAllowAccessState(), r.GetDenyPolicyExplanation().GetDenyAccessState()
	switch {
	case allow == ts.AllowAccessState_ALLOW_ACCESS_STATE_NOT_GRANTED, deny == ts.DenyAccessState_DENY_ACCESS_STATE_DENIED:
		return ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS
	case allow == ts.AllowAccessState_ALLOW_ACCESS_STATE_GRANTED && deny == ts.DenyAccessState_DENY_ACCESS_STATE_NOT_DENIED:
		return ts.TroubleshootIamPolicyResponse_CAN_ACCESS
	}
	return ts.TroubleshootIamPolicyResponse_UNKNOWN_INFO
}

// The states of a boundary.
const (
	pabAllowed     = "PAB_ACCESS_STATE_ALLOWED"
	pabNotAllowed  = "PAB_ACCESS_STATE_NOT_ALLOWED"
	pabNotEnforced = "PAB_ACCESS_STATE_NOT_ENFORCED"
)

// boundaryOf reads what the answer says about boundaries; of an answer that says nothing they are hidden.
func boundaryOf(e *troublebeta.GoogleCloudPolicytroubleshooterIamV3betaPABPolicyExplanation) model.Boundary {
	b := model.Boundary{State: model.BoundaryHidden}
	if e == nil {
		return b
	}
	switch e.PrincipalAccessBoundaryAccessState {
	case pabAllowed, pabNotEnforced:
		b.State = model.BoundaryOpen
	case pabNotAllowed:
		b.State = model.BoundaryBlocks
		for _, x := range e.ExplainedBindingsAndPolicies {
			if p := x.ExplainedPolicy; x.BindingAndPolicyAccessState == pabNotAllowed && p != nil && p.Policy != nil && b.Policy == "" {
				b.Policy = clean(p.Policy.Name)
			}
		}
	}
	return b
}
