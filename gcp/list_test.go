package gcp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
)

// collect drains a list into its items, gaps and page sizes.
func collect[T any](t *testing.T, list iter.Seq2[model.ListPage[T], error]) (items []T, gaps []model.Gap, sizes []int) {
	t.Helper()
	for page, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		items, gaps, sizes = append(items, page.Items...), append(gaps, page.Gaps...), append(sizes, len(page.Items))
	}
	return items, gaps, sizes
}

func TestProjectsOfTheArticle(t *testing.T) {
	projects, gaps, _ := collect(t, articleCloud(t, "").Projects(t.Context()))
	var ids []string
	for _, p := range projects {
		ids = append(ids, p.ID)
		if p.State != "ACTIVE" || p.Number == "" {
			t.Errorf("%+v", p)
		}
	}
	if !slices.Contains(ids, "myproject-a") || !slices.Contains(ids, "myproject-b") || slices.Contains(ids, "old-campaign") || len(gaps) > 0 {
		t.Errorf("projects %v, gaps %v", ids, gaps)
	}
}

func TestWorkloadsOfAllRegions(t *testing.T) {
	workloads, gaps, _ := collect(t, articleCloud(t, "").Workloads(t.Context(), "myproject-a"))
	found := map[string]model.Workload{}
	for _, w := range workloads {
		found[fmt.Sprintf("%s %s %s", w.Kind, w.Region, w.Name)] = w
	}
	job := found["job asia-northeast1 myjob"]
	if !slices.Equal(job.Images, model.ImagesOf(jobImage)) || job.ServiceAccount != "web@myproject-a.iam.gserviceaccount.com" {
		t.Errorf("myjob is %+v", job)
	}
	for _, name := range []string{"service us-central1 web-us", "service europe-west1 hello", "worker-pool asia-northeast1 poller"} {
		if len(found[name].Images) != 1 {
			t.Errorf("%s is not in the list: %v", name, found)
		}
	}
	if len(gaps) > 0 {
		t.Errorf("gaps %v", gaps)
	}
}

func TestWorkloadsBehindARegionThatDoesNotAnswer(t *testing.T) {
	workloads, gaps, _ := collect(t, narrowCloud(t, "user:boss@example.com").Workloads(t.Context(), "consumer-a"))
	if len(workloads) != 2 {
		t.Errorf("workloads %v", workloads)
	}
	if len(gaps) == 0 || !strings.Contains(gaps[0].Reason, "us-central1") || gaps[0].Need != "" {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestWorkloadsThatMayNotBeListed(t *testing.T) {
	workloads, gaps, _ := collect(t, narrowCloud(t, "").Workloads(t.Context(), "consumer-a"))
	var needs []string
	for _, g := range gaps {
		needs = append(needs, string(g.Need))
	}
	slices.Sort(needs)
	if want := []string{"run.jobs.list", "run.services.list", "run.workerpools.list"}; !slices.Equal(needs, want) || len(workloads) > 0 {
		t.Errorf("needs %v, want %v", needs, want)
	}
}

// Pages of v1 continue by a token; one kind that fails takes nothing from the others.
func TestWorkloadsInPages(t *testing.T) {
	const pages = 3
	f := &fakeServer{rest: map[string]http.HandlerFunc{
		"/apis/run.googleapis.com/v1/namespaces/p/jobs": func(w http.ResponseWriter, r *http.Request) {
			n := len(r.URL.Query().Get("continue"))
			body := map[string]any{"items": []any{map[string]any{"metadata": map[string]any{"name": fmt.Sprint("j", n)}}}, "metadata": map[string]any{}}
			if n+1 < pages {
				body["metadata"] = map[string]any{"continue": strings.Repeat("x", n+1)}
			}
			body["unreachable"] = []string{"projects/p/locations/asia-east1"}
			writeReply(w, body)
		},
		"/v1/projects/p/locations/-/services": func(w http.ResponseWriter, _ *http.Request) {
			writeRefusal(w, http.StatusForbidden, "no", map[string]string{"permission": "run.services.list"})
		},
		"/apis/run.googleapis.com/v1/namespaces/p/workerpools": func(w http.ResponseWriter, _ *http.Request) { writeReply(w, map[string]any{}) },
	}}
	workloads, gaps, sizes := collect(t, f.cloud(t).Workloads(t.Context(), "p"))
	if len(workloads) != pages || len(gaps) != pages+1 || len(sizes) != pages+2 {
		t.Errorf("workloads %v, gaps %v, pages of %v", workloads, gaps, sizes)
	}
	if last := gaps[len(gaps)-1]; last.Need != "run.services.list" {
		t.Errorf("the refused list comes last, but there is %+v", last)
	}
}

func TestRepositoriesOfAllLocations(t *testing.T) {
	repositories, gaps, _ := collect(t, narrowCloud(t, "user:boss@example.com").Repositories(t.Context(), "source-b"))
	var names []string
	for _, r := range repositories {
		names = append(names, r.Name.Location+"/"+r.Name.ID)
	}
	slices.Sort(names)
	if want := []string{"asia-northeast1/all", "asia-northeast1/images", "us/far", "us/hub"}; !slices.Equal(names, want) || len(gaps) > 0 {
		t.Errorf("repositories %v, want %v without the Maven one; gaps %v", names, want, gaps)
	}
	_, gaps, _ = collect(t, narrowCloud(t, "").Repositories(t.Context(), "source-b"))
	if len(gaps) != 1 || gaps[0].Need != permListLocations {
		t.Errorf("gaps %+v", gaps)
	}
}

func TestRepositoriesWhereOneLocationFails(t *testing.T) {
	f := &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"Locations/ListLocations": func(context.Context, proto.Message) (proto.Message, error) {
			return &location.ListLocationsResponse{Locations: []*location.Location{{LocationId: "us"}, {LocationId: "asia"}}}, nil
		},
		"ArtifactRegistry/ListRepositories": func(_ context.Context, req proto.Message) (proto.Message, error) {
			parent := req.(*artifactregistrypb.ListRepositoriesRequest).GetParent()
			if strings.HasSuffix(parent, "/asia") {
				return nil, status.Error(codes.Unavailable, "away")
			}
			return &artifactregistrypb.ListRepositoriesResponse{Repositories: []*artifactregistrypb.Repository{
				{Name: "projects/1/locations/us/repositories/a", Format: artifactregistrypb.Repository_DOCKER}}}, nil
		},
	}}
	repositories, gaps, _ := collect(t, f.cloud(t).Repositories(t.Context(), "source-b"))
	if len(repositories) != 1 || repositories[0].Name.Project != "source-b" || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "away") {
		t.Errorf("repositories %v, gaps %v", repositories, gaps)
	}
}

