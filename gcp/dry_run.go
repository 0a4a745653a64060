package gcp

import (
	"context"
	"errors"
	"fmt"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// DryRunDeploy deploys a workload as it is without deploying it (validateOnly): Cloud Run answers as it would to the caller,
// and changes nothing. The error is Cloud Run's own refusal, in its words.
//
// It uses REST. The gRPC client would lose the template's sandboxes and agent identity (iam-facts 12.5,
// 12.6). Without that identity it would ask for the default compute account.
func (c *Cloud) DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error {
	ctx, cancel := context.WithTimeout(ctx, c.timing.calls.CallTimeout)
	defer cancel()
	err := c.sendDryRun(ctx, w.Kind, w.Resource(project).Path())
	if err == nil {
		return nil
	}
	return errors.New(writeFailure(transport.ParseError(err)))
}

func (c *Cloud) sendDryRun(ctx context.Context, kind model.WorkloadKind, path string) error {
	runs := c.clients.RunV2.Projects.Locations
	switch kind {
	case model.Service:
		s, err := runs.Services.Get(path).Context(ctx).Do()
		if err == nil {
			_, err = runs.Services.Patch(path, s).ValidateOnly(true).Context(ctx).Do()
		}
		return err
	case model.Job:
		j, err := runs.Jobs.Get(path).Context(ctx).Do()
		if err == nil {
			_, err = runs.Jobs.Patch(path, j).ValidateOnly(true).Context(ctx).Do()
		}
		return err
	case model.WorkerPool:
		p, err := runs.WorkerPools.Get(path).Context(ctx).Do()
		if err == nil {
			_, err = runs.WorkerPools.Patch(path, p).ValidateOnly(true).Context(ctx).Do()
		}
		return err
	}
	return fmt.Errorf("%q is not a kind of Cloud Run workload; use service, job or worker-pool", kind)
}
