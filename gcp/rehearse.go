package gcp

import (
	"context"
	"errors"
	"fmt"

	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/model"
)

// Rehearse deploys a workload as it is without deploying it (validate_only): Cloud Run answers as it would to the caller,
// and changes nothing. The error is Cloud Run's own refusal, in its words.
func (c *Cloud) Rehearse(ctx context.Context, project string, w model.WorkloadName) error {
	ctx, cancel := context.WithTimeout(ctx, c.pace.call)
	defer cancel()
	err := c.rehearse(ctx, w.Kind, w.Resource(project).Path())
	if err == nil {
		return nil
	}
	return errors.New(troubleOf(err).cause())
}

func (c *Cloud) rehearse(ctx context.Context, kind model.WorkloadKind, path string) error {
	switch kind {
	case model.Service:
		s, err := c.clients.services.GetService(ctx, &runpb.GetServiceRequest{Name: path})
		if err == nil {
			_, err = c.clients.services.UpdateService(once(ctx), &runpb.UpdateServiceRequest{Service: s, ValidateOnly: true})
		}
		return err
	case model.Job:
		j, err := c.clients.jobs.GetJob(ctx, &runpb.GetJobRequest{Name: path})
		if err == nil {
			_, err = c.clients.jobs.UpdateJob(once(ctx), &runpb.UpdateJobRequest{Job: j, ValidateOnly: true})
		}
		return err
	case model.WorkerPool:
		p, err := c.clients.pools.GetWorkerPool(ctx, &runpb.GetWorkerPoolRequest{Name: path})
		if err == nil {
			_, err = c.clients.pools.UpdateWorkerPool(once(ctx), &runpb.UpdateWorkerPoolRequest{WorkerPool: p, ValidateOnly: true})
		}
		return err
	}
	return status.Error(codes.InvalidArgument, fmt.Sprintf("%q is no kind of Cloud Run workload; use service, job or worker-pool", kind))
}