func TestImagesOfARepository(t *testing.T) {
	images, gaps, _ := collect(t, articleCloud(t, "").Images(t.Context(), myrepo))
	found := map[string]model.ListedImage{}
	for _, i := range images {
		found[i.Reference().Text] = i
	}
	job := found[jobImage]
	if job.Path != "myjob" || job.Size != 27365112 || job.Pushed.IsZero() || !slices.Contains(job.Tags, "v1.3.0") {
		t.Errorf("%s is %+v", jobImage, job)
	}
	if nested := found["asia-northeast1-docker.pkg.dev/myproject-b/myrepo/team/importer:latest"]; nested.Path != "team/importer" {
		t.Errorf("nested image in %v", found)
	}
	if len(images) != 4 || len(gaps) > 0 {
		t.Errorf("%d images, gaps %v", len(images), gaps)
	}
}

// pagedServer serves total projects in pages of one size.
func pagedServer(size, total int) *fakeServer {
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"Projects/SearchProjects": func(_ context.Context, req proto.Message) (proto.Message, error) {
			start := len(req.(*resourcemanagerpb.SearchProjectsRequest).GetPageToken())
			resp := &resourcemanagerpb.SearchProjectsResponse{}
			for i := start; i < min(start+size, total); i++ {
				resp.Projects = append(resp.Projects, &resourcemanagerpb.Project{ProjectId: fmt.Sprint("p", i), State: resourcemanagerpb.Project_ACTIVE})
			}
			if start+size < total {
				resp.NextPageToken = strings.Repeat("x", start+size)
			}
			return resp, nil
		},
	}}
}

func TestPagesComeAsTheServerCutsThem(t *testing.T) {
	for _, test := range []struct {
		size, total int
		pages       []int
	}{{1, 3, []int{1, 1, 1}}, {2, 5, []int{2, 2, 1}}, {5, 5, []int{5}}, {10, 0, nil}} {
		t.Run(fmt.Sprintf("%d in pages of %d", test.total, test.size), func(t *testing.T) {
			projects, _, sizes := collect(t, pagedServer(test.size, test.total).cloud(t).Projects(t.Context()))
			if len(projects) != test.total || !slices.Equal(sizes, test.pages) {
				t.Errorf("size %d of %d: pages of %v, want %v", test.size, test.total, sizes, test.pages)
			}
		})
	}
}

func TestListEndsWhenTheReaderHasEnough(t *testing.T) {
	f := pagedServer(1, 1000)
	for page, err := range f.cloud(t).Projects(t.Context()) {
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		break
	}
	if n := f.count("Projects/SearchProjects"); n > 3 {
		t.Errorf("%d pages were asked for after the reader had enough", n)
	}
}

func TestListIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeServer{fallback: func(served context.Context, _ string) error {
		cancel()
		<-served.Done()
		return served.Err()
	}}
	c := f.cloud(t)
	for _, list := range []iter.Seq2[model.ListPage[model.Workload], error]{c.Workloads(ctx, "p"), c.Workloads(ctx, "p")} {
		var last error
		for _, err := range list {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("got %v, want the interruption", last)
		}
	}
	for _, err := range c.Repositories(ctx, "p") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the interruption", err)
		}
	}
}
