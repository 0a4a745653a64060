package gcp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// searchWorld has the same names in several projects. The caller may search one folder, and a project outside it.
const searchWorld = "testdata/search.yaml"

// A search finds by the beginnings of words of names, projects and regions, and never reads signs of the query's syntax.
func TestSearchWorkloads(t *testing.T) {
	c := dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, searchWorld).Addr()})
	shop, other := model.AncestorResource("folders/2"), model.ProjectResource("other")
	for _, test := range []struct {
		words string
		scope model.Resource
		want  string
	}{
		{"web", shop, "shop-front/us-east1/service/web-admin shop-front/europe-west1/service/web"},
		{"w", other, "other/us-east1/service/web"},
		{"we", shop, "shop-front/us-east1/service/web-admin shop-front/europe-west1/service/web shop-front/europe-west1/job/my-job shop-front/europe-west1/worker-pool/poll"},
		{"web us", shop, "shop-front/us-east1/service/web-admin"},
		{"my-j", shop, "shop-front/europe-west1/job/my-job"},
		{"poll", shop, "shop-front/europe-west1/worker-pool/poll"},
		{"web", other, "other/us-east1/service/web"},
		{"eb", shop, ""},
		{"-web", other, "other/us-east1/service/web"},
		{"name:web", other, ""}, // two words, and no resource's name has the first
		{`(web" OR )`, other, ""},
		{"WEB", other, "other/us-east1/service/web"},
		{"基盤 *", other, ""},
		{"", other, ""},
	} {
		t.Run(test.words+" in "+test.scope.ID(), func(t *testing.T) {
			found, err := c.SearchWorkloads(t.Context(), test.scope, strings.Fields(test.words), "pays")
			if err != nil || !found.Read() || found.Value.More {
				t.Fatalf("%+v, %v", found, err)
			}
			var got []string
			for _, w := range found.Value.Found {
				got = append(got, fmt.Sprintf("%s/%s/%s/%s", w.Project, w.Region, strings.ToLower(string(w.Kind)), w.Name))
			}
			want := strings.Fields(test.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// Why a search gives nothing is a value: the API that is off, or the permission.
func TestASearchThatIsRefused(t *testing.T) {
	c := dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, searchWorld).Addr()})
	organization := model.AncestorResource("organizations/1")
	for _, test := range []struct {
		name  string
		scope model.Resource
		pays  string
		want  model.Gap
	}{
		{"no permission", organization, "pays", model.Gap{Resource: organization, Need: permSearchResources, Reason: "you may not search the workloads of organization 1"}},
		{"the API is off in the project that pays", model.AncestorResource("folders/2"), "shop-front", model.Gap{Resource: model.AncestorResource("folders/2"),
			DisabledAPI: model.APIResource("12", "cloudasset.googleapis.com"), Reason: "the API cloudasset.googleapis.com is off in project 12, or not yet on everywhere"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := c.SearchWorkloads(t.Context(), test.scope, []string{"web"}, test.pays)
			if err != nil || found.Read() || found.Gap.Resource != test.want.Resource || found.Gap.Need != test.want.Need || found.Gap.Reason != test.want.Reason ||
				found.Gap.DisabledAPI != test.want.DisabledAPI {
				t.Errorf("%+v, %v; want %+v", found, err, test.want)
			}
		})
	}
}

// A person who types on waits for no answer to what they typed before.
func TestASearchThatNobodyWaitsFor(t *testing.T) {
	c := dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, searchWorld).Addr()})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	cancel()
	if found, err := c.SearchWorkloads(ctx, model.ProjectResource("other"), []string{"web"}, ""); err == nil {
		t.Errorf("%+v", found)
	}
}

// Names that no workload has are left out, whatever an index gives.
func TestWhatASearchGivesIsRead(t *testing.T) {
	for _, test := range []struct {
		name, kind, resource string
		want                 model.FoundWorkload
		ok                   bool
	}{
		{"a service", serviceAsset, "//run.googleapis.com/projects/p/locations/r/services/web", model.FoundWorkload{Project: "p",
			WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web", Region: "r"}}, true},
		{"a kind that was not asked for", revisionAsset, "//run.googleapis.com/projects/p/locations/r/revisions/web", model.FoundWorkload{}, false},
		{"no region", jobAsset, "//run.googleapis.com/projects/p/jobs/web", model.FoundWorkload{}, false},
		{"no name", jobAsset, "", model.FoundWorkload{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := foundWorkload(&assetpb.ResourceSearchResult{Name: test.resource, AssetType: test.kind})
			if ok != test.ok || ok && got != test.want {
				t.Errorf("%+v, %t", got, ok)
			}
		})
	}
}
