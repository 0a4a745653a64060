package sandbox_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	run "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
)

// deployWorld has one deployer for each way to fail, an agent that may read
// one of two repositories, and accounts in and out of the project.
const deployWorld = `caller: user:all@example.com
projects:
  - id: app-project
    number: "111"
    services: [run.googleapis.com, artifactregistry.googleapis.com]
    policy:
      bindings:
        - {role: roles/run.developer, members: ["user:all@example.com", "user:noact@example.com", "user:noread@example.com"]}
        - {role: roles/run.viewer, members: ["user:viewer@example.com"]}
        - {role: roles/artifactregistry.reader, members: ["user:all@example.com"]}
    serviceAccounts:
      - {email: 111-compute@developer.gserviceaccount.com, policy: {bindings: [{role: roles/iam.serviceAccountUser, members: ["user:all@example.com", "user:noread@example.com"]}]}}
    workloads:
      - {kind: service, region: us-central1, name: old, images: ["us-docker.pkg.dev/app-project/own/i"], revisions: [{name: old-00007-abc, traffic: 100, images: ["us-docker.pkg.dev/app-project/own/i"]}]}
    repositories:
      - {location: us, id: own, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
  - id: image-project
    number: "222"
    services: [artifactregistry.googleapis.com]
    serviceAccounts:
      - {accountId: open, policy: {bindings: [{role: roles/iam.serviceAccountUser, members: ["user:all@example.com"]}, {role: roles/iam.serviceAccountTokenCreator, members: ["serviceAccount:service-111@serverless-robot-prod.iam.gserviceaccount.com"]}]}}
    repositories:
      - location: us
        id: shut
        policy: {bindings: [{role: roles/artifactregistry.reader, members: ["user:all@example.com"]}]}
        images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]
  - id: off-project
    number: "333"
    policy: {bindings: [{role: roles/artifactregistry.reader, members: ["user:all@example.com"]}]}
    repositories: [{location: us, id: r}]
`

const (
	offImage  = "us-docker.pkg.dev/off-project/r/i"
	ownImage  = "us-docker.pkg.dev/app-project/own/i"
	shutImage = "us-docker.pkg.dev/image-project/shut/i"
	agentText = "Google Cloud Run Service Agent service-111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, " + shutImage + ". "
)

func startDeployWorld(t *testing.T) *sandbox.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "deploy.yaml")
	if err := os.WriteFile(file, []byte(deployWorld), 0o600); err != nil {
		t.Fatal(err)
	}
	return startWorld(t, file)
}

