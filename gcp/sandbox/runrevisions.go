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
	*cloud
}

// owners lists the workloads that a parent "…/services/S" or "…/workerPools/W"
// stands for; "-" in place of the name stands for all of the region.
func (s *runRevisions) owners(ctx context.Context, permission, parent string) (list[*world.Workload], error) {
	parts := strings.Split(parent, "/")
	kinds := map[string]runKind{serviceKind.collection: serviceKind, poolKind.collection: poolKind}
	if len(parts) != 6 || parts[0] != "projects" || parts[2] != "locations" || kinds[parts[4]].kind == "" {
		return nil, invalid("Parent %q is not valid; expected projects/P/locations/REGION/services/NAME.", parent)
	}
	if err := s.askRun(ctx, permission, parent); err != nil {
		return nil, err
	}
	p := s.world.Project(parts[1])
	if err := s.reachable(p, parts[3]); err != nil {
		return nil, err
	}
	if parts[5] == "-" {
		return workloads(s.world.Workloads(p), func(l *world.Workload) bool { return kinds[parts[4]].in(l, parts[3]) }), nil
	}
	if l := s.world.Workload(parent); l != nil {
		return items([]*world.Workload{l}), nil
	}
	return nil, notFound(world.Full("run", parent))
}

func (s *runRevisions) ListRevisions(ctx context.Context, r *runpb.ListRevisionsRequest) (*runpb.ListRevisionsResponse, error) {
	owners, err := s.owners(ctx, "run.revisions.list", r.Parent)
	if err != nil {
		return nil, err
	}
	part, next, err := page(nested(owners, revisionsOf), r.PageSize, r.PageToken, "revisions "+r.Parent, runPage)
	if err != nil {
		return nil, err
	}
	answer := &runpb.ListRevisionsResponse{NextPageToken: next}
	for _, rev := range part {
		answer.Revisions = append(answer.Revisions, revisionProto(rev.of, rev.Revision, rev.newest))
	}
	return answer, nil
}

// revision is one revision of a workload.
type revision struct {
	world.Revision
	of     *world.Workload
	newest bool
}

// revisionsOf lists a workload's revisions, the newest first. A new one comes
// before all others, so their places are counted from the last.
func revisionsOf(l *world.Workload) list[revision] {
	history := l.History()
	before := math.MaxInt32 - len(history)
	return func(from place, visit func(place, revision, bool) bool) {
		for i := max(int(from[0])-before, 0); i < len(history); i++ {
			if !visit(place{uint32(before + i)}, revision{history[i], l, i == 0}, true) {
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
	owners, err := s.owners(ctx, "run.revisions.get", parent)
	if err != nil {
		return nil, err
	}
	for rev := range all(nested(owners, revisionsOf)) {
		if rev.Name == wanted {
			return revisionProto(rev.of, rev.Revision, rev.newest), nil
		}
	}
	return nil, notFound(world.Full("run", r.Name))
}

// revisionProto shows a revision; the newest one shares its workload's
// condition.
func revisionProto(l *world.Workload, rev world.Revision, newest bool) *runpb.Revision {
	m := &runpb.Revision{
		Name: revisionName(l, rev.Name), Uid: uid(revisionName(l, rev.Name)), Generation: 1, ObservedGeneration: 1,
		CreateTime: createTime(l), UpdateTime: createTime(l), Service: l.ID,
		ServiceAccount: l.ServiceAccount, Containers: containers(rev.Images),
		Conditions: []*runpb.Condition{{Type: "Ready", State: runpb.Condition_CONDITION_SUCCEEDED, LastTransitionTime: createTime(l)}},
	}
	if newest {
		m.Conditions = []*runpb.Condition{readyCondition(l)}
		m.Conditions[0].Message = l.Condition.Message
	}
	return m
}
