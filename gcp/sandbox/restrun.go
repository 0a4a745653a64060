package sandbox

import (
	"context"
	"slices"
	"strconv"
	"time"

	knative "google.golang.org/api/run/v1"
	"google.golang.org/genproto/googleapis/cloud/location"

	"whopulls/gcp/sandbox/world"
)

// runV1 serves the Knative-shaped lists of Cloud Run v1: one call for all
// regions, or for one when the path or the host names it.
type runV1 struct{ *cloud }

// v1Page is one page of a v1 list.
type v1Page struct {
	project     *world.Project
	items       []*world.Workload
	meta        *knative.ListMeta
	unreachable []string
}

// list reads a v1 list for a caller who may read it. Regions that do not
// answer are named, and their workloads left out.
func (s *runV1) list(ctx context.Context, k runKind, call restCall) (*v1Page, error) {
	name := "projects/" + call.values["project"]
	if err := s.askRun(ctx, k.permission+"list", name); err != nil {
		return nil, err
	}
	p := s.world.Project(call.values["project"])
	limit, err := strconv.ParseInt("0"+call.query.Get("limit"), 10, 32)
	if err != nil {
		return nil, invalid("Limit %q is not valid; expected a whole number.", call.query.Get("limit"))
	}
	region := regionOf(call)
	found := slices.DeleteFunc(workloads(p, k, region), func(l *world.Workload) bool {
		return slices.Contains(p.UnreachableRegions, l.Region)
	})
	part, next, err := page(found, int32(limit), call.query.Get("continue"), "v1 "+k.collection+" "+p.ID+" "+region, 500)
	if err != nil {
		return nil, err
	}
	var silent []string
	for _, r := range p.UnreachableRegions {
		if region == "-" || region == r {
			silent = append(silent, r)
		}
	}
	return &v1Page{project: p, items: part, meta: &knative.ListMeta{Continue: next}, unreachable: silent}, nil
}

// regionOf is the region that a call is about; "-" is all of them.
func regionOf(call restCall) string {
	if l := call.values["location"]; l != "" && l != "-" {
		return l
	}
	if call.region != "" {
		return call.region
	}
	return "-"
}

func (s *runV1) services(ctx context.Context, call restCall) (any, error) {
	p, err := s.list(ctx, serviceKind, call)
	if err != nil {
		return nil, err
	}
	answer := &knative.ListServicesResponse{ApiVersion: "serving.knative.dev/v1", Kind: "ServiceList", Metadata: p.meta, Unreachable: p.unreachable}
	for _, l := range p.items {
		answer.Items = append(answer.Items, v1Service(l))
	}
	return answer, nil
}

func (s *runV1) jobs(ctx context.Context, call restCall) (any, error) {
	p, err := s.list(ctx, jobKind, call)
	if err != nil {
		return nil, err
	}
	answer := &knative.ListJobsResponse{ApiVersion: "run.googleapis.com/v1", Kind: "JobList", Metadata: p.meta, Unreachable: p.unreachable}
	for _, l := range p.items {
		answer.Items = append(answer.Items, v1Job(l))
	}
	return answer, nil
}

func (s *runV1) pools(ctx context.Context, call restCall) (any, error) {
	p, err := s.list(ctx, poolKind, call)
	if err != nil {
		return nil, err
	}
	answer := &knative.ListWorkerPoolsResponse{ApiVersion: "run.googleapis.com/v1", Kind: "WorkerPoolList", Metadata: p.meta, Unreachable: p.unreachable}
	for _, l := range p.items {
		answer.Items = append(answer.Items, v1Pool(l))
	}
	return answer, nil
}

// regions serves v1 projects.locations.list.
func (s *runV1) regions(ctx context.Context, call restCall) (any, error) {
	all := &locations{cloud: s.cloud, product: run}
	listed, err := all.ListLocations(ctx, &location.ListLocationsRequest{Name: "projects/" + call.values["project"], PageToken: call.query.Get("pageToken")})
	if err != nil {
		return nil, err
	}
	answer := &knative.ListLocationsResponse{NextPageToken: listed.NextPageToken}
	for _, l := range listed.Locations {
		answer.Locations = append(answer.Locations, &knative.Location{Name: l.Name, LocationId: l.LocationId, DisplayName: l.DisplayName})
	}
	return answer, nil
}

