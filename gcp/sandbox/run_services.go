package sandbox

import (
	"context"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/run/apiv2/runpb"

	"whopulls/gcp/sandbox/world"
)

// runServices serves google.cloud.run.v2.Services.
type runServices struct {
	runpb.UnimplementedServicesServer
	*core
}

func (s *runServices) GetService(ctx context.Context, r *runpb.GetServiceRequest) (*runpb.Service, error) {
	return getProto(ctx, s.core, serviceKind, r.Name, serviceProto)
}

func (s *runServices) ListServices(ctx context.Context, r *runpb.ListServicesRequest) (*runpb.ListServicesResponse, error) {
	page, next, err := listProtos(ctx, s.core, serviceKind, r, serviceProto)
	if err != nil {
		return nil, err
	}
	return &runpb.ListServicesResponse{Services: page, NextPageToken: next}, nil
}

func serviceProto(l *world.Workload) *runpb.Service {
	m := &runpb.Service{
		Name: l.Name(), Uid: uid(l.Name()), Generation: l.Generation, ObservedGeneration: l.Generation, Etag: etag(l), Labels: l.Submitted.Labels,
		CreateTime: createTime(l), UpdateTime: updateTime(l),
		Template:              &runpb.RevisionTemplate{ServiceAccount: l.ServiceAccount, Containers: containerProtos(l.Images)},
		TerminalCondition:     readyCondition(l),
		LatestCreatedRevision: revisionName(l, l.RevisionHistory()[0].Name),
		LatestReadyRevision:   revisionName(l, latestReadyRevision(l)),
		Uri:                   serviceURL(l),
	}
	for _, rev := range l.RevisionHistory() {
		if rev.Traffic == 0 && rev.Tag == "" {
			continue
		}
		const byName = runpb.TrafficTargetAllocationType_TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
		m.Traffic = append(m.Traffic, &runpb.TrafficTarget{Type: byName, Revision: rev.Name, Percent: int32(rev.Traffic), Tag: rev.Tag})
		m.TrafficStatuses = append(m.TrafficStatuses, &runpb.TrafficTargetStatus{Type: byName, Revision: rev.Name, Percent: int32(rev.Traffic), Tag: rev.Tag})
	}
	return m
}

func (s *runServices) GetIamPolicy(ctx context.Context, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	return s.getWorkloadPolicy(ctx, serviceKind, r)
}

func (s *runServices) SetIamPolicy(ctx context.Context, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	return s.setWorkloadPolicy(ctx, serviceKind, r)
}

func (s *runServices) TestIamPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	return s.testWorkloadPermissions(ctx, r)
}
