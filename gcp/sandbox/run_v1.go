package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	knative "google.golang.org/api/run/v1"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

// runV1 serves Cloud Run v1, whose resources have the shapes of Knative. A list covers all regions, or the
// one that the path or the host names. All other methods require a regional host.
type runV1 struct{ *core }

// v1Kind is one kind of workload in v1.
type v1Kind struct {
	runKind
	apiVersion string
	name       string // "Service"
	spec       func(*world.Workload) any
	status     func(*world.Workload) any
}

func v1Kinds() []v1Kind {
	const knativeGroup, ownGroup = "serving.knative.dev/v1", "run.googleapis.com/v1"
	return []v1Kind{
		{serviceKind, knativeGroup, "Service", v1ServiceSpec, v1ServiceStatus},
		{jobKind, ownGroup, "Job", v1JobSpec, v1JobStatus},
		{poolKind, ownGroup, "WorkerPool", v1PoolSpec, v1PoolStatus},
		{instanceKind, ownGroup, "Instance", v1InstanceSpec, v1InstanceStatus},
	}
}

// plural is the name of the collection in paths.
func (k v1Kind) plural() string { return strings.ToLower(k.collection) }

// routes passes the methods of v1 to add.
func (s *runV1) routes(add func(method, path string, serve func(context.Context, restCall) (any, error))) {
	type method func(context.Context, v1Kind, restCall) (any, error)
	for _, k := range v1Kinds() {
		bind := func(m method) func(context.Context, restCall) (any, error) {
			return func(ctx context.Context, call restCall) (any, error) { return m(ctx, k, call) }
		}
		all := "/apis/" + k.apiVersion + "/namespaces/{project}/" + k.plural()
		add(http.MethodGet, all, bind(s.list))
		add(http.MethodGet, all+"/{name}", bind(s.get))
		if k.runKind == instanceKind { // instances come only from the world's file
			continue
		}
		add(http.MethodPost, all, bind(s.create))
		add(http.MethodPut, all+"/{name}", bind(s.replace))
		add(http.MethodDelete, all+"/{name}", bind(s.delete))
		if k.runKind == serviceKind { // the one kind whose list is under this path too
			add(http.MethodGet, "/v1/projects/{project}/locations/{location}/services", bind(s.list))
		}
	}
	add(http.MethodGet, "/apis/serving.knative.dev/v1/namespaces/{project}/revisions", s.listRevisions)
	add(http.MethodGet, "/apis/serving.knative.dev/v1/namespaces/{project}/revisions/{name}", s.getRevision)
	add(http.MethodGet, "/apis/run.googleapis.com/v1/namespaces/{project}/executions", s.listExecutions)
	add(http.MethodGet, "/v1/projects/{project}/locations", s.listRegions)
}

// list serves a v1 list for a caller who may read it. It names the regions that don't answer and leaves out
// their workloads.
func (s *runV1) list(ctx context.Context, k v1Kind, call restCall) (any, error) {
	if err := s.authorizeRun(ctx, k.permission+"list", "projects/"+call.pathValues["project"]); err != nil {
		return nil, err
	}
	p := s.world.Project(call.pathValues["project"])
	limit, err := strconv.ParseInt("0"+call.query.Get("limit"), 10, 32)
	if err != nil {
		return nil, invalid("Limit %q is not valid; expected a whole number.", call.query.Get("limit"))
	}
	region := callRegion(call)
	found := filterWorkloads(s.world.Workloads(p), func(l *world.Workload) bool {
		return k.matches(l, region) && !slices.Contains(p.UnreachableRegions, l.Region)
	})
	part, next, err := readPage(found, int32(limit), call.query.Get("continue"), "v1 "+k.collection+" "+p.ID+" "+region, 500)
	if err != nil {
		return nil, err
	}
	answer := v1List{APIVersion: k.apiVersion, Kind: k.name + "List", Metadata: &knative.ListMeta{Continue: next}}
	for _, l := range part {
		answer.Items = append(answer.Items, k.toObject(l))
	}
	for _, r := range p.UnreachableRegions {
		if region == "-" || region == r {
			answer.Unreachable = append(answer.Unreachable, r)
		}
	}
	return answer, nil
}

// callRegion is the region that a call is about; "-" is all of them.
func callRegion(call restCall) string {
	if l := call.pathValues["location"]; l != "" && l != "-" {
		return l
	}
	if call.region != "" {
		return call.region
	}
	return "-"
}

// findWorkload gives the workload that a path names, for a caller with that
// permission on it.
func (s *runV1) findWorkload(ctx context.Context, k v1Kind, verb string, call restCall) (*world.Workload, error) {
	project, id, region := call.pathValues["project"], call.pathValues["name"], callRegion(call)
	if region == "-" {
		return nil, invalid("The host does not name a region; expected REGION-run.googleapis.com.")
	}
	if err := s.requireAPI(project, runAPI); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("projects/%s/locations/%s/%s/%s", project, region, k.collection, id)
	if s.requirePermission(ctx, k.permission+verb, world.FullName("run", name)) != nil {
		return nil, permissionDenied(k.permission+verb, world.FullName("run", k.errorName(project, id)))
	}
	p := s.world.Project(project)
	if err := s.requireRegion(p, region); err != nil {
		return nil, err
	}
	l := s.world.Workload(name)
	if l == nil {
		return nil, status.Errorf(codes.NotFound, "Resource '%s' of kind '%s' in region '%s' in project '%s' does not exist.", id, strings.ToUpper(k.name), region, p.ID)
	}
	return l, nil
}

// errorName is a workload's name in errors.
func (k v1Kind) errorName(project, id string) string {
	return "namespaces/" + project + "/" + k.plural() + "/" + id
}

func (s *runV1) get(ctx context.Context, k v1Kind, call restCall) (any, error) {
	l, err := s.findWorkload(ctx, k, "get", call)
	if err != nil {
		return nil, err
	}
	return k.toObject(l), nil
}

func (s *runV1) delete(ctx context.Context, k v1Kind, call restCall) (any, error) {
	l, err := s.findWorkload(ctx, k, "delete", call)
	if err != nil {
		return nil, err
	}
	s.world.DeleteWorkload(l)
	return &knative.Status{Status: "Success"}, nil
}

// listExecutions gives an empty list: nothing runs in the sandbox.
func (s *runV1) listExecutions(ctx context.Context, call restCall) (any, error) {
	if err := s.authorizeRun(ctx, "run.jobs.list", "projects/"+call.pathValues["project"]); err != nil {
		return nil, err
	}
	return v1List{APIVersion: "run.googleapis.com/v1", Kind: "ExecutionList", Metadata: &knative.ListMeta{}}, nil
}

// listRegions serves v1 projects.locations.list.
func (s *runV1) listRegions(ctx context.Context, call restCall) (any, error) {
	all := &locations{core: s.core, product: cloudRun}
	listed, err := all.ListLocations(ctx, &location.ListLocationsRequest{Name: "projects/" + call.pathValues["project"], PageToken: call.query.Get("pageToken")})
	if err != nil {
		return nil, err
	}
	answer := &knative.ListLocationsResponse{NextPageToken: listed.NextPageToken}
	for _, l := range listed.Locations {
		answer.Locations = append(answer.Locations, &knative.Location{Name: l.Name, LocationId: l.LocationId, DisplayName: l.DisplayName})
	}
	return answer, nil
}
