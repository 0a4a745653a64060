package gcp

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// DryRunDeploy deploys a workload as it is without deploying it (validateOnly): Cloud Run answers as it would to the caller,
// and changes nothing. Its refusal is a *model.DeployRefusal. Any other error says why it could not be asked.
//
// It uses REST. The gRPC client would lose the template's sandboxes and agent identity (iam-facts 12.5,
// 12.6). Without that identity it would ask for the default compute account.
func (c *Cloud) DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error {
	ctx, cancel := context.WithTimeout(ctx, c.timing.calls.CallTimeout)
	defer cancel()
	validate, err := c.readForDryRun(ctx, w.Kind, w.Resource(project).Path())
	if err != nil {
		return dryRunFailure(err)
	}
	err = validate()
	if err == nil {
		return nil
	}
	switch t := transport.ParseError(err); t.Code {
	case codes.PermissionDenied, codes.FailedPrecondition, codes.InvalidArgument, codes.NotFound:
		return &model.DeployRefusal{Message: writeFailure(t)}
	}
	return dryRunFailure(err)
}

// dryRunFailure says why a deploy could not be checked.
func dryRunFailure(err error) error {
	return fmt.Errorf("the deploy could not be checked: %s", writeFailure(transport.ParseError(err)))
}

// readForDryRun reads a workload, and gives the call that asks Cloud Run to check a deploy of it.
func (c *Cloud) readForDryRun(ctx context.Context, kind model.WorkloadKind, path string) (validate func() error, err error) {
	runs := c.clients.RunV2.Projects.Locations
	switch kind {
	case model.Service:
		s, err := runs.Services.Get(path).Context(ctx).Do()
		return func() error {
			_, err := runs.Services.Patch(path, s).ValidateOnly(true).Context(ctx).Do()
			return err
		}, err
	case model.Job:
		j, err := runs.Jobs.Get(path).Context(ctx).Do()
		return func() error {
			_, err := runs.Jobs.Patch(path, j).ValidateOnly(true).Context(ctx).Do()
			return err
		}, err
	case model.WorkerPool:
		p, err := runs.WorkerPools.Get(path).Context(ctx).Do()
		return func() error {
			_, err := runs.WorkerPools.Patch(path, p).ValidateOnly(true).Context(ctx).Do()
			return err
		}, err
	}
	return nil, fmt.Errorf("%q is not a kind of Cloud Run workload; use service, job or worker-pool", kind)
}
