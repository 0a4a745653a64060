package sandbox

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// runKind is how services, jobs, worker pools and instances differ, apart from their messages.
type runKind struct {
	kind       string // of a world's workloads
	collection string // in resource names
	permission string // "run.services." and so on
}

var (
	serviceKind = runKind{"service", "services", "run.services."}
	jobKind     = runKind{"job", "jobs", "run.jobs."}
	poolKind    = runKind{"worker-pool", "workerPools", "run.workerpools."}

	instanceKind = runKind{"instance", "instances", "run.instances."}
)

func (k runKind) hasRevisions() bool { return k != jobKind && k != instanceKind }

const maxRunPage = 100 // the largest page of Cloud Run v2

// listWorkloads lists the workloads of one kind in one region for a caller who may list them. Cloud Run v2
// accepts no wildcard region.
func (c *core) listWorkloads(ctx context.Context, k runKind, parent string) (list[*world.Workload], error) {
	parts := strings.Split(parent, "/")
	if len(parts) != 4 || parts[0] != "projects" || parts[2] != "locations" {
		return nil, invalid("Parent %q is not valid; expected projects/P/locations/REGION.", parent)
	}
	if parts[3] == "-" {
		return nil, invalid("Location must be a valid Google Cloud region, and cannot be the \"-\" wildcard.")
	}
	if err := c.authorizeRun(ctx, k.permission+"list", parent); err != nil {
		return nil, err
	}
	p := c.world.Project(parts[1])
	if err := c.requireRegion(p, parts[3]); err != nil {
		return nil, err
	}
	return filterWorkloads(c.world.Workloads(p), func(l *world.Workload) bool { return k.matches(l, parts[3]) }), nil
}

// runListRequest has the fields that the list requests of all kinds share.
type runListRequest interface {
	GetParent() string
	GetPageSize() int32
	GetPageToken() string
}

// listProtos gives a page of the workloads of a kind, each as its message, and the token of the next page.
func listProtos[T any](ctx context.Context, c *core, k runKind, r runListRequest, toProto func(*world.Workload) T) (page []T, next string, err error) {
	found, err := c.listWorkloads(ctx, k, r.GetParent())
	if err != nil {
		return nil, "", err
	}
	part, next, err := readPage(found, r.GetPageSize(), r.GetPageToken(), k.collection+" "+r.GetParent(), maxRunPage)
	for _, l := range part {
		page = append(page, toProto(l))
	}
	return page, next, err
}

// getProto gives a workload as its message.
func getProto[T any](ctx context.Context, c *core, k runKind, name string, toProto func(*world.Workload) *T) (*T, error) {
	l, err := c.getWorkload(ctx, k, "get", name)
	if err != nil {
		return nil, err
	}
	return toProto(l), nil
}

// filterWorkloads gives a project's workloads that match.
func filterWorkloads(of []*world.Workload, fits func(*world.Workload) bool) list[*world.Workload] {
	return listOrdered(of, func(l *world.Workload) int { return l.Order }, fits)
}

// matches reports whether a workload has that kind and is in the region; "-" is any region.
func (k runKind) matches(l *world.Workload, region string) bool {
	return l.Kind == k.kind && (region == "-" || l.Region == region)
}

// requireRegion refuses a region that the project can't use, or that does not answer in this world.
func (c *core) requireRegion(p *world.Project, region string) error {
	if slices.Contains(p.UnreachableRegions, region) {
		return status.Errorf(codes.Unavailable, "The service is currently unavailable in region %s.", region)
	}
	used := func(l *world.Workload) bool { return l.Region == region }
	if !slices.Contains(runRegions, region) && !slices.ContainsFunc(c.world.Workloads(p), used) {
		return status.Errorf(codes.NotFound, "Location %s was not found.", region)
	}
	return nil
}

// authorizeRun checks that Cloud Run is enabled and that the caller holds the permission.
func (c *core) authorizeRun(ctx context.Context, permission, name string) error {
	if err := c.requireAPI(projectFromName(name), "run.googleapis.com"); err != nil {
		return err
	}
	return c.requirePermission(ctx, permission, world.FullName("run", name))
}

