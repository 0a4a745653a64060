package sandbox_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	run "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	knative "google.golang.org/api/run/v1"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/sandbox"
)

const runHost = "run.googleapis.com"

func TestServices(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(run.NewServicesClient(ctx, dial(t, s, runHost, "")))(t)
	web := must(c.GetService(ctx, &runpb.GetServiceRequest{Name: regionA + "/services/web"}))(t)
	if web.TerminalCondition.State != runpb.Condition_CONDITION_SUCCEEDED || web.Template.ServiceAccount != "web@myproject-a.iam.gserviceaccount.com" {
		t.Errorf("web is %v", web)
	}
	if len(web.Traffic) != 2 || web.Traffic[1].Tag != "previous" || !strings.HasSuffix(web.LatestReadyRevision, "/services/web/revisions/web-00042-kex") {
		t.Errorf("web's traffic is %v, its revision %s", web.Traffic, web.LatestReadyRevision)
	}
	if n := len(all(t, c.ListServices(ctx, &runpb.ListServicesRequest{Parent: regionA}), iterator.Done)); n != 1 {
		t.Errorf("asia-northeast1 has %d services, want 1", n)
	}
	_, err := c.ListServices(ctx, &runpb.ListServicesRequest{Parent: "projects/myproject-a/locations/-"}).Next()
	wantCode(t, "the wildcard region", err, codes.InvalidArgument)
	_, err = c.GetService(ctx, &runpb.GetServiceRequest{Name: regionA + "/services/none"})
	wantCode(t, "a service that is not there", err, codes.NotFound)
	_, err = c.ListServices(ctx, &runpb.ListServicesRequest{Parent: "projects/myproject-b/locations/us-central1"}).Next()
	wantReason(t, err, "SERVICE_DISABLED", map[string]string{"service": "run.googleapis.com", "consumer": "projects/222222222222"})

	r := must(run.NewRevisionsClient(ctx, dial(t, s, runHost, "")))(t)
	revisions := all(t, r.ListRevisions(ctx, &runpb.ListRevisionsRequest{Parent: regionA + "/services/web", PageSize: 1}), iterator.Done)
	if len(revisions) != 2 || !strings.HasSuffix(revisions[1].Containers[0].Image, "/web:v2.4.0") {
		t.Errorf("web's revisions are %v", revisions)
	}
	must(r.GetRevision(ctx, &runpb.GetRevisionRequest{Name: revisions[1].Name}))(t)
	if n := len(all(t, r.ListRevisions(ctx, &runpb.ListRevisionsRequest{Parent: regionA + "/workerPools/-"}), iterator.Done)); n != 1 {
		t.Errorf("the region's worker pools have %d revisions, want 1", n)
	}
}

// TestJobThatCannotPull holds the state that the default world is about.
func TestJobThatCannotPull(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(run.NewJobsClient(ctx, dial(t, s, runHost, "")))(t)
	jobs := all(t, c.ListJobs(ctx, &runpb.ListJobsRequest{Parent: regionA}), iterator.Done)
	if len(jobs) != 2 || jobs[0].Template.Template.Containers[0].Image != "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest" {
		t.Fatalf("the jobs are %v", jobs)
	}
	ready := must(c.GetJob(ctx, &runpb.GetJobRequest{Name: jobs[0].Name}))(t).TerminalCondition
	if ready.State != runpb.Condition_CONDITION_FAILED || ready.GetReason() != runpb.Condition_CONTAINER_PERMISSION_DENIED {
		t.Errorf("myjob is %v", ready)
	}
	const begin = "Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest. Ensure"
	if !strings.HasPrefix(ready.Message, begin) || !strings.Contains(ready.Message, "GET https://asia-northeast1-docker.pkg.dev/v2/myproject-b/myrepo/myjob/manifests/latest {") {
		t.Errorf("its message is %s", ready.Message)
	}
}

func TestWorkloadPolicies(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	services := must(run.NewServicesClient(ctx, dial(t, s, runHost, "")))(t)
	jobs := must(run.NewJobsClient(ctx, dial(t, s, runHost, "")))(t)
	pools := must(run.NewWorkerPoolsClient(ctx, dial(t, s, runHost, "")))(t)
	pool := must(pools.GetWorkerPool(ctx, &runpb.GetWorkerPoolRequest{Name: regionA + "/workerPools/poller"}))(t)
	if pool.TerminalCondition.State != runpb.Condition_CONDITION_SUCCEEDED || len(pool.InstanceSplits) != 1 {
		t.Errorf("poller is %v", pool)
	}
	if n := len(all(t, pools.ListWorkerPools(ctx, &runpb.ListWorkerPoolsRequest{Parent: regionA}), iterator.Done)); n != 1 {
		t.Errorf("asia-northeast1 has %d worker pools, want 1", n)
	}
	for name, c := range map[string]policyClient{"services/web": services, "jobs/myjob": jobs, "workerPools/poller": pools} {
		t.Run(name, func(t *testing.T) {
			checkPolicyReadWrite(t, c, regionA+"/"+name, "roles/run.developer")
		})
	}
}

