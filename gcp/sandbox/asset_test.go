package sandbox_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	asset "cloud.google.com/go/asset/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"whopulls/gcp/sandbox"
)

const assetHost = "cloudasset.googleapis.com"

// assetWorld has two folders and a project in each, and one with Cloud Asset
// off; viewer may search in one project alone.
const assetWorld = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/cloudasset.viewer, members: ["user:dev@example.com"]}]}}
folders:
  - {id: "2", displayName: runs, parent: organizations/1}
  - {id: "3", displayName: images, parent: organizations/1, policy: {bindings: [{role: roles/viewer, members: ["user:ndev@example.com"]}]}}
roles: [{name: projects/src/roles/puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}]
projects:
  - id: app
    number: "11"
    parent: folders/2
    services: [run.googleapis.com, cloudasset.googleapis.com]
    agents: [run.googleapis.com]
    policy: {bindings: [{role: roles/cloudasset.viewer, members: ["user:viewer@example.com"]}]}
    serviceAccounts: [{accountId: web}]
    workloads:
      - {kind: service, region: us-central1, name: web, images: [docker.io/library/nginx], revisions: [{name: web-00002-b, traffic: 100, images: [docker.io/library/nginx]}, {name: web-00001-a, images: [docker.io/library/nginx]}],
         policy: {bindings: [{role: roles/run.invoker, members: [allUsers]}]}}
      - {kind: job, region: us-east1, name: batch, images: [docker.io/library/nginx]}
      - {kind: worker-pool, region: us-east1, name: poller, images: [docker.io/library/nginx]}
  - id: src
    number: "22"
    parent: folders/3
    services: [artifactregistry.googleapis.com, cloudasset.googleapis.com]
    agents: []
    repositories:
      - {location: us, id: one, policy: {bindings: [
          {role: roles/artifactregistry.reader, members: ["user:dev@example.com", "serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"]},
          {role: roles/artifactregistry.writer, members: ["group:writers@example.com"]},
          {role: projects/src/roles/puller, members: ["user:custom@example.com"]}]}}
      - {location: us, id: two, mode: VIRTUAL, upstreams: [projects/src/locations/us/repositories/one],
         policy: {bindings: [{role: roles/browser, members: ["deleted:user:gone@example.com?uid=123456789012345678901"]}]}}
  - {id: "off", number: "33", parent: folders/2}
