package sandbox_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	cloudrun "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/sandbox/world"
)

// dataWorld has one thing of each type whose data is read.
const dataWorld = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}]}}
projects:
  - id: app
    number: "123456789012"
    parent: organizations/1
    state: DELETE_REQUESTED
    services: [run.googleapis.com, artifactregistry.googleapis.com, cloudasset.googleapis.com]
    workloads:
      - {kind: service, region: us-central1, name: web, serviceAccount: web@app.iam.gserviceaccount.com, images: ["us-docker.pkg.dev/src/one/a:2", docker.io/library/nginx],
         revisions: [{name: web-3, traffic: 60, images: ["us-docker.pkg.dev/src/one/a:2"]}, {name: web-2, images: ["us-docker.pkg.dev/src/one/a:1"]}, {name: web-1, traffic: 40, tag: old, images: ["us-docker.pkg.dev/src/one/a:0"]}]}
      - {kind: job, region: us-central1, name: batch, images: ["us-docker.pkg.dev/src/one/a:1", docker.io/library/nginx]}
      - {kind: worker-pool, region: us-central1, name: poller, images: ["us-docker.pkg.dev/src/one/a:1", docker.io/library/nginx],
         revisions: [{name: poller-2, images: ["us-docker.pkg.dev/src/one/a:1"]}, {name: poller-1, traffic: 100, images: ["us-docker.pkg.dev/src/one/a:0"]}]}
    repositories:
      - {location: us, id: one}
      - {location: us, id: all, mode: VIRTUAL, upstreams: [projects/app/locations/us/repositories/one]}
      - {location: us, id: hub, mode: REMOTE, upstreams: ["https://registry-1.docker.io"]}