// TestDeployDecisions asks Cloud Run v2 for jobs, which are the plainest.
func TestDeployDecisions(t *testing.T) {
	s := startDeployWorld(t)
	const parent = "projects/app-project/locations/us-central1"
	for i, q := range []struct {
		as, parent, image, account string
		code                       codes.Code
		text                       string
	}{
		{"all", parent, ownImage, "", codes.OK, ""},
		{"all", parent, "nginx", "", codes.OK, ""},
		{"viewer", parent, ownImage, "", codes.PermissionDenied, "Permission 'run.jobs.create' denied on resource '" + parent + "/jobs/"},
		{"noact", parent, ownImage, "", codes.PermissionDenied, "Permission 'iam.serviceaccounts.actAs' denied on service account 111-compute@developer.gserviceaccount.com (or it may not exist)."},
		{"all", parent, ownImage, "none@app-project.iam.gserviceaccount.com", codes.PermissionDenied, "actAs' denied on service account none@app-project"},
		{"noread", parent, ownImage, "", codes.PermissionDenied, "User must have permission to read the image, " + ownImage + ". Ensure"},
		{"noread", parent, shutImage, "", codes.PermissionDenied, "Permission must be granted to the User from this project."},
		{"all", parent, "docker.io/library/nginx", "", codes.OK, ""},
		{"all", parent, "ghcr.io/a/b", "", codes.OK, ""},
		{"all", parent, "GHCR.io/a/b", "", codes.OK, ""},
		{"all", parent, "mirror.gcr.io/library/nginx", "", codes.OK, ""},
		{"all", parent, offImage, "", codes.PermissionDenied, "User must have permission to read the image, " + offImage + ". Ensure"},
		{"all", parent, offImage, "", codes.PermissionDenied, "Artifact Registry API has not been used in project 333 before or it is disabled."},
		{"all", parent, "quay.io/a/b", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained quay.io/a/b. To deploy"},
		{"all", parent, "mcr.microsoft.com/a/b", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained mcr.microsoft.com/a/b. To deploy"},
		{"all", parent, "acme.jfrog.io/a/b", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained acme.jfrog.io/a/b. To deploy"},
		{"all", parent, "registry.example.com:5000/a", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained registry.example.com:5000/a. To deploy"},
		{"all", parent, "public.ecr.aws/a/b", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained public.ecr.aws/a/b. To deploy"},
		{"all", parent, "docker.us-east1.rep.pkg.dev/app-project/own/i", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained docker.us-east1.rep.pkg.dev/app-project/own/i. To deploy"},
		{"all", parent, "us-npm.pkg.dev/app-project/own/i", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained us-npm.pkg.dev/app-project/own/i. To deploy"},
		{"all", parent, "ghcr.io.example.com/a/b", "", codes.InvalidArgument, "where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained ghcr.io.example.com/a/b. To deploy"},
		{"all", parent, shutImage, "", codes.PermissionDenied, agentText},
		{"all", parent, ownImage + ":none", "", codes.NotFound, "Image '" + ownImage + ":none' not found."},
		{"all", parent, ownImage, "open@image-project.iam.gserviceaccount.com", codes.PermissionDenied, "does not have permission to get access tokens for the service account open@image-project"},
		{"all", "projects/image-project/locations/us-central1", ownImage, "", codes.PermissionDenied, "Cloud Run Admin API has not been used in project 222"},
		{"all", "projects/app-project/locations/mars-north1", ownImage, "", codes.NotFound, "mars-north1"},
	} {
		t.Run(q.as+" "+q.parent, func(t *testing.T) {
			c := must(run.NewJobsClient(t.Context(), dial(t, s, runHost, "user:"+q.as+"@example.com")))(t)
			for _, dry := range []bool{true, false} {
				id := fmt.Sprintf("job-%d", i)
				job := &runpb.Job{Template: &runpb.ExecutionTemplate{Template: &runpb.TaskTemplate{ServiceAccount: q.account, Containers: []*runpb.Container{{Image: q.image}}}}}
				op, err := c.CreateJob(t.Context(), &runpb.CreateJobRequest{Parent: q.parent, JobId: id, Job: job, ValidateOnly: dry})
				if err == nil {
					_, err = op.Wait(t.Context())
				}
				if dry && (strings.HasPrefix(q.text, "Google Cloud Run Service Agent service") || q.code == codes.NotFound && strings.HasPrefix(q.text, "Image")) {
					wantCode(t, "a dry run does not pull", err, codes.OK)
					continue
				}
				if status.Code(err) != q.code || (err != nil && !strings.Contains(status.Convert(err).Message(), q.text)) {
					t.Errorf("%s deploys %s as %q (dry %v): got %v, want %s with %q", q.as, q.image, q.account, dry, err, q.code, q.text)
				}
			}
		})
	}
}

// send is one REST call; the answer's JSON is read into v when it is a success.
func send(t *testing.T, s *sandbox.Server, method, host, path, body string, v any) (int, string) {
	t.Helper()
	return sendAs(t, s, "", method, host, path, body, v)
}

// sendAs is the same as a member.
func sendAs(t *testing.T, s *sandbox.Server, member, method, host, path, body string, v any) (int, string) {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), method, "http://"+s.Addr()+path, strings.NewReader(body)))(t)
	r.Host = host
	answer := must(httpClient(member).Do(r))(t)
	defer answer.Body.Close()
	text := string(must(io.ReadAll(answer.Body))(t))
	if v != nil && answer.StatusCode == http.StatusOK {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode, text
}

// serviceAnswer is what the tests look at of a Knative service.
type serviceAnswer struct {
	Metadata struct {
		Generation  int
		Annotations map[string]string
	}
	Spec struct {
		Template struct {
			Spec struct {
				Containers []struct{ Image, Extra string }
			}
		}
	}
	Status struct {
		ObservedGeneration      int
		Conditions              []struct{ Type, Status, Reason, Message string }
		LatestReadyRevisionName string
		Traffic                 []struct {
			RevisionName string
			Percent      int
		}
	}
}

// TestReplace deploys over a service that runs: a failure leaves the traffic
// where it was, a success moves it.
func TestReplace(t *testing.T) {
	s := startDeployWorld(t)
	const host, all = "us-central1-run.googleapis.com", "/apis/serving.knative.dev/v1/namespaces/app-project/services"
	body := func(image string) string {
		return fmt.Sprintf(`{"metadata":{"name":"old"},"spec":{"template":{"spec":{"containers":[{"image":%q,"extra":"kept"}]}},"traffic":[{"latestRevision":true,"percent":100}]}}`, image)
	}
	var got serviceAnswer
	if code, text := send(t, s, "PUT", host, all+"/old", body(shutImage), &got); code != 200 {
		t.Fatalf("%d %s", code, text)
	}
	ready := got.Status.Conditions[0]
	if ready.Status != "False" || ready.Reason != "ContainerPermissionDenied" || !strings.HasPrefix(ready.Message, "Revision 'old-00008-") || !strings.Contains(ready.Message, agentText) {
		t.Errorf("it is %+v", ready)
	}
	if got.Metadata.Generation != 2 || got.Status.ObservedGeneration != 2 || got.Status.LatestReadyRevisionName != "old-00007-abc" || got.Status.Traffic[0].RevisionName != "old-00007-abc" {
		t.Errorf("the traffic moved: %+v", got.Status)
	}
	if code, text := send(t, s, "PUT", host, all+"/old", body(ownImage), nil); code != 200 {
		t.Fatalf("%d %s", code, text)
	}
	got = serviceAnswer{}
	send(t, s, "GET", host, all+"/old", "", &got)
	if got.Status.Conditions[0].Status != "True" || !strings.HasPrefix(got.Status.Traffic[0].RevisionName, "old-00009-") || got.Spec.Template.Spec.Containers[0].Extra != "kept" {
		t.Errorf("it is %+v", got)
	}
	if got.Metadata.Annotations["serving.knative.dev/lastModifier"] != "all@example.com" {
		t.Errorf("its annotations are %v", got.Metadata.Annotations)
	}
	for _, q := range []struct {
		method, path, body string
		code               int
		text               string
	}{
		{"POST", all, body(ownImage), 409, "ALREADY_EXISTS"},
		{"PUT", all + "/other", body(ownImage), 400, "metadata.name"},
		{"PUT", all + "/old", "{", 400, "INVALID_ARGUMENT"},
		{"GET", all + "/none", "", 404, "Resource 'none' of kind 'SERVICE' in region 'us-central1' in project 'app-project' does not exist."},
		{"DELETE", all + "/old", "", 200, "Success"},
		{"GET", all + "/old", "", 404, "does not exist"},
	} {
		t.Run(q.method+" "+q.path, func(t *testing.T) {
			if code, text := send(t, s, q.method, host, q.path, q.body, nil); code != q.code || !strings.Contains(text, q.text) {
				t.Errorf("%s %s: %d %s, want %d with %q", q.method, q.path, code, text, q.code, q.text)
			}
		})
	}
}

// TestDeploysAtOnce has deploys and lists meet; the race detector looks on.
func TestDeploysAtOnce(t *testing.T) {
	s := startDeployWorld(t)
	const host, all = "us-central1-run.googleapis.com", "/apis/run.googleapis.com/v1/namespaces/app-project/jobs"
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			body := fmt.Sprintf(`{"metadata":{"name":"at-once-%d"},"spec":{"template":{"spec":{"template":{"spec":{"containers":[{"image":%q}]}}}}}}`, i, ownImage)
			if code, text := send(t, s, "POST", host, all, body, nil); code != 200 {
				t.Errorf("%d %s", code, text)
			}
			send(t, s, "GET", host, all, "", nil)
		})
	}
	group.Wait()
	var list struct{ Items []struct{ Kind string } }
	if send(t, s, "GET", "run.googleapis.com", all, "", &list); len(list.Items) != 4 {
		t.Errorf("there are %d jobs, want 4", len(list.Items))
	}
}