`

func assetClient(t *testing.T, s *sandbox.Server, member string) *asset.Client {
	t.Helper()
	return must(asset.NewClient(t.Context(), dial(t, s, assetHost, member)))(t)
}

func TestSearchAllIamPolicies(t *testing.T) {
	s := startYAML(t, assetWorld)
	c := assetClient(t, s, "")
	repo := "//artifactregistry.googleapis.com/projects/src/locations/us/repositories/one"
	for _, q := range []struct {
		about, scope, query string
		types, want         []string // resource and the roles that matched
	}{
		{"a member is a whole word", "organizations/1", "policy:dev@example.com", nil,
			[]string{"//cloudresourcemanager.googleapis.com/organizations/1 roles/cloudasset.viewer", repo + " roles/artifactregistry.reader"}},
		{"a member with its kind", "organizations/1", "policy:user:ndev@example.com", nil, []string{"//cloudresourcemanager.googleapis.com/folders/3 roles/viewer"}},
		{"a member as a bare word", "organizations/1", "user:custom@example.com", nil, []string{repo + " projects/src/roles/puller"}},
		{"a quoted member", "projects/src", `policy:"serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"`, nil, []string{repo + " roles/artifactregistry.reader"}},
		{"a beginning", "projects/22", "policy:writ*", nil, []string{repo + " roles/artifactregistry.writer"}},
		{"a role", "folders/3", "roles:roles/artifactregistry.reader", nil, []string{repo + " roles/artifactregistry.reader"}},
		{"a permission, but not in a role that may not be read", "organizations/1", "policy.role.permissions:" + pullPermission, []string{"artifactregistry.googleapis.com.*"},
			[]string{repo + " roles/artifactregistry.reader roles/artifactregistry.writer"}},
		{"a role and a member of one binding", "organizations/1", "roles:roles/artifactregistry.writer AND policy:dev@example.com", nil, nil},
		{"a kind of member", "projects/src", "memberTypes:group", nil, []string{repo + " roles/artifactregistry.writer"}},
		{"a resource", "organizations/1", "resource:web policy:allUsers", nil, []string{"//run.googleapis.com/projects/app/locations/us-central1/services/web roles/run.invoker"}},
		{"a type", "organizations/1", "", []string{"cloudresourcemanager.googleapis.com/Project"}, []string{"//cloudresourcemanager.googleapis.com/projects/11 roles/cloudasset.viewer"}},
		{"one or the other", "organizations/1", "policy:writers@example.com OR policy:allUsers", nil,
			[]string{"//run.googleapis.com/projects/app/locations/us-central1/services/web roles/run.invoker", repo + " roles/artifactregistry.writer"}},
		{"any agent of Cloud Run, or a deleted member", "organizations/1", `policy:"serverless-robot-prod.iam.gserviceaccount.com" OR memberTypes:deleted`, nil,
			[]string{repo + " roles/artifactregistry.reader", "//artifactregistry.googleapis.com/projects/src/locations/us/repositories/two roles/browser"}},
		{"a deleted member's own kind", "organizations/1", "memberTypes:deleted AND memberTypes:user", nil,
			[]string{"//artifactregistry.googleapis.com/projects/src/locations/us/repositories/two roles/browser"}},
		{"whatever stands between the words", "organizations/1", `policy:"WRITERS example-com"`, nil, []string{repo + " roles/artifactregistry.writer"}},
		{"an underscore joins", "organizations/1", "policy:writers_example", nil, nil},
		{"groups", "organizations/1", "(policy:writers@example.com OR policy:custom@example.com) AND roles:writer", nil, []string{repo + " roles/artifactregistry.writer"}},
		{"a field's group", "organizations/1", "policy:(writers@example.com OR user:custom@example.com) resource:src", nil,
			[]string{repo + " roles/artifactregistry.writer projects/src/roles/puller"}},
		{"a folder without the other's project", "folders/2", "policy:dev@example.com", nil, nil},
	} {
		t.Run(q.about, func(t *testing.T) {
			var got []string
			for _, r := range all(t, c.SearchAllIamPolicies(t.Context(), &assetpb.SearchAllIamPoliciesRequest{Scope: q.scope, Query: q.query, AssetTypes: q.types}), iterator.Done) {
				line := r.Resource
				for _, b := range r.Policy.Bindings {
					line += " " + b.Role
				}
				got = append(got, line)
			}
			if !slices.Equal(got, q.want) {
				t.Errorf("%s: %q in %s finds\n%s\nwant\n%s", q.about, q.query, q.scope, strings.Join(got, "\n"), strings.Join(q.want, "\n"))
			}
		})
	}
}

func TestSearchResultsSayWhere(t *testing.T) {
	c := assetClient(t, startYAML(t, assetWorld), "")
	it := c.SearchAllIamPolicies(t.Context(), &assetpb.SearchAllIamPoliciesRequest{Scope: "organizations/1", Query: "policy.role.permissions:" + pullPermission + " policy:dev@example.com"})
	found := all(t, it, iterator.Done)
	if len(found) != 1 || found[0].Project != "projects/22" || !slices.Equal(found[0].Folders, []string{"folders/3"}) || found[0].Organization != "organizations/1" ||
		found[0].AssetType != "artifactregistry.googleapis.com/Repository" || len(found[0].Policy.Bindings[0].Members) != 2 ||
		!slices.Equal(found[0].Explanation.MatchedPermissions["roles/artifactregistry.reader"].Permissions, []string{pullPermission}) {
		t.Errorf("found %v", found)
	}
}

// assetNames are what a scope holds, in the order of the lists.
var appAssets = []string{
	"cloudresourcemanager.googleapis.com/Project //cloudresourcemanager.googleapis.com/projects/11",
	"iam.googleapis.com/ServiceAccount //iam.googleapis.com/projects/app/serviceAccounts/",
	"run.googleapis.com/Service //run.googleapis.com/projects/app/locations/us-central1/services/web",
	"run.googleapis.com/Revision //run.googleapis.com/projects/app/locations/us-central1/services/web/revisions/web-00002-b",
	"run.googleapis.com/Revision //run.googleapis.com/projects/app/locations/us-central1/services/web/revisions/web-00001-a",
	"run.googleapis.com/Job //run.googleapis.com/projects/app/locations/us-east1/jobs/batch",
	"run.googleapis.com/WorkerPool //run.googleapis.com/projects/app/locations/us-east1/workerPools/poller",
	"run.googleapis.com/Revision //run.googleapis.com/projects/app/locations/us-east1/workerPools/poller/revisions/poller-00001-pqd",
}

func TestListAssets(t *testing.T) {
	c := assetClient(t, startYAML(t, assetWorld), "")
	list := all(t, c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app", ContentType: assetpb.ContentType_RESOURCE, PageSize: 1}), iterator.Done)
	if len(list) != len(appAssets) {
		t.Fatalf("the project has %d assets, want %d: %v", len(list), len(appAssets), list)
	}
	for i, a := range list {
		if !strings.HasPrefix(a.AssetType+" "+a.Name, appAssets[i]) || a.IamPolicy != nil || len(a.Resource.Data.Fields) == 0 ||
			!slices.Equal(a.Ancestors, []string{"projects/11", "folders/2", "organizations/1"}) {
			t.Errorf("asset %d is %v, want %s", i, a, appAssets[i])
		}
	}
	if p := list[0].Resource; p.Parent != "//cloudresourcemanager.googleapis.com/folders/2" || p.Data.Fields["projectId"].GetStringValue() != "app" || p.Location != "global" {
		t.Errorf("the project is %v", p)
	}
	if w := list[2].Resource; w.Parent != "//cloudresourcemanager.googleapis.com/projects/11" || w.Location != "us-central1" || w.Data.Fields["apiVersion"].GetStringValue() != "serving.knative.dev/v1" {
		t.Errorf("the service is %v", w)
	}
	policies := all(t, c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app", ContentType: assetpb.ContentType_IAM_POLICY, AssetTypes: []string{"run.googleapis.com/(Service|Revision)"}}), iterator.Done)
	if len(policies) != 4 || policies[0].IamPolicy.GetBindings()[0].Role != "roles/run.invoker" || policies[0].Resource != nil || policies[1].IamPolicy != nil {
		t.Errorf("the policies are %v", policies)
	}
	for scope, want := range map[string]int{"organizations/1": 15, "folders/2": 10, "folders/3": 4, "projects/off": 1} {
		t.Run(scope, func(t *testing.T) {
			counted := metadata.AppendToOutgoingContext(t.Context(), "x-goog-user-project", "app")
			if n := len(all(t, c.ListAssets(counted, &assetpb.ListAssetsRequest{Parent: scope}), iterator.Done)); n != want {
				t.Errorf("%s has %d assets, want %d", scope, n, want)
			}
		})
	}
}

func TestSearchAllResources(t *testing.T) {
	c := assetClient(t, startYAML(t, assetWorld), "")
	for _, q := range []struct {
		scope, query string
		types        []string
		want         int
	}{
		{"organizations/1", "", nil, 15},
		{"organizations/1", "name:web", nil, 3}, // a service with two revisions
		{"organizations/1", "poll", nil, 0},
		{"organizations/1", "poll*", nil, 2},
		{"organizations/1", "repositories us", []string{"artifactregistry.googleapis.com/Repository"}, 2},
		{"folders/2", "repositories", nil, 0},
		{"projects/src", "", []string{"run.googleapis.com/.*", ".*Repository"}, 2},
	} {
		t.Run(q.scope+" "+q.query, func(t *testing.T) {
			found := all(t, c.SearchAllResources(t.Context(), &assetpb.SearchAllResourcesRequest{Scope: q.scope, Query: q.query, AssetTypes: q.types, PageSize: 2}), iterator.Done)
			if len(found) != q.want {
				t.Errorf("%q in %s finds %v, want %d", q.query, q.scope, found, q.want)
			}
		})
	}
	one := all(t, c.SearchAllResources(t.Context(), &assetpb.SearchAllResourcesRequest{Scope: "organizations/1", Query: "batch"}), iterator.Done)[0]
	if one.DisplayName != "batch" || one.Location != "us-east1" || one.Project != "projects/11" || one.ParentFullResourceName != "//cloudresourcemanager.googleapis.com/projects/11" {
		t.Errorf("the job is %v", one)
	}
}

// assetCalls are the three methods, asked for one page.
func assetCalls(c *asset.Client, t *testing.T) map[string]func(scope, token string) (string, error) {
	return map[string]func(scope, token string) (string, error){
		"searchAllIamPolicies": func(scope, token string) (string, error) {
			_, next, err := c.SearchAllIamPolicies(t.Context(), &assetpb.SearchAllIamPoliciesRequest{Scope: scope}).InternalFetch(1, token)
			return next, err
		},
		"searchAllResources": func(scope, token string) (string, error) {
			_, next, err := c.SearchAllResources(t.Context(), &assetpb.SearchAllResourcesRequest{Scope: scope}).InternalFetch(1, token)
			return next, err
		},
		"listResource": func(scope, token string) (string, error) {
			_, next, err := c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: scope}).InternalFetch(1, token)
			return next, err
		},
	}
}

func TestAssetRefusals(t *testing.T) {
	s := startYAML(t, assetWorld)
	viewer := assetClient(t, s, "user:viewer@example.com")
	for permission, call := range assetCalls(viewer, t) {
		next, err := call("projects/app", "")
		if err != nil || next == "" {
			t.Errorf("%s: a first page gave %q, %v", permission, next, err)
		}
		if again, err := call("projects/app", next); err != nil || again == next {
			t.Errorf("%s: the next page gave %q, %v", permission, again, err)
		}
		_, err = call("projects/11", next)
		wantCode(t, permission+" with another list's token", err, codes.InvalidArgument)
		_, err = call("projects/src", "")
		wantCode(t, permission+" where the caller may not", err, codes.PermissionDenied)
		wantReason(t, err, "IAM_PERMISSION_DENIED", map[string]string{"permission": "cloudasset.assets." + permission, "resource": "projects/src"})
		_, err = call("projects/off", "")
		wantReason(t, err, "SERVICE_DISABLED", map[string]string{"service": assetHost, "consumer": "projects/33"})
		for _, scope := range []string{"", "app", "projects/", "jobs/app", "projects/app/locations/us"} {
			_, err = call(scope, "")
			wantCode(t, permission+" in "+scope, err, codes.InvalidArgument)
		}
	}
	c := assetClient(t, s, "")
	for _, r := range []*assetpb.SearchAllIamPoliciesRequest{
		{Query: "colour:red"}, {Query: "-policy:a"}, {Query: "NOT policy:a"}, {Query: "policy=a"},
		{Query: "policy:a OR policy:b AND policy:c"}, {Query: "policy:a policy:b OR policy:c"}, {Query: "policy:a OR"}, {Query: "OR policy:a"}, {Query: "policy:"},
		{Query: "(policy:a"}, {Query: "policy:a)"}, {Query: "()"}, {Query: "colour:(red OR blue)"}, {Query: `policy:"a`}, {Query: "policy:@"},
		{Query: strings.Repeat("a ", 11)}, {Query: strings.Repeat("a", 2049)},
		{OrderBy: "name"}, {AssetTypes: []string{"("}},
	} {
		t.Run(fmt.Sprintf("%.40s", cmp.Or(r.Query, r.OrderBy, strings.Join(r.AssetTypes, " "))), func(t *testing.T) {
			r.Scope = "projects/app"
			_, err := c.SearchAllIamPolicies(t.Context(), r).Next()
			wantCode(t, fmt.Sprint(r), err, codes.InvalidArgument)
		})
	}
	_, err := c.ListAssets(t.Context(), &assetpb.ListAssetsRequest{Parent: "projects/app", ContentType: assetpb.ContentType_ORG_POLICY}).Next()
	wantCode(t, "a content type that is not there", err, codes.InvalidArgument)
}
