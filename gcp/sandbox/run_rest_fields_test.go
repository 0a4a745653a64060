package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	asset "cloud.google.com/go/asset/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"
	run "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/api/iterator"
	runv2 "google.golang.org/api/run/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// restOnlyWorld has sandbox images in every kind, and agent identities in a
// service and a job. The deployer may act as no account at all, and may read
// the repositories of its own project alone.
const restOnlyWorld = `caller: user:dev@example.com
organization: {id: "9"}
roles: [{name: projects/app-project/roles/instances, includedPermissions: [run.instances.get, run.instances.list]}]
projects:
  - id: app-project
    number: "111"
    parent: organizations/9
    services: [run.googleapis.com, artifactregistry.googleapis.com]
    policy:
      bindings:
        - {role: roles/run.developer, members: ["user:dev@example.com", "user:reads@example.com"]}
        - {role: projects/app-project/roles/instances, members: ["user:dev@example.com"]}
        - {role: roles/artifactregistry.reader, members: ["user:dev@example.com", "user:reads@example.com"]}
    serviceAccounts: [{email: 111-compute@developer.gserviceaccount.com}]
    workloads:
      - {kind: service, region: us-central1, name: web, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/app-project/own/box:now"], agentIdentity: true,
         revisions: [{name: web-00002-abc, traffic: 100, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/app-project/own/box:now"]},
                     {name: web-00001-abc, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/app-project/own/box:old", "nginx"]}]}
      - {kind: service, region: us-central1, name: plain, serviceAccount: 111-compute@developer.gserviceaccount.com, images: ["us-docker.pkg.dev/app-project/own/i"]}
      - {kind: job, region: us-central1, name: nightly, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/app-project/own/box:now"], agentIdentity: true}
      - {kind: worker-pool, region: us-central1, name: poller, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/app-project/own/box:now"]}
      - {kind: instance, region: us-central1, name: shell, images: ["us-docker.pkg.dev/app-project/own/i"], sandboxImages: ["us-docker.pkg.dev/image-project/shut/i"]}
    repositories:
      - location: us
        id: own
        images:
          - {name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}
          - {name: box, digest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", tags: [now, old]}
  - id: image-project
    number: "222"
    parent: organizations/9
    services: [artifactregistry.googleapis.com]
    repositories:
      - {location: us, id: shut, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["user:reads@example.com"]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
`

const (
	appRegion         = "projects/app-project/locations/us-central1"
	boxImage          = "us-docker.pkg.dev/app-project/own/box:now"
	agentIdentityType = "IDENTITY_TYPE_AGENT_IDENTITY"
)

func sandboxImages(c *runv2.GoogleCloudRunV2SandboxConfiguration) []string {
	var images []string
	if c != nil {
		for _, t := range c.Templates {
			images = append(images, t.Image)
		}
	}
	return images
}

func identity(c *runv2.GoogleCloudRunV2WorkloadIdentityConfig) string {
	if c == nil {
		return ""
	}
	return c.IdentityType
}