`

// TestAssetData holds the shapes that a reader of assets lives by: the values
// at some places of each type's data.
func TestAssetData(t *testing.T) {
	c := assetClient(t, startYAML(t, dataWorld), "")
	found := map[string]*assetpb.Resource{}
	for _, a := range all(t, c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app", ContentType: assetpb.ContentType_RESOURCE}), iterator.Done) {
		found[a.Name[strings.LastIndex(a.Name, "/")+1:]] = a.Resource
	}
	one, two := map[string]any{"image": "us-docker.pkg.dev/src/one/a:1"}, map[string]any{"image": "docker.io/library/nginx", "name": "sidecar-1"}
	for _, want := range []struct {
		name, at string
		value    any
	}{
		{"123456789012", "projectNumber", "123456789012"},
		{"123456789012", "projectId", "app"},
		{"123456789012", "lifecycleState", "DELETE_REQUESTED"},
		{"123456789012", "parent", map[string]any{"type": "organization", "id": "1"}},
		{"web", "apiVersion", "serving.knative.dev/v1"},
		{"web", "metadata.namespace", "123456789012"},
		{"web", "metadata.generation", 1.0},
		{"web", "metadata.selfLink", "/apis/serving.knative.dev/v1/namespaces/123456789012/services/web"},
		{"web", "spec.template.spec.containers", []any{map[string]any{"image": "us-docker.pkg.dev/src/one/a:2"}, two}},
		{"web", "spec.template.spec.serviceAccountName", "web@app.iam.gserviceaccount.com"},
		{"web", "spec.traffic", []any{map[string]any{"latestRevision": true, "percent": 60.0}, map[string]any{"revisionName": "web-1", "percent": 40.0, "tag": "old"}}},
		{"web", "status.traffic", []any{
			map[string]any{"revisionName": "web-3", "latestRevision": true, "percent": 60.0}, map[string]any{"revisionName": "web-1", "percent": 40.0, "tag": "old"}}},
		{"web", "status.observedGeneration", 1.0},
		{"web", "status.latestCreatedRevisionName", "web-3"},
		{"web-1", "kind", "Revision"},
		{"web-1", "spec.containers", []any{map[string]any{"image": "us-docker.pkg.dev/src/one/a:0"}}},
		{"web-1", "metadata.labels", map[string]any{"cloud.googleapis.com/location": "us-central1", "serving.knative.dev/service": "web"}},
		{"poller-1", "metadata.labels", map[string]any{"cloud.googleapis.com/location": "us-central1", "run.googleapis.com/workerPool": "poller"}},
		{"batch", "apiVersion", "run.googleapis.com/v1"},
		{"batch", "spec.template.spec.template.spec.containers", []any{one, two}},
		{"poller", "apiVersion", "run.googleapis.com/v1"},
		{"poller", "spec.template.spec.containers", []any{one, two}},
		{"poller", "status.instanceSplits", []any{map[string]any{"revisionName": "poller-1", "percent": 100.0}}},
		{"one", "mode", "STANDARD_REPOSITORY"},
		{"one", "format", "DOCKER"},
		{"all", "name", "projects/app/locations/us/repositories/all"},
		{"all", "virtualRepositoryConfig.upstreamPolicies", []any{
			map[string]any{"id": "upstream-1", "repository": "projects/app/locations/us/repositories/one", "priority": 100.0}}},
		{"hub", "remoteRepositoryConfig.dockerRepository.publicRepository", "DOCKER_HUB"},
	} {
		t.Run(want.name+" "+want.at, func(t *testing.T) {
			var got any = found[want.name].GetData().AsMap()
			for step := range strings.SplitSeq(want.at, ".") {
				inner, _ := got.(map[string]any)
				got = inner[step]
			}
			if !reflect.DeepEqual(got, want.value) {
				t.Errorf("%s: %s is %v, want %v", want.name, want.at, got, want.value)
			}
		})
	}
	for name, r := range found {
		t.Run(name, func(t *testing.T) {
			if r.Version != "v1" || !strings.HasSuffix(r.DiscoveryDocumentUri, ".googleapis.com/$discovery/rest") || r.DiscoveryName == "" {
				t.Errorf("%s is of %q in %q, version %q", name, r.DiscoveryName, r.DiscoveryDocumentUri, r.Version)
			}
		})
	}
}

// TestAssetDataReadsAsTheCallsDo compares an asset's data with the answer of
// the service's own API, over REST, field by field.
func TestAssetDataReadsAsTheCallsDo(t *testing.T) {
	s := startYAML(t, dataWorld)
	c := assetClient(t, s, "")
	for kind, path := range map[string]string{
		"run.googleapis.com/Service":                  "us-central1-run.googleapis.com/apis/serving.knative.dev/v1/namespaces/app/services/web",
		"run.googleapis.com/Job":                      "us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/app/jobs/batch",
		"run.googleapis.com/WorkerPool":               "us-central1-run.googleapis.com/apis/run.googleapis.com/v1/namespaces/app/workerpools/poller",
		"cloudresourcemanager.googleapis.com/Project": "cloudresourcemanager.googleapis.com/v1/projects/app",
		"artifactregistry.googleapis.com/Repository":  "artifactregistry.googleapis.com/v1/projects/app/locations/us/repositories/one",
	} {
		t.Run(kind, func(t *testing.T) {
			request := &assetpb.ListAssetsRequest{Parent: "projects/app", ContentType: assetpb.ContentType_RESOURCE, AssetTypes: []string{kind}}
			data := all(t, c.ListAssets(t.Context(), request), iterator.Done)[0].Resource.Data.AsMap()
			host, rest, _ := strings.Cut(path, "/")
			var want map[string]any
			if code, body := send(t, s, http.MethodGet, host, "/"+rest, "", &want); code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, code, body)
			}
			if !reflect.DeepEqual(data, want) {
				t.Errorf("%s\n is %v\nwant %v", kind, data, want)
			}
		})
	}
}

// laggingWorld has an index that is two hours old.
const laggingWorld = `
caller: user:dev@example.com
assetIndex: {age: 2h, without: [run.googleapis.com/WorkerPool]}
organization: {id: "1", policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}]}}
projects:
  - id: app
    number: "11"
    parent: organizations/1
    services: [run.googleapis.com, cloudasset.googleapis.com]
    workloads:
      - {kind: service, region: us-central1, name: web, images: [docker.io/library/nginx], revisions: [{name: web-1, images: [docker.io/library/nginx]}]}
      - {kind: service, region: us-central1, name: fresh, images: [docker.io/library/nginx], unindexed: true, policy: {bindings: [{role: roles/run.invoker, members: [allUsers]}]}}
      - {kind: worker-pool, region: us-central1, name: poller, images: [docker.io/library/nginx], revisions: [{name: poller-1, images: [docker.io/library/nginx]}]}