// getWorkload gives one workload for a caller with that permission on it.
func (c *core) getWorkload(ctx context.Context, k runKind, verb, name string) (*world.Workload, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 6 || parts[0] != "projects" || parts[2] != "locations" || parts[4] != k.collection {
		return nil, invalid("Name %q is not valid; expected projects/P/locations/REGION/%s/NAME.", name, k.collection)
	}
	if err := c.authorizeRun(ctx, k.permission+verb, name); err != nil {
		return nil, err
	}
	if err := c.requireRegion(c.world.Project(parts[1]), parts[3]); err != nil {
		return nil, err
	}
	l := c.world.Workload(name)
	if l == nil {
		return nil, notFound(world.FullName("run", name))
	}
	return l, nil
}

func (c *core) getWorkloadPolicy(ctx context.Context, k runKind, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	l, err := c.getWorkload(ctx, k, "getIamPolicy", r.Resource)
	if err != nil {
		return nil, err
	}
	return c.getPolicy(ctx, world.FullName("run", l.Name()), k.permission+"getIamPolicy", r)
}

func (c *core) setWorkloadPolicy(ctx context.Context, k runKind, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	l, err := c.getWorkload(ctx, k, "setIamPolicy", r.Resource)
	if err != nil {
		return nil, err
	}
	return c.setPolicy(ctx, world.FullName("run", l.Name()), k.permission+"setIamPolicy", r)
}

func (c *core) testWorkloadPermissions(ctx context.Context, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	if err := c.requireAPI(projectFromName(r.Resource), "run.googleapis.com"); err != nil {
		return nil, err
	}
	return c.testPermissions(ctx, world.FullName("run", r.Resource), r)
}

// These fields are shared by the messages of the three kinds.

func containerProtos(images []string) []*runpb.Container {
	var list []*runpb.Container
	for i, image := range images {
		list = append(list, &runpb.Container{Name: containerName(i), Image: image})
	}
	return list
}

// containerName is empty for the first container, as in Cloud Run for a workload with one container.
func containerName(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprintf("sidecar-%d", i)
}

func createTime(l *world.Workload) *timestamppb.Timestamp {
	return timestamppb.New(world.ParseTime(l.CreateTime))
}

func updateTime(l *world.Workload) *timestamppb.Timestamp { return timestamppb.New(l.DeployTime) }

// etag changes with each deploy.
func etag(l *world.Workload) string {
	return `"` + uid(fmt.Sprintf("%s %d", l.Name(), l.Generation))[:8] + `"`
}

// uid makes a stable id in the form of a UUID.
func uid(name string) string {
	h := fnv.New128a()
	h.Write([]byte(name))
	x := h.Sum(nil)
	return fmt.Sprintf("%x-%x-%x-%x-%x", x[:4], x[4:6], x[6:8], x[8:10], x[10:])
}

// readyCondition is the terminal condition that the last deploy left.
func readyCondition(l *world.Workload) *runpb.Condition {
	c := &runpb.Condition{Type: "Ready", State: runpb.Condition_CONDITION_SUCCEEDED, LastTransitionTime: timestamppb.New(l.DeployTime)}
	if l.Readiness.Ready {
		return c
	}
	reason := runpb.Condition_CONTAINER_PERMISSION_DENIED
	if l.Readiness.ImageMissing {
		reason = runpb.Condition_CONTAINER_MISSING
	}
	c.State, c.Severity, c.Message = runpb.Condition_CONDITION_FAILED, runpb.Condition_ERROR, readyMessage(l)
	c.Reasons = &runpb.Condition_Reason{Reason: reason}
	return c
}

// readyMessage says why a workload is not ready. If the kind has revisions, it names the one that failed.
func readyMessage(l *world.Workload) string {
	if l.Readiness.Ready || !l.HasRevisions() {
		return l.Readiness.Message
	}
	return fmt.Sprintf("Revision '%s' is not ready and cannot serve traffic. %s", l.RevisionHistory()[0].Name, l.Readiness.Message)
}

// latestReadyRevision is the newest revision that works. If the last deploy failed, that is an older one or
// none.
func latestReadyRevision(l *world.Workload) string {
	revisions := l.RevisionHistory()
	if l.Readiness.Ready {
		return revisions[0].Name
	}
	if len(revisions) > 1 {
		return revisions[1].Name
	}
	return ""
}

func revisionName(l *world.Workload, revision string) string {
	if revision == "" {
		return ""
	}
	return l.Name() + "/revisions/" + revision
}
