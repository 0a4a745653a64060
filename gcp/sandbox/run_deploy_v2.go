package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"whopulls/gcp/sandbox/world"
)

// v2Deploy is a Create or Update of Cloud Run v2, of any kind.
type v2Deploy struct {
	kind         runKind
	name         string // of the workload
	mode         deployMode
	mask         *fieldmaskpb.FieldMask
	validateOnly bool
	labels       map[string]string
	annotations  map[string]string
	account      string
	containers   []*runpb.Container
	imageField   string
	revision     string
	traffic      []world.TrafficTarget
	dryRunResult proto.Message                       // the result of a dry run
	result       func(*world.Workload) proto.Message // the result
}

// updateMode is the mode of an Update.
func updateMode(allowMissing bool) deployMode {
	if allowMissing {
		return deployCreateOrReplace
	}
	return deployReplace
}

// deployV2 deploys and gives a finished operation. If the deploy failed, the operation has the message of the
// workload's condition.
func (c *core) deployV2(ctx context.Context, w v2Deploy) (*longrunningpb.Operation, error) {
	parts := strings.Split(w.name, "/")
	if len(parts) != 6 || parts[0] != "projects" || parts[2] != "locations" || parts[4] != w.kind.collection {
		return nil, invalid("Name %q is not valid; expected projects/P/locations/REGION/%s/NAME.", w.name, w.kind.collection)
	}
	wholeTemplate := func(path string) bool { return path == "template" || path == "*" }
	if paths := w.mask.GetPaths(); len(paths) > 0 && !slices.ContainsFunc(paths, wholeTemplate) {
		return nil, invalid("The sandbox updates whole templates; name template in the update mask, or give no mask.")
	}
	d := deployment{
		kind: w.kind, project: parts[1], region: parts[3], id: parts[5], mode: w.mode, errorName: w.name, imageField: w.imageField,
		account: w.account, revision: w.revision, traffic: w.traffic, dryRun: w.validateOnly,
		submitted: world.Submitted{Labels: w.labels, Annotations: w.annotations},
	}
	for _, container := range w.containers {
		d.images = append(d.images, container.Image)
	}
	if err := restOnlyFromContext(ctx).applyTo(&d); err != nil {
		return nil, err
	}
	l, err := c.deploy(ctx, d)
	if err != nil {
		return nil, err
	}
	name := strings.Join(parts[:4], "/") + "/operations/" + uid(w.name)
	if l == nil {
		return doneOperation(name, w.dryRunResult)
	}
	if l.Readiness.Ready {
		return doneOperation(fmt.Sprintf("%s-%d", name, l.Generation), w.result(l))
	}
	failure := status.New(failureCode(l), readyMessage(l)).Proto()
	return &longrunningpb.Operation{
		Name: fmt.Sprintf("%s-%d", name, l.Generation), Done: true, Result: &longrunningpb.Operation_Error{Error: failure},
	}, nil
}

// failureCode is the code of a failed operation. If an image is missing, a kind with revisions fails with an
// internal error, and any other kind with NOT_FOUND. The code for a refused pull is not known; the one chosen
// here names the cause.
func failureCode(l *world.Workload) codes.Code {
	switch {
	case !l.Readiness.ImageMissing:
		return codes.PermissionDenied
	case !l.HasRevisions():
		return codes.NotFound
	}
	return codes.Internal
}

func (s *runServices) CreateService(ctx context.Context, r *runpb.CreateServiceRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, serviceDeploy(r.Service, r.Parent+"/services/"+r.ServiceId, deployCreate, r.ValidateOnly, nil))
}

func (s *runServices) UpdateService(ctx context.Context, r *runpb.UpdateServiceRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, serviceDeploy(r.Service, r.Service.GetName(), updateMode(r.AllowMissing), r.ValidateOnly, r.UpdateMask))
}

func serviceDeploy(m *runpb.Service, name string, mode deployMode, validateOnly bool, mask *fieldmaskpb.FieldMask) v2Deploy {
	w := revisionDeploy(serviceKind, m, m.GetTemplate(), mask)
	w.name, w.mode, w.validateOnly = name, mode, validateOnly
	w.result = func(l *world.Workload) proto.Message { return serviceProto(l) }
	for _, t := range m.GetTraffic() {
		w.traffic = append(w.traffic, world.TrafficTarget{Revision: t.Revision, Percent: int(t.Percent), Tag: t.Tag})
	}
	return w
}

// v2Workload has the methods that the messages of all kinds share.
type v2Workload interface {
	proto.Message
	GetLabels() map[string]string
	GetAnnotations() map[string]string
}

// v2RevisionTemplate has the methods that the templates of services and worker pools share.
type v2RevisionTemplate interface {
	GetServiceAccount() string
	GetContainers() []*runpb.Container
	GetRevision() string
}

// revisionDeploy is the deploy of a kind that has revisions, with what its messages say.
func revisionDeploy(kind runKind, m v2Workload, template v2RevisionTemplate, mask *fieldmaskpb.FieldMask) v2Deploy {
	return v2Deploy{
		kind: kind, mask: mask, labels: m.GetLabels(), annotations: m.GetAnnotations(), account: template.GetServiceAccount(),
		containers: template.GetContainers(), imageField: "template.containers[%d].image", revision: template.GetRevision(), dryRunResult: m,
	}
}

func (s *runJobs) CreateJob(ctx context.Context, r *runpb.CreateJobRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, jobDeploy(r.Job, r.Parent+"/jobs/"+r.JobId, deployCreate, r.ValidateOnly))
}

func (s *runJobs) UpdateJob(ctx context.Context, r *runpb.UpdateJobRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, jobDeploy(r.Job, r.Job.GetName(), updateMode(r.AllowMissing), r.ValidateOnly))
}

func jobDeploy(m *runpb.Job, name string, mode deployMode, validateOnly bool) v2Deploy {
	task := m.GetTemplate().GetTemplate()
	return v2Deploy{
		kind: jobKind, name: name, mode: mode, validateOnly: validateOnly,
		labels: m.GetLabels(), annotations: m.GetAnnotations(), account: task.GetServiceAccount(),
		containers: task.GetContainers(), imageField: "template.template.containers[%d].image",
		dryRunResult: m, result: func(l *world.Workload) proto.Message { return jobProto(l) },
	}
}

func (s *runPools) CreateWorkerPool(ctx context.Context, r *runpb.CreateWorkerPoolRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, poolDeploy(r.WorkerPool, r.Parent+"/workerPools/"+r.WorkerPoolId, deployCreate, r.ValidateOnly, nil))
}

func (s *runPools) UpdateWorkerPool(ctx context.Context, r *runpb.UpdateWorkerPoolRequest) (*longrunningpb.Operation, error) {
	return s.deployV2(ctx, poolDeploy(r.WorkerPool, r.WorkerPool.GetName(), updateMode(r.AllowMissing), r.ValidateOnly, r.UpdateMask))
}

func poolDeploy(m *runpb.WorkerPool, name string, mode deployMode, validateOnly bool, mask *fieldmaskpb.FieldMask) v2Deploy {
	w := revisionDeploy(poolKind, m, m.GetTemplate(), mask)
	w.name, w.mode, w.validateOnly = name, mode, validateOnly
	w.result = func(l *world.Workload) proto.Message { return poolProto(l) }
	for _, t := range m.GetInstanceSplits() {
		w.traffic = append(w.traffic, world.TrafficTarget{Revision: t.Revision, Percent: int(t.Percent)})
	}
	return w
}