`

func TestAssetIndexLags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lagging.yaml")
	if err := os.WriteFile(file, []byte(laggingWorld), 0o600); err != nil {
		t.Fatal(err)
	}
	w := must(sandbox.Load(file))(t)
	s := start(t, sandbox.Options{World: w})
	c := assetClient(t, s, "")
	it := c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "organizations/1", AssetTypes: []string{"run.*"}})
	var names []string
	for _, a := range all(t, it, iterator.Done) {
		names = append(names, a.Name[strings.LastIndex(a.Name, "/")+1:])
	}
	if want := []string{"web", "web-1", "poller-1"}; !slices.Equal(names, want) {
		t.Errorf("the index has %v, want %v", names, want)
	}
	if age := time.Since(it.Response.(*assetpb.ListAssetsResponse).ReadTime.AsTime()); age < 2*time.Hour || age > 2*time.Hour+time.Minute {
		t.Errorf("the index is %s old, want 2h", age)
	}
	found := all(t, c.SearchAllIamPolicies(t.Context(), &assetpb.SearchAllIamPoliciesRequest{Scope: "projects/app", Query: "policy:allUsers"}), iterator.Done)
	if len(found) != 0 {
		t.Errorf("policies of what is not in the index are found: %v", found)
	}
	services := must(cloudrun.NewServicesClient(t.Context(), dial(t, s, runHost, "")))(t)
	if n := len(all(t, services.ListServices(t.Context(), &runpb.ListServicesRequest{Parent: "projects/app/locations/us-central1"}), iterator.Done)); n != 2 {
		t.Errorf("a direct call finds %d services, want 2", n)
	}
	w.Deploy(world.Workload{Kind: "service", Region: "us-central1", ID: "late", Project: w.Projects[0], Images: []string{"docker.io/library/nginx"}}, "", nil)
	for _, want := range []struct {
		about string
		at    *timestamppb.Timestamp
		count int
	}{{"no time", nil, 1}, {"before it", timestamppb.New(time.Now().Add(-time.Minute)), 1}, {"now", timestamppb.Now(), 2}} {
		t.Run(want.about, func(t *testing.T) {
			r := &assetpb.ListAssetsRequest{Parent: "projects/app", AssetTypes: []string{"run.googleapis.com/Service"}, ReadTime: want.at}
			if list := all(t, c.ListAssets(t.Context(), r), iterator.Done); len(list) != want.count {
				t.Errorf("at %s the index has %v, want %d services", want.at.AsTime(), list, want.count)
			}
		})
	}
}

func TestReadTime(t *testing.T) {
	c := assetClient(t, startYAML(t, assetWorld), "")
	ask := func(at time.Time, token string) (*assetpb.ListAssetsResponse, error) {
		it := c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app", ReadTime: timestamppb.New(at)})
		_, _, err := it.InternalFetch(1, token)
		answer, _ := it.Response.(*assetpb.ListAssetsResponse)
		return answer, err
	}
	day := 24 * time.Hour
	for _, ago := range []time.Duration{time.Second, day, 35*day - time.Minute} {
		t.Run(fmt.Sprintf("%s ago", ago), func(t *testing.T) {
			at := time.Now().Add(-ago)
			answer, err := ask(at, "")
			if err != nil || !answer.ReadTime.AsTime().Equal(at) {
				t.Errorf("%s ago: got %v, %v", ago, answer.GetReadTime(), err)
				return
			}
			if _, err := ask(at, answer.NextPageToken); err != nil {
				t.Errorf("%s ago: the next page: %v", ago, err)
			}
			_, err = ask(at.Add(-time.Second), answer.NextPageToken)
			wantCode(t, "a token of another moment", err, codes.InvalidArgument)
		})
	}
	for _, ago := range []time.Duration{-time.Hour, 35*day + time.Hour} {
		t.Run(fmt.Sprintf("%s ago", ago), func(t *testing.T) {
			_, err := ask(time.Now().Add(-ago), "")
			wantCode(t, ago.String()+" ago", err, codes.InvalidArgument)
		})
	}
}