// TestRestOnlyFields holds that single workloads, lists and revisions carry
// them in REST v2, and that a workload without them has no trace of them.
func TestRestOnlyFields(t *testing.T) {
	s := startYAML(t, restOnlyWorld)
	c := restV2(t, s, "").Projects.Locations
	web := must(c.Services.Get(appRegion + "/services/web").Do())(t).Template
	listed := must(c.Services.List(appRegion).Do())(t).Services
	job := must(c.Jobs.Get(appRegion + "/jobs/nightly").Do())(t).Template.Template
	jobs := must(c.Jobs.List(appRegion).Do())(t).Jobs
	pool := must(c.WorkerPools.Get(appRegion + "/workerPools/poller").Do())(t).Template
	pools := must(c.WorkerPools.List(appRegion).Do())(t).WorkerPools
	shell := must(c.Instances.Get(appRegion + "/instances/shell").Do())(t)
	revisions := must(c.Services.Revisions.List(appRegion + "/services/web").Do())(t).Revisions
	old := must(c.Services.Revisions.Get(appRegion + "/services/web/revisions/web-00001-abc").Do())(t)
	ofPool := must(c.WorkerPools.Revisions.List(appRegion + "/workerPools/poller").Do())(t).Revisions[0]
	for _, q := range []struct {
		about     string
		sandboxes *runv2.GoogleCloudRunV2SandboxConfiguration
		identity  *runv2.GoogleCloudRunV2WorkloadIdentityConfig
		account   string
		images    []string
		agent     string
	}{
		{"service", web.Sandboxes, web.WorkloadIdentityConfig, web.ServiceAccount, []string{boxImage}, agentIdentityType},
		{"listed service", listed[0].Template.Sandboxes, listed[0].Template.WorkloadIdentityConfig, listed[0].Template.ServiceAccount, []string{boxImage}, agentIdentityType},
		{"service without any", listed[1].Template.Sandboxes, listed[1].Template.WorkloadIdentityConfig, "", nil, ""},
		{"job", job.Sandboxes, job.WorkloadIdentityConfig, job.ServiceAccount, []string{boxImage}, agentIdentityType},
		{"listed job", jobs[0].Template.Template.Sandboxes, jobs[0].Template.Template.WorkloadIdentityConfig, "", []string{boxImage}, agentIdentityType},
		{"worker pool", pool.Sandboxes, nil, pool.ServiceAccount, []string{boxImage}, ""},
		{"listed worker pool", pools[0].Template.Sandboxes, nil, "", []string{boxImage}, ""},
		{"worker pool's revision", ofPool.Sandboxes, ofPool.WorkloadIdentityConfig, "", []string{boxImage}, ""},
		{"instance", shell.Sandboxes, nil, shell.ServiceAccount, []string{shutImage}, ""},
		{"newest revision", revisions[0].Sandboxes, revisions[0].WorkloadIdentityConfig, revisions[0].ServiceAccount, []string{boxImage}, agentIdentityType},
		{"old revision", old.Sandboxes, old.WorkloadIdentityConfig, old.ServiceAccount, []string{"us-docker.pkg.dev/app-project/own/box:old", "nginx"}, agentIdentityType},
	} {
		t.Run(q.about, func(t *testing.T) {
			if !slices.Equal(sandboxImages(q.sandboxes), q.images) || identity(q.identity) != q.agent || q.account != "" {
				t.Errorf("%s: sandboxes %v, identity %q, account %q; want %v, %q and none", q.about, sandboxImages(q.sandboxes), identity(q.identity), q.account, q.images, q.agent)
			}
		})
	}
	if web.Containers[0].Image != ownImage || listed[1].Template.ServiceAccount != "111-compute@developer.gserviceaccount.com" {
		t.Errorf("the containers of web are %v, the account of plain %q", web.Containers, listed[1].Template.ServiceAccount)
	}
	if !strings.Contains(shell.TerminalCondition.Message, "must have permission to read the image, "+shutImage) {
		t.Errorf("the agent may not read the sandbox image of shell, and its condition is %+v", shell.TerminalCondition)
	}
}

// TestSandboxImagesV1 looks for the same images in REST v1.
func TestSandboxImagesV1(t *testing.T) {
	s := startYAML(t, restOnlyWorld)
	c := restV1(t, s, "us-central1-"+runHost, "")
	const ns = "namespaces/app-project"
	got := map[string]string{}
	web := must(c.Namespaces.Services.Get(ns + "/services/web").Do())(t).Spec.Template.Spec
	job := must(c.Namespaces.Jobs.Get(ns + "/jobs/nightly").Do())(t).Spec.Template.Spec.Template.Spec
	got["service"], got["job"] = web.Sandboxes.Templates[0].Image, job.Sandboxes.Templates[0].Image
	got["pool"] = must(c.Namespaces.Workerpools.Get(ns + "/workerpools/poller").Do())(t).Spec.Template.Spec.Sandboxes.Templates[0].Image
	got["instance"] = must(c.Namespaces.Instances.List(ns).Do())(t).Items[0].Spec.Sandboxes.Templates[0].Image
	got["revision"] = must(c.Namespaces.Revisions.Get(ns + "/revisions/web-00001-abc").Do())(t).Spec.Sandboxes.Templates[1].Image
	for kind, want := range map[string]string{"service": boxImage, "job": boxImage, "pool": boxImage, "instance": shutImage, "revision": "nginx"} {
		t.Run(kind, func(t *testing.T) {
			if got[kind] != want {
				t.Errorf("%s: the sandbox image is %q, want %q", kind, got[kind], want)
			}
		})
	}
	if web.ServiceAccountName != "" || job.ServiceAccountName != "" {
		t.Errorf("agent identities have the accounts %q and %q", web.ServiceAccountName, job.ServiceAccountName)
	}
	if plain := must(c.Namespaces.Services.Get(ns + "/services/plain").Do())(t); plain.Spec.Template.Spec.Sandboxes != nil {
		t.Errorf("plain has the sandboxes %+v", plain.Spec.Template.Spec.Sandboxes)
	}
}

