package sandbox_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	asset "cloud.google.com/go/asset/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	runv1 "google.golang.org/api/run/v1"
	runv2 "google.golang.org/api/run/v2"

	"whopulls/gcp/sandbox"
)

// instanceWorld has instances in two regions: one whose image the agent may
// read, and one whose image it may not. The lister may list them and no more.
const instanceWorld = `caller: user:dev@example.com
roles:
  - {name: projects/app-project/roles/viewer, includedPermissions: [run.instances.get, run.instances.list, run.jobs.list, cloudasset.assets.listResource]}
  - {name: projects/app-project/roles/lister, includedPermissions: [run.instances.list]}
projects:
  - id: app-project
    number: "111"
    services: [run.googleapis.com, artifactregistry.googleapis.com, cloudasset.googleapis.com]
    unreachableRegions: [europe-west1]
    policy:
      bindings:
        - {role: projects/app-project/roles/viewer, members: ["user:dev@example.com"]}
        - {role: projects/app-project/roles/lister, members: ["user:lister@example.com"]}
    serviceAccounts: [{accountId: box}]
    workloads:
      - {kind: instance, region: us-central1, name: box, serviceAccount: box@app-project.iam.gserviceaccount.com, images: ["us-docker.pkg.dev/app-project/own/i", "us-docker.pkg.dev/app-project/own/i:latest"]}
      - {kind: instance, region: us-east1, name: shut, images: ["us-docker.pkg.dev/image-project/shut/i"]}
      - {kind: instance, region: europe-west1, name: dark, images: ["us-docker.pkg.dev/app-project/own/i"]}
      - {kind: job, region: us-central1, name: box, images: ["us-docker.pkg.dev/app-project/own/i"]}
    repositories:
      - {location: us, id: own, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
  - id: image-project
    number: "222"
    services: [artifactregistry.googleapis.com]
    repositories: [{location: us, id: shut}]
`

// hostTransport sends every request to the sandbox under another host's name.
type hostTransport struct {
	host, member string
	s            *sandbox.Server
}

func (h hostTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Host, r.URL.Scheme = h.host, h.s.Addr(), "http"
	return httpClient(h.member).Transport.RoundTrip(r)
}

func restV1(t *testing.T, s *sandbox.Server, host, member string) *runv1.APIService {
	t.Helper()
	return must(runv1.NewService(t.Context(), option.WithHTTPClient(&http.Client{Transport: hostTransport{host, member, s}})))(t)
}

func restV2(t *testing.T, s *sandbox.Server, member string) *runv2.Service {
	t.Helper()
	return must(runv2.NewService(t.Context(), option.WithHTTPClient(&http.Client{Transport: hostTransport{runHost, member, s}})))(t)
}

func wantHTTP(t *testing.T, about string, err error, code int, text string) {
	t.Helper()
	var e *googleapi.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%s: got %v, want %d with %q", about, err, code, text)
	}
}

func TestInstancesV1(t *testing.T) {
	s := startYAML(t, instanceWorld)
	c := restV1(t, s, runHost, dev)
	list := must(c.Namespaces.Instances.List("namespaces/app-project").Do())(t)
	if len(list.Items) != 2 || !slices.Equal(list.Unreachable, []string{"europe-west1"}) {
		t.Fatalf("got %d instances and %v unreachable, want box, shut and europe-west1", len(list.Items), list.Unreachable)
	}
	box, shut := list.Items[0], list.Items[1]
	if box.Kind != "Instance" || box.Metadata.Name != "box" || box.Metadata.Labels["cloud.googleapis.com/location"] != "us-central1" ||
		len(box.Spec.Containers) != 2 || box.Spec.Containers[0].Image != ownImage || box.Spec.ServiceAccountName != "box@app-project.iam.gserviceaccount.com" {
		t.Errorf("box is %+v with %+v", box, box.Spec)
	}
	if ready := shut.Status.Conditions[0]; ready.Status != "False" || !strings.HasPrefix(ready.Message, agentText) {
		t.Errorf("the agent may not read shut's image, and its condition is %+v", ready)
	}
	first := must(c.Namespaces.Instances.List("namespaces/app-project").Limit(1).Do())(t)
	second := must(c.Namespaces.Instances.List("namespaces/app-project").Limit(1).Continue(first.Metadata.Continue).Do())(t)
	if first.Items[0].Metadata.Name != "box" || second.Items[0].Metadata.Name != "shut" || second.Metadata.Continue != "" {
		t.Errorf("a page at a time gives %s, %s and %q", first.Items[0].Metadata.Name, second.Items[0].Metadata.Name, second.Metadata.Continue)
	}
	regional := restV1(t, s, "us-east1-"+runHost, dev)
	if list := must(regional.Namespaces.Instances.List("namespaces/app-project").Do())(t); len(list.Items) != 1 || list.Items[0].Metadata.Name != "shut" {
		t.Errorf("us-east1 alone has %d instances, want shut", len(list.Items))
	}
	if got := must(regional.Namespaces.Instances.Get("namespaces/app-project/instances/shut").Do())(t); got.Spec.Containers[0].Image != shutImage {
		t.Errorf("shut runs %+v", got.Spec)
	}
	_, err := regional.Namespaces.Instances.Get("namespaces/app-project/instances/box").Do()
	wantHTTP(t, "an instance of another region", err, 404, "does not exist")
	_, err = restV1(t, s, runHost, nobody).Namespaces.Instances.List("namespaces/app-project").Do()
	wantHTTP(t, "a list for nobody", err, 403, "run.instances.list")
	_, err = restV1(t, s, "us-east1-"+runHost, "user:lister@example.com").Namespaces.Instances.Get("namespaces/app-project/instances/shut").Do()
	wantHTTP(t, "a get for a caller that may list", err, 403, "run.instances.get")
}

