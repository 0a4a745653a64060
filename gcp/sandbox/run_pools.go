package sandbox

import (
	"context"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/run/apiv2/runpb"

	"whopulls/gcp/sandbox/world"
)

// runPools serves google.cloud.run.v2.WorkerPools.
type runPools struct {
	runpb.UnimplementedWorkerPoolsServer
	*core
}

func (s *runPools) GetWorkerPool(ctx context.Context, r *runpb.GetWorkerPoolRequest) (*runpb.WorkerPool, error) {
	return getProto(ctx, s.core, poolKind, r.Name, poolProto)
}

func (s *runPools) ListWorkerPools(ctx context.Context, r *runpb.ListWorkerPoolsRequest) (*runpb.ListWorkerPoolsResponse, error) {
	page, next, err := listProtos(ctx, s.core, poolKind, r, poolProto)
	if err != nil {
		return nil, err
	}
	return &runpb.ListWorkerPoolsResponse{WorkerPools: page, NextPageToken: next}, nil
}

func poolProto(l *world.Workload) *runpb.WorkerPool {
	m := &runpb.WorkerPool{
		Name: l.Name(), Uid: uid(l.Name()), Generation: l.Generation, ObservedGeneration: l.Generation, Etag: etag(l), Labels: l.Submitted.Labels,
		CreateTime: createTime(l), UpdateTime: updateTime(l),
		Template:              &runpb.WorkerPoolRevisionTemplate{ServiceAccount: l.ServiceAccount, Containers: containerProtos(l.Images)},
		TerminalCondition:     readyCondition(l),
		LatestCreatedRevision: revisionName(l, l.RevisionHistory()[0].Name),
		LatestReadyRevision:   revisionName(l, latestReadyRevision(l)),
	}
	for _, rev := range l.RevisionHistory() {
		if rev.Traffic == 0 {
			continue
		}
		const byName = runpb.InstanceSplitAllocationType_INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION
		m.InstanceSplits = append(m.InstanceSplits, &runpb.InstanceSplit{Type: byName, Revision: rev.Name, Percent: int32(rev.Traffic)})
		m.InstanceSplitStatuses = append(m.InstanceSplitStatuses, &runpb.InstanceSplitStatus{Type: byName, Revision: rev.Name, Percent: int32(rev.Traffic)})
	}
	return m
}

func (s *runPools) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getWorkloadPolicy(ctx, poolKind, r)
}

func (s *runPools) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setWorkloadPolicy(ctx, poolKind, r)
}

func (s *runPools) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testWorkloadPermissions(ctx, r)
}