// TestSandboxImagesInAssets looks for them where Cloud Asset lists workloads
// and revisions.
func TestSandboxImagesInAssets(t *testing.T) {
	s := startYAML(t, strings.Replace(strings.Replace(restOnlyWorld, "artifactregistry.googleapis.com]\n    policy", "artifactregistry.googleapis.com, cloudasset.googleapis.com]\n    policy", 1), "run.instances.list]", "run.instances.list, cloudasset.assets.listResource]", 1))
	c := must(asset.NewClient(t.Context(), dial(t, s, "cloudasset.googleapis.com", "")))(t)
	found := map[string]string{}
	for _, a := range all(t, c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app-project", ContentType: assetpb.ContentType_RESOURCE}), iterator.Done) {
		found[a.Name] = a.GetResource().GetData().String()
	}
	for name, image := range map[string]string{
		"services/web": boxImage, "jobs/nightly": boxImage, "workerPools/poller": boxImage, "services/web/revisions/web-00001-abc": "own/box:old",
	} {
		t.Run(name, func(t *testing.T) {
			if data := found["//run.googleapis.com/"+appRegion+"/"+name]; !strings.Contains(data, "sandboxes") || !strings.Contains(data, image) {
				t.Errorf("%s has no %s: %s", name, image, data)
			}
		})
	}
}

// operation is what REST v2 answers a deploy with.
type operation struct {
	Done     bool
	Error    struct{ Message string }
	Response struct {
		Template struct {
			Sandboxes              *runv2.GoogleCloudRunV2SandboxConfiguration
			WorkloadIdentityConfig *runv2.GoogleCloudRunV2WorkloadIdentityConfig
		}
	}
}

// TestDeploySandboxesAndAgentIdentity deploys over REST v2 as somebody who may
// act as no account.
func TestDeploySandboxesAndAgentIdentity(t *testing.T) {
	s := startYAML(t, restOnlyWorld)
	const identity = `"workloadIdentityConfig":{"identityType":"` + agentIdentityType + `"}`
	container := `"containers":[{"image":"` + ownImage + `"}]`
	box := func(image string) string { return `"sandboxes":{"templates":[{"name":"a","image":"` + image + `"}]}` }
	template := func(parts ...string) string { return `{"template":{` + strings.Join(parts, ",") + `}}` }
	for i, q := range []struct {
		about, as, path, body string
		code                  int
		text                  string // of a refusal, or of the operation's error
	}{
		{"no identity named", dev, "services?serviceId=", template(container), 403, "actAs' denied on service account 111-compute"},
		{"a service account by name", dev, "services?serviceId=", template(container, `"workloadIdentityConfig":{"identityType":"IDENTITY_TYPE_SERVICE_ACCOUNT"}`), 403, "actAs' denied on service account 111-compute"},
		{"an agent identity", dev, "services?serviceId=", template(container, identity), 200, ""},
		{"an agent identity of a job", dev, "jobs?jobId=", `{"template":` + template(container, identity) + `}`, 200, ""},
		{"both", dev, "services?serviceId=", template(container, identity, `"serviceAccount":"111-compute@developer.gserviceaccount.com"`), 400, "expected one of them"},
		{"a worker pool has no such field", dev, "workerPools?workerPoolId=", template(container, identity), 403, "actAs' denied on service account 111-compute"},
		{"a sandbox's image", dev, "services?serviceId=", template(container, identity, box(boxImage)), 200, ""},
		{"one at Docker Hub", dev, "services?serviceId=", template(container, identity, box("nginx")), 200, ""},
		{"one that the deployer may not read", dev, "services?serviceId=", template(container, identity, box(shutImage)), 403, "User must have permission to read the image, " + shutImage},
		{"one that the agent may not read", "user:reads@example.com", "services?serviceId=", template(container, identity, box(shutImage)), 200, agentText},
		{"one that is not there", dev, "jobs?jobId=", `{"template":` + template(container, identity, box("us-docker.pkg.dev/app-project/own/box:none")) + `}`, 200, "Image 'us-docker.pkg.dev/app-project/own/box:none' not found."},
		{"one of a registry that is not taken", dev, "services?serviceId=", template(container, identity, box("quay.io/a/b")), 400, "template.sandboxes.templates[0].image: Expected an image path"},
	} {
		t.Run(q.about, func(t *testing.T) {
			var op operation
			id := "new-" + string(rune('a'+i))
			code, text := sendAs(t, s, q.as, http.MethodPost, runHost, "/v2/"+appRegion+"/"+q.path+id, q.body, &op)
			if code != q.code || (code != 200 && !strings.Contains(text, q.text)) || (code == 200 && (!op.Done || !strings.Contains(op.Error.Message, q.text) || (q.text == "") != (op.Error.Message == ""))) {
				t.Errorf("%s: got %d %s, want %d with %q", q.about, code, text, q.code, q.text)
			}
		})
	}
	got := must(restV2(t, s, dev).Projects.Locations.Services.Get(appRegion + "/services/new-g").Do())(t)
	if got.Template.ServiceAccount != "" || got.Template.WorkloadIdentityConfig == nil || !slices.Equal(sandboxImages(got.Template.Sandboxes), []string{boxImage}) {
		t.Errorf("what was deployed is shown as %+v", got.Template)
	}
	rev := must(restV2(t, s, dev).Projects.Locations.Services.Revisions.List(appRegion + "/services/new-g").Do())(t).Revisions[0]
	if !slices.Equal(sandboxImages(rev.Sandboxes), []string{boxImage}) {
		t.Errorf("the revision's sandboxes are %v", sandboxImages(rev.Sandboxes))
	}
}