func TestInstancesV2(t *testing.T) {
	s := startYAML(t, instanceWorld)
	const parent = "projects/app-project/locations/"
	c := restV2(t, s, dev).Projects.Locations.Instances
	if list := must(c.List(parent + "us-central1").Do())(t); len(list.Instances) != 1 || list.Instances[0].Name != parent+"us-central1/instances/box" {
		t.Errorf("us-central1 has %v, want box", list.Instances)
	}
	box := must(c.Get(parent + "us-central1/instances/box").Do())(t)
	if len(box.Containers) != 2 || box.Containers[0].Image != ownImage || box.ServiceAccount != "box@app-project.iam.gserviceaccount.com" ||
		box.TerminalCondition.State != "CONDITION_SUCCEEDED" || box.Generation != 1 || box.CreateTime == "" {
		t.Errorf("box is %+v", box)
	}
	shut := must(c.Get("projects/111/locations/us-east1/instances/shut").Do())(t)
	if at := shut.TerminalCondition; at.State != "CONDITION_FAILED" || at.Reason != "CONTAINER_PERMISSION_DENIED" || !strings.HasPrefix(at.Message, agentText) {
		t.Errorf("shut's condition is %+v", at)
	}
	_, err := c.List(parent + "-").Do()
	wantHTTP(t, "the wildcard region", err, 400, "wildcard")
	_, err = c.List(parent + "europe-west1").Do()
	wantHTTP(t, "a region that does not answer", err, 503, "europe-west1")
	_, err = c.Get(parent + "us-central1/instances/none").Do()
	wantHTTP(t, "an instance that is not there", err, 404, "none")
	_, err = restV2(t, s, nobody).Projects.Locations.Instances.List(parent + "us-central1").Do()
	wantHTTP(t, "a list for nobody", err, 403, "run.instances.list")
	_, err = restV2(t, s, "user:lister@example.com").Projects.Locations.Instances.Get(parent + "us-central1/instances/box").Do()
	wantHTTP(t, "a get for a caller that may list", err, 403, "run.instances.get")
	_, err = c.List("projects/image-project/locations/us-central1").Do()
	wantHTTP(t, "a list where Cloud Run is off", err, 403, "Cloud Run Admin API has not been used")
}

// TestInstancesAreNoOtherKind looks for them where the other kinds are.
func TestInstancesAreNoOtherKind(t *testing.T) {
	s := startYAML(t, instanceWorld)
	jobs := must(restV1(t, s, runHost, dev).Namespaces.Jobs.List("namespaces/app-project").Do())(t)
	if len(jobs.Items) != 1 || jobs.Items[0].Metadata.Name != "box" {
		t.Errorf("got %d jobs, want the job box alone", len(jobs.Items))
	}
	c := must(asset.NewClient(t.Context(), dial(t, s, "cloudasset.googleapis.com", "")))(t)
	assets := all(t, c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app-project", ContentType: assetpb.ContentType_RESOURCE}), iterator.Done)
	for _, a := range assets {
		if strings.Contains(a.Name, "/instances/") {
			t.Errorf("Cloud Asset has %s", a.Name)
		}
	}
	if !slices.ContainsFunc(assets, func(a *assetpb.Asset) bool { return a.AssetType == "run.googleapis.com/Job" }) {
		t.Errorf("the job is not among %d assets", len(assets))
	}
	code, _ := send(t, s, http.MethodPost, "us-central1-"+runHost, "/apis/run.googleapis.com/v1/namespaces/app-project/instances", "{}", nil)
	if code != http.StatusNotImplemented {
		t.Errorf("making an instance answers %d, want %d", code, http.StatusNotImplemented)
	}
}
