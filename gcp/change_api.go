package gcp

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/api/googleapi"
	usagebeta "google.golang.org/api/serviceusage/v1beta1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
)

// enableAPI turns an API on and waits until Google says that it is.
func (c *Cloud) enableAPI(ctx context.Context, r *change) result {
	s := r.Step
	what := s.Resource.ID() + " was not enabled in project " + s.Resource.Project()
	// Who may enable an API need not be allowed to see its state: then it is enabled without looking first.
	if on, err := c.apiEnabled(ctx, s.Resource); err == nil && on {
		return result{state: model.StepAlready, verified: true}
	}
	if err := r.announce(ledger.Entry{}); err != nil {
		return notJournaled(what, err)
	}
	op, err := c.clients.ServiceUsage.EnableService(transport.WithCallOptions(ctx, transport.CallOptions{NoRetry: true}), &serviceusagepb.EnableServiceRequest{Name: s.Resource.Path()})
	if err == nil {
		_, err = op.Wait(ctx)
	}
	if err != nil {
		return failedResult(what, err, model.PermEnableAPI).unresolvedIf(mayHaveArrived(err))
	}
	on, err := c.apiEnabled(ctx, s.Resource)
	switch {
	case err != nil:
		return result{state: model.StepDone, message: "Google enabled the API, but its state could not be read: " +
			writeFailure(transport.ParseError(err)) + "; whopulls check looks again"}
	case !on:
		return result{state: model.StepFailed, message: what + ": Google took the change, but the API still reads as off; run the step again"}
	}
	return result{state: model.StepDone, verified: true}
}

// createAgent makes Google create the service agents of an API; one that is there already is no error. Nothing reads an
// agent's existence, so the e-mail in the answer is the proof (iam-facts 1.3).
func (c *Cloud) createAgent(ctx context.Context, r *change) result {
	s := r.Step
	what := "the service agent of project " + s.Resource.Project() + " was not created"
	if err := r.announce(ledger.Entry{}); err != nil {
		return notJournaled(what, err)
	}
	op, err := c.clients.ServiceUsageBeta.Services.GenerateServiceIdentity(s.Resource.Path()).Context(transport.WithCallOptions(ctx, transport.CallOptions{NoRetry: true})).Do()
	for n := 0; err == nil && !op.Done; n++ {
		if !transport.WaitBackoff(ctx, c.timing.conflictDelay, c.timing.maxConflictDelay, n) {
			return failedResult(what, context.Cause(ctx), "").unresolvedIf(true)
		}
		op, err = c.clients.ServiceUsageBeta.Operations.Get(op.Name).Context(ctx).Do()
	}
	if err == nil && op.Error != nil {
		err = operationError(op.Error)
	}
	if err != nil {
		return failedResult(what, err, "").unresolvedIf(mayHaveArrived(err))
	}
	email := agentEmail(op.Response)
	if email == "" || (s.Member != "" && !strings.EqualFold(email, s.Member.Email())) {
		return result{state: model.StepFailed, message: what + ": the answer names " + cmp.Or(clean(email), "no agent") +
			" where " + s.Member.Email() + " was expected; run the step again"}
	}
	return result{state: model.StepDone, verified: true}
}

func agentEmail(response googleapi.RawMessage) string {
	var identity usagebeta.ServiceIdentity
	if json.Unmarshal(response, &identity) != nil {
		return ""
	}
	return identity.Email
}

func operationError(s *usagebeta.Status) error {
	return status.Error(codes.Code(s.Code), cmp.Or(s.Message, "the operation failed without a reason"))
}
