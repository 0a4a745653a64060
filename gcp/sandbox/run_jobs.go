package sandbox

import (
	"context"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/run/apiv2/runpb"

	"whopulls/gcp/sandbox/world"
)

// runJobs serves google.cloud.run.v2.Jobs.
type runJobs struct {
	runpb.UnimplementedJobsServer
	*core
}

func (s *runJobs) GetJob(ctx context.Context, r *runpb.GetJobRequest) (*runpb.Job, error) {
	return getProto(ctx, s.core, jobKind, r.Name, jobProto)
}

func (s *runJobs) ListJobs(ctx context.Context, r *runpb.ListJobsRequest) (*runpb.ListJobsResponse, error) {
	page, next, err := listProtos(ctx, s.core, jobKind, r, jobProto)
	if err != nil {
		return nil, err
	}
	return &runpb.ListJobsResponse{Jobs: page, NextPageToken: next}, nil
}

func jobProto(l *world.Workload) *runpb.Job {
	return &runpb.Job{
		Name: l.Name(), Uid: uid(l.Name()), Generation: l.Generation, ObservedGeneration: l.Generation, Etag: etag(l), Labels: l.Submitted.Labels,
		CreateTime: createTime(l), UpdateTime: updateTime(l),
		Template: &runpb.ExecutionTemplate{TaskCount: 1, Template: &runpb.TaskTemplate{
			ServiceAccount: l.ServiceAccount, Containers: containerProtos(l.Images),
		}},
		TerminalCondition: readyCondition(l),
	}
}

func (s *runJobs) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getWorkloadPolicy(ctx, jobKind, r)
}

func (s *runJobs) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setWorkloadPolicy(ctx, jobKind, r)
}

func (s *runJobs) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testWorkloadPermissions(ctx, r)
}
