package sandbox

import (
	"context"
	"math"
	"strings"

	"cloud.google.com/go/run/apiv2/runpb"

	"whopulls/gcp/sandbox/world"
)

// runRevisions serves google.cloud.run.v2.Revisions, for services and worker
// pools alike.
type runRevisions struct {
	runpb.UnimplementedRevisionsServer
	*core
}

// findOwners lists the workloads that a parent "…/services/S" or "…/workerPools/W" names. The name "-" means
// all in the region.
func (s *runRevisions) findOwners(ctx context.Context, permission, parent string) (list[*world.Workload], error) {
	parts := strings.Split(parent, "/")
	kinds := map[string]runKind{serviceKind.collection: serviceKind, poolKind.collection: poolKind}
	if len(parts) != 6 || parts[0] != "projects" || parts[2] != "locations" || kinds[parts[4]].kind == "" {
		return nil, invalid("Parent %q is not valid; expected projects/P/locations/REGION/services/NAME.", parent)
	}
	if err := s.authorizeRun(ctx, permission, parent); err != nil {
		return nil, err
	}
	p := s.world.Project(parts[1])
	if err := s.requireRegion(p, parts[3]); err != nil {
		return nil, err
	}
	if parts[5] == "-" {
		return filterWorkloads(s.world.Workloads(p), func(l *world.Workload) bool { return kinds[parts[4]].matches(l, parts[3]) }), nil
	}
	if l := s.world.Workload(parent); l != nil {
		return listOf([]*world.Workload{l}), nil
	}
	return nil, notFound(world.FullName("run", parent))
}

func (s *runRevisions) ListRevisions(ctx context.Context, r *runpb.ListRevisionsRequest) (*runpb.ListRevisionsResponse, error) {
	owners, err := s.findOwners(ctx, "run.revisions.list", r.Parent)
	if err != nil {
		return nil, err
	}
	part, next, err := readPage(flatMapList(owners, revisionsOf), r.PageSize, r.PageToken, "revisions "+r.Parent, maxRunPage)
	if err != nil {
		return nil, err
	}
	answer := &runpb.ListRevisionsResponse{NextPageToken: next}
	for _, rev := range part {
		answer.Revisions = append(answer.Revisions, revisionProto(rev.workload, rev.Revision, rev.newest))
	}
	return answer, nil
}

// workloadRevision is one revision of a workload.
type workloadRevision struct {
	world.Revision
	workload *world.Workload
	newest   bool
}

// revisionsOf lists a workload's revisions, the newest first. A new one comes before all others, so their
// positions are counted from the end.
func revisionsOf(l *world.Workload) list[workloadRevision] {
	history := l.RevisionHistory()
	before := math.MaxInt32 - len(history)
	return func(from position, visit func(position, workloadRevision, bool) bool) {
		for i := max(int(from[0])-before, 0); i < len(history); i++ {
			if !visit(position{uint32(before + i)}, workloadRevision{history[i], l, i == 0}, true) {
				return
			}
		}
	}
}

func (s *runRevisions) GetRevision(ctx context.Context, r *runpb.GetRevisionRequest) (*runpb.Revision, error) {
	parent, wanted, ok := strings.Cut(r.Name, "/revisions/")
	if !ok {
		return nil, invalid("Name %q is not valid; expected …/services/NAME/revisions/REVISION.", r.Name)
	}
	owners, err := s.findOwners(ctx, "run.revisions.get", parent)
	if err != nil {
		return nil, err
	}
	for rev := range all(flatMapList(owners, revisionsOf)) {
		if rev.Name == wanted {
			return revisionProto(rev.workload, rev.Revision, rev.newest), nil
		}
	}
	return nil, notFound(world.FullName("run", r.Name))
}

// revisionProto gives a revision as its message. The newest revision has its workload's condition.
func revisionProto(l *world.Workload, rev world.Revision, newest bool) *runpb.Revision {
	m := &runpb.Revision{
		Name: revisionName(l, rev.Name), Uid: uid(revisionName(l, rev.Name)), Generation: 1, ObservedGeneration: 1,
		CreateTime: createTime(l), UpdateTime: createTime(l), Service: l.ID,
		ServiceAccount: l.ServiceAccount, Containers: containerProtos(rev.Images),
		Conditions: []*runpb.Condition{{Type: "Ready", State: runpb.Condition_CONDITION_SUCCEEDED, LastTransitionTime: createTime(l)}},
	}
	if newest {
		m.Conditions = []*runpb.Condition{readyCondition(l)}
		m.Conditions[0].Message = l.Readiness.Message
	}
	return m
}
