package sandbox

import (
	"context"
	"iter"
	"strings"

	knative "google.golang.org/api/run/v1"

	"whopulls/gcp/sandbox/world"
)

// listRevisions serves the v1 list of revisions: of all services in the region, or of the service that the
// label selector names.
func (s *runV1) listRevisions(ctx context.Context, call restCall) (any, error) {
	if err := s.authorizeRun(ctx, "run.revisions.list", "projects/"+call.pathValues["project"]); err != nil {
		return nil, err
	}
	wanted := ""
	if selector := call.query.Get("labelSelector"); selector != "" {
		name, ok := strings.CutPrefix(strings.ReplaceAll(selector, " ", ""), serviceLabel+"=")
		if !ok {
			return nil, invalid("Label selector %q is not understood; the sandbox takes %s=NAME.", selector, serviceLabel)
		}
		wanted = name
	}
	answer := v1List{APIVersion: "serving.knative.dev/v1", Kind: "RevisionList", Metadata: &knative.ListMeta{}}
	for rev := range s.revisionsIn(call) {
		if wanted == "" || wanted == rev.workload.ID {
			answer.Items = append(answer.Items, v1Revision(rev.workload, rev.Revision, rev.newest))
		}
	}
	return answer, nil
}

// revisionsIn gives the revisions of all services in a call's region.
func (s *runV1) revisionsIn(call restCall) iter.Seq[workloadRevision] {
	of := s.world.Workloads(s.world.Project(call.pathValues["project"]))
	return all(flatMapList(filterWorkloads(of, func(l *world.Workload) bool { return serviceKind.matches(l, callRegion(call)) }), revisionsOf))
}

// These labels of a revision name what it belongs to.
const (
	serviceLabel = "serving.knative.dev/service"
	poolLabel    = "run.googleapis.com/workerPool"
)

func (s *runV1) getRevision(ctx context.Context, call restCall) (any, error) {
	name := "namespaces/" + call.pathValues["project"] + "/revisions/" + call.pathValues["name"]
	if err := s.authorizeRun(ctx, "run.revisions.get", "projects/"+call.pathValues["project"]); err != nil {
		return nil, err
	}
	for rev := range s.revisionsIn(call) {
		if rev.Name == call.pathValues["name"] {
			return v1Revision(rev.workload, rev.Revision, rev.newest), nil
		}
	}
	return nil, notFound(world.FullName("run", name))
}

// v1Revision gives a revision as v1 has it. The newest revision has its service's condition.
func v1Revision(l *world.Workload, rev world.Revision, newest bool) v1Object {
	meta := v1Meta(l)
	meta.Name, meta.Uid, meta.Generation, meta.Annotations = rev.Name, uid(revisionName(l, rev.Name)), 1, nil
	meta.SelfLink = selfLink("serving.knative.dev/v1", l, "revisions", rev.Name)
	label := serviceLabel
	if poolKind.kind == l.Kind {
		label = poolLabel
	}
	meta.Labels[label] = l.ID
	state := &knative.RevisionStatus{ObservedGeneration: 1, Conditions: []*knative.GoogleCloudRunV1Condition{
		{Type: "Ready", Status: "True", LastTransitionTime: meta.CreationTimestamp},
	}}
	if newest {
		state.Conditions = v1Conditions(l)
		state.Conditions[0].Message = l.Readiness.Message
	}
	active := &knative.GoogleCloudRunV1Condition{Type: "Active", Status: "False", Severity: "Info", LastTransitionTime: meta.CreationTimestamp}
	if rev.Traffic > 0 {
		active.Status = "True"
	}
	state.Conditions = append(state.Conditions, active)
	return v1Object{
		APIVersion: "serving.knative.dev/v1", Kind: "Revision", Metadata: meta, Status: state,
		Spec: &knative.RevisionSpec{
			ServiceAccountName: l.ServiceAccount, Containers: v1Containers(rev.Images), Sandboxes: v1Sandboxes(rev.SandboxImages),
		},
	}
}