func TestV1Lists(t *testing.T) {
	s := start(t, sandbox.Options{})
	c := must(knative.NewService(t.Context(), option.WithEndpoint("http://"+s.Addr()), option.WithHTTPClient(httpClient(""))))(t)
	var names []string
	next := ""
	for page := 0; page == 0 || next != ""; page++ {
		list := must(c.Projects.Locations.Services.List("projects/myproject-a/locations/-").Limit(2).Continue(next).Do())(t)
		for _, item := range list.Items {
			names = append(names, item.Metadata.Labels["cloud.googleapis.com/location"]+"/"+item.Metadata.Name)
		}
		next = list.Metadata.Continue
	}
	if got := strings.Join(names, " "); got != "asia-northeast1/web us-central1/web-us europe-west1/hello" {
		t.Errorf("the services are %s", got)
	}
	jobs := must(c.Namespaces.Jobs.List("namespaces/myproject-a").Do())(t).Items
	task := jobs[0].Spec.Template.Spec.Template.Spec
	if task.Containers[0].Image != "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest" || task.ServiceAccountName != "web@myproject-a.iam.gserviceaccount.com" {
		t.Errorf("myjob is %v", task)
	}
	if ready := jobs[0].Status.Conditions[0]; ready.Status != "False" || ready.Reason != "ContainerPermissionDenied" || jobs[0].Metadata.CreationTimestamp != "2026-01-14T06:30:00Z" {
		t.Errorf("myjob's condition is %v, its meta data %v", ready, jobs[0].Metadata)
	}
	pools := must(c.Namespaces.Workerpools.List("namespaces/111111111111").Do())(t).Items
	if len(pools) != 1 || pools[0].Spec.Template.Spec.Containers[0].Image == "" || len(pools[0].Spec.InstanceSplits) != 1 {
		t.Errorf("the worker pools are %v", pools)
	}
	_, err := c.Namespaces.Jobs.List("namespaces/myproject-b").Do()
	if e, ok := err.(*googleapi.Error); !ok || e.Code != http.StatusForbidden || !strings.Contains(e.Body, "SERVICE_DISABLED") {
		t.Errorf("with Cloud Run off: %v", err)
	}
}

func TestUnreachableRegions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "silent.yaml")
	text := `caller: user:dev@example.com
projects:
  - id: my-project
    number: "1"
    services: [run.googleapis.com]
    unreachableRegions: [us-west1]
    policy: {bindings: [{role: roles/viewer, members: ["user:dev@example.com"]}]}
    workloads:
      - {kind: service, region: us-west1, name: lost, images: [docker.io/library/nginx]}
      - {kind: service, region: us-central1, name: seen, images: [us-docker.pkg.dev/my-project/none/x]}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startWorld(t, file)
	ctx := t.Context()
	v1 := must(knative.NewService(ctx, option.WithEndpoint("http://"+s.Addr()), option.WithHTTPClient(httpClient(""))))(t)
	list := must(v1.Projects.Locations.Services.List("projects/my-project/locations/-").Do())(t)
	if len(list.Items) != 1 || strings.Join(list.Unreachable, " ") != "us-west1" || list.Items[0].Status.Conditions[0].Reason != "ContainerMissing" {
		t.Errorf("v1 lists %d services, unreachable %v", len(list.Items), list.Unreachable)
	}
	v2 := must(run.NewServicesClient(ctx, dial(t, s, runHost, "")))(t)
	v2.CallOptions.ListServices = nil // no retries: the region stays silent
	_, err := v2.ListServices(ctx, &runpb.ListServicesRequest{Parent: "projects/my-project/locations/us-west1"}).Next()
	wantCode(t, "a silent region", err, codes.Unavailable)
	viewer := must(v2.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: "projects/my-project/locations/us-central1/services/seen", Permissions: []string{"run.services.get", "run.services.update"}}))(t)
	if len(viewer.Permissions) != 1 {
		t.Errorf("a viewer holds %v", viewer.Permissions)
	}
}