func v1Meta(l *world.Workload) *knative.ObjectMeta {
	return &knative.ObjectMeta{
		Name: l.ID, Namespace: l.Project.Number, Uid: uid(l.Name()), Generation: 1,
		CreationTimestamp: v1Time(l),
		Labels:            map[string]string{"cloud.googleapis.com/location": l.Region},
	}
}

func v1Time(l *world.Workload) string { return createTime(l).AsTime().Format(time.RFC3339) }

func v1Containers(images []string) []*knative.Container {
	var list []*knative.Container
	for i, image := range images {
		list = append(list, &knative.Container{Name: containerName(i), Image: image})
	}
	return list
}

// v1Conditions spells the same condition as v2 in the words of v1.
func v1Conditions(l *world.Workload) []*knative.GoogleCloudRunV1Condition {
	c := &knative.GoogleCloudRunV1Condition{Type: "Ready", Status: "True", LastTransitionTime: v1Time(l)}
	if !l.Condition.Ready {
		c.Status, c.Reason, c.Message = "False", "ContainerPermissionDenied", l.Condition.Message
		if l.Condition.Missing {
			c.Reason = "ContainerMissing"
		}
	}
	return []*knative.GoogleCloudRunV1Condition{c}
}

func v1Service(l *world.Workload) *knative.Service {
	m := &knative.Service{
		ApiVersion: "serving.knative.dev/v1", Kind: "Service", Metadata: v1Meta(l),
		Spec: &knative.ServiceSpec{Template: v1Template(l)},
		Status: &knative.ServiceStatus{
			ObservedGeneration: 1, Conditions: v1Conditions(l), LatestCreatedRevisionName: revisionsOf(l)[0].Name,
			LatestReadyRevisionName: latestReady(l), Url: serviceProto(l).Uri,
		},
	}
	for _, t := range serviceProto(l).Traffic {
		target := &knative.TrafficTarget{RevisionName: t.Revision, Percent: int64(t.Percent), Tag: t.Tag}
		m.Spec.Traffic = append(m.Spec.Traffic, target)
		m.Status.Traffic = append(m.Status.Traffic, target)
	}
	return m
}

func v1Template(l *world.Workload) *knative.RevisionTemplate {
	return &knative.RevisionTemplate{Spec: &knative.RevisionSpec{ServiceAccountName: l.ServiceAccount, Containers: v1Containers(l.Images)}}
}

func v1Job(l *world.Workload) *knative.Job {
	task := &knative.TaskTemplateSpec{Spec: &knative.TaskSpec{ServiceAccountName: l.ServiceAccount, Containers: v1Containers(l.Images)}}
	return &knative.Job{
		ApiVersion: "run.googleapis.com/v1", Kind: "Job", Metadata: v1Meta(l),
		Spec:   &knative.JobSpec{Template: &knative.ExecutionTemplateSpec{Spec: &knative.ExecutionSpec{TaskCount: 1, Template: task}}},
		Status: &knative.JobStatus{ObservedGeneration: 1, Conditions: v1Conditions(l)},
	}
}

func v1Pool(l *world.Workload) *knative.WorkerPool {
	m := &knative.WorkerPool{
		ApiVersion: "run.googleapis.com/v1", Kind: "WorkerPool", Metadata: v1Meta(l),
		Spec: &knative.WorkerPoolSpec{Template: v1Template(l)},
		Status: &knative.WorkerPoolStatus{
			ObservedGeneration: 1, Conditions: v1Conditions(l),
			LatestCreatedRevisionName: revisionsOf(l)[0].Name, LatestReadyRevisionName: latestReady(l),
		},
	}
	for _, split := range poolProto(l).InstanceSplits {
		target := &knative.InstanceSplit{RevisionName: split.Revision, Percent: int64(split.Percent)}
		m.Spec.InstanceSplits = append(m.Spec.InstanceSplits, target)
		m.Status.InstanceSplits = append(m.Status.InstanceSplits, target)
	}
	return m
}