// TestDeployAnswersWithRestOnlyFields looks at the operation of a deploy.
func TestDeployAnswersWithRestOnlyFields(t *testing.T) {
	s := startYAML(t, restOnlyWorld)
	var op operation
	body := `{"template":{"containers":[{"image":"` + ownImage + `"}],"sandboxes":{"templates":[{"name":"a","image":"` + boxImage + `"}]},"workloadIdentityConfig":{"identityType":"` + agentIdentityType + `"}}}`
	if code, text := send(t, s, http.MethodPatch, runHost, "/v2/"+appRegion+"/services/web", body, &op); code != 200 {
		t.Fatalf("got %d %s", code, text)
	}
	if at := op.Response.Template; !slices.Equal(sandboxImages(at.Sandboxes), []string{boxImage}) || identity(at.WorkloadIdentityConfig) != agentIdentityType {
		t.Errorf("the operation shows %+v", op)
	}
}

// TestDeploySandboxesV1 deploys over REST v1, which has sandboxes and no agent
// identity.
func TestDeploySandboxesV1(t *testing.T) {
	s := startYAML(t, strings.Replace(restOnlyWorld, "111-compute@developer.gserviceaccount.com}]", `111-compute@developer.gserviceaccount.com, policy: {bindings: [{role: roles/iam.serviceAccountUser, members: ["user:dev@example.com"]}]}}]`, 1))
	job := func(image string) string {
		return `{"metadata":{"name":"j"},"spec":{"template":{"spec":{"template":{"spec":{"containers":[{"image":"` + ownImage + `"}],"sandboxes":{"templates":[{"image":"` + image + `"}]}}}}}}}`
	}
	const path = "/apis/run.googleapis.com/v1/namespaces/app-project/jobs"
	code, text := send(t, s, http.MethodPost, "us-central1-"+runHost, path, job(shutImage), nil)
	if code != 403 || !strings.Contains(text, "User must have permission to read the image, "+shutImage) {
		t.Errorf("a sandbox image that the deployer may not read: got %d %s", code, text)
	}
	code, text = send(t, s, http.MethodPost, "us-central1-"+runHost, path, job("quay.io/a/b"), nil)
	if code != 400 || !strings.Contains(text, "spec.template.spec.template.spec.sandboxes.templates[0].image: Expected") {
		t.Errorf("a sandbox image of a registry that is not taken: got %d %s", code, text)
	}
	if code, text = send(t, s, http.MethodPost, "us-central1-"+runHost, path, job(boxImage), nil); code != 200 {
		t.Fatalf("got %d %s", code, text)
	}
	got := must(restV2(t, s, dev).Projects.Locations.Jobs.Get(appRegion + "/jobs/j").Do())(t).Template.Template
	if !slices.Equal(sandboxImages(got.Sandboxes), []string{boxImage}) || got.ServiceAccount == "" {
		t.Errorf("v2 shows %+v", got)
	}
}

// TestAgentIdentityAsMember grants to an agent identity and calls as one.
func TestAgentIdentityAsMember(t *testing.T) {
	const member = "principal://agents.global.org-9.system.id.goog/resources/run/projects/111/locations/us-central1/services/web"
	s := startYAML(t, strings.Replace(restOnlyWorld, "roles/artifactregistry.reader, members: [", `roles/run.viewer, members: ["`+member+`"]}`+"\n        - {role: roles/artifactregistry.reader, members: [", 1))
	c := must(run.NewServicesClient(t.Context(), dial(t, s, runHost, member)))(t)
	must(c.GetService(t.Context(), &runpb.GetServiceRequest{Name: appRegion + "/services/web"}))(t)
	other := must(run.NewServicesClient(t.Context(), dial(t, s, runHost, strings.Replace(member, "/web", "/plain", 1))))(t)
	_, err := other.GetService(t.Context(), &runpb.GetServiceRequest{Name: appRegion + "/services/web"})
	if status.Code(err) != codes.PermissionDenied {
		t.Errorf("the agent identity of another service gets %v", err)
	}
}
