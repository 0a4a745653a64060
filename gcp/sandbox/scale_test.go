package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	asset "cloud.google.com/go/asset/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	cloudrun "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"whopulls/gcp/sandbox"
)

// generatedWorld is a world with made-up content.
func generatedWorld(t testing.TB, generate string) *sandbox.World {
	t.Helper()
	const around = `caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}]}}
projects: [{id: myproject-a, number: "111111111111", parent: organizations/1, services: [run.googleapis.com, artifactregistry.googleapis.com, cloudasset.googleapis.com]}]
generate: `
	file := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(file, []byte(around+generate+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := sandbox.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestManyProjects pages through more than a few pages, none lost or twice.
func TestManyProjects(t *testing.T) {
	s := start(t, sandbox.Options{World: generatedWorld(t, "{projects: 1234}")})
	c := must(resourcemanager.NewProjectsClient(t.Context(), dial(t, s, crmHost, "")))(t)
	seen := map[string]bool{}
	for _, p := range all(t, c.SearchProjects(t.Context(), &crm.SearchProjectsRequest{PageSize: 100}), iterator.Done) {
		seen[p.ProjectId] = true
	}
	if len(seen) != 1235 {
		t.Errorf("found %d projects", len(seen))
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		generatedWorld(b, "{projects: 20000, repositories: 5000, images: 200000, workloads: 100000}")
	}
}

// worldSizes are worlds in their full size and a tenth of it: many projects with a
// little in each, or one project with very much in it.
var worldSizes = map[string][2]string{
	"wide":         {"{projects: 20000, repositories: 5000, images: 200000, workloads: 100000}", "{projects: 2000, repositories: 500, images: 20000, workloads: 10000}"},
	"deep":         {"{repositories: 1, images: 200000, workloads: 100000}", "{repositories: 1, images: 20000, workloads: 10000}"},
	"repositories": {"{repositories: 50000}", "{repositories: 5000}"},
}

// fetchPage asks for one page of a list.
type fetchPage func(token string) (next string, err error)

// pagedList is a list, the scale that it is measured in, and how it is asked for.
type pagedList struct {
	name, scale string
	open        func(b *testing.B, s *sandbox.Server, w *sandbox.World) fetchPage
}

var pagedLists = []pagedList{
	{"projects", "wide", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(resourcemanager.NewProjectsClient(b.Context(), dialBench(b, s, crmHost)))(b)
		return func(token string) (string, error) {
			_, next, err := c.SearchProjects(b.Context(), &crm.SearchProjectsRequest{}).InternalFetch(50, token)
			return next, err
		}
	}},
	{"v1 projects", "wide", restList(crmHost, "/v1/projects?pageSize=50&pageToken=")},
	{"policies", "wide", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(asset.NewClient(b.Context(), dialBench(b, s, assetHost)))(b)
		return func(token string) (string, error) {
			it := c.SearchAllIamPolicies(quotaFromProjectA(b.Context()), &assetpb.SearchAllIamPoliciesRequest{Scope: "organizations/1", AssetTypes: []string{".*/Project"}})
			_, next, err := it.InternalFetch(50, token)
			return next, err
		}
	}},
	{"resources", "wide", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(asset.NewClient(b.Context(), dialBench(b, s, assetHost)))(b)
		return func(token string) (string, error) {
			it := c.SearchAllResources(quotaFromProjectA(b.Context()), &assetpb.SearchAllResourcesRequest{Scope: "organizations/1"})
			_, next, err := it.InternalFetch(50, token)
			return next, err
		}
	}},
	{"assets", "wide", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(asset.NewClient(b.Context(), dialBench(b, s, assetHost)))(b)
		return func(token string) (string, error) {
			it := c.ListAssets(quotaFromProjectA(b.Context()), &assetpb.ListAssetsRequest{Parent: "organizations/1", AssetTypes: []string{"run.googleapis.com/Service"}})
			_, next, err := it.InternalFetch(50, token)
			return next, err
		}
	}},
	{"images", "deep", func(b *testing.B, s *sandbox.Server, w *sandbox.World) fetchPage {
		c := mustB(artifactregistry.NewClient(b.Context(), dialBench(b, s, arHost)))(b)
		return func(token string) (string, error) {
			it := c.ListDockerImages(b.Context(), &ar.ListDockerImagesRequest{Parent: w.Projects[0].Repositories[0].Name()})
			_, next, err := it.InternalFetch(50, token)
			return next, err
		}
	}},
	{"packages", "deep", func(b *testing.B, s *sandbox.Server, w *sandbox.World) fetchPage {
		c := mustB(artifactregistry.NewClient(b.Context(), dialBench(b, s, arHost)))(b)
		return func(token string) (string, error) {
			it := c.ListPackages(b.Context(), &ar.ListPackagesRequest{Parent: w.Projects[0].Repositories[0].Name()})
			_, next, err := it.InternalFetch(50, token)
			return next, err
		}
	}},
	{"repositories", "repositories", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(artifactregistry.NewClient(b.Context(), dialBench(b, s, arHost)))(b)
		return func(token string) (string, error) {
			it := c.ListRepositories(b.Context(), &ar.ListRepositoriesRequest{Parent: "projects/myproject-a/locations/us-central1"})
			_, next, err := it.InternalFetch(30, token)
			return next, err
		}
	}},
	{"v1 services", "deep", restList("run.googleapis.com", "/v1/projects/myproject-a/locations/-/services?limit=20&continue=")},
	{"v1 jobs", "deep", restList("run.googleapis.com", "/apis/run.googleapis.com/v1/namespaces/myproject-a/jobs?limit=20&continue=")},
	{"v1 worker pools", "deep", restList("run.googleapis.com", "/apis/run.googleapis.com/v1/namespaces/myproject-a/workerpools?limit=20&continue=")},
	{"v2 services", "deep", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(cloudrun.NewServicesClient(b.Context(), dialBench(b, s, runHost)))(b)
		return func(token string) (string, error) {
			_, next, err := c.ListServices(b.Context(), &runpb.ListServicesRequest{Parent: regionA}).InternalFetch(20, token)
			return next, err
		}
	}},
	{"v2 jobs", "deep", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(cloudrun.NewJobsClient(b.Context(), dialBench(b, s, runHost)))(b)
		return func(token string) (string, error) {
			_, next, err := c.ListJobs(b.Context(), &runpb.ListJobsRequest{Parent: regionA}).InternalFetch(20, token)
			return next, err
		}
	}},
	{"v2 worker pools", "deep", func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		c := mustB(cloudrun.NewWorkerPoolsClient(b.Context(), dialBench(b, s, runHost)))(b)
		return func(token string) (string, error) {
			_, next, err := c.ListWorkerPools(b.Context(), &runpb.ListWorkerPoolsRequest{Parent: regionA}).InternalFetch(20, token)
			return next, err
		}
	}},
}

// BenchmarkLatePage compares the thirtieth page of a list with the first, as
// the ratio late/first, and the first with that of a world of a tenth the size,
// as big/small. Both are about 1 when neither a page's place nor the world's
// size matters.
func BenchmarkLatePage(b *testing.B) {
	for scale, sizes := range worldSizes {
		var servers [2]*sandbox.Server
		var worlds [2]*sandbox.World
		for i, size := range sizes {
			worlds[i] = generatedWorld(b, size)
			servers[i] = mustB(sandbox.Start(sandbox.Options{World: worlds[i]}))(b)
			b.Cleanup(func() { _ = servers[i].Close() })
		}
		for _, l := range pagedLists {
			if l.scale == scale {
				b.Run(l.name, func(b *testing.B) {
					compareLatency(b, l.open(b, servers[0], worlds[0]), l.open(b, servers[1], worlds[1]))
				})
			}
		}
	}
}

// BenchmarkSparseSearch has a caller who may see one project of 20,000 search
// for it.
func BenchmarkSparseSearch(b *testing.B) {
	s := mustB(sandbox.Start(sandbox.Options{World: generatedWorld(b, "{projects: 20000}"), Caller: nobody}))(b)
	defer s.Close()
	c := mustB(resourcemanager.NewProjectsClient(b.Context(), dialBench(b, s, crmHost)))(b)
	for b.Loop() {
		if _, err := c.SearchProjects(b.Context(), &crm.SearchProjectsRequest{}).Next(); err != iterator.Done {
			b.Fatal(err)
		}
	}
}

// quotaFromProjectA counts a call against the one project that has Cloud Asset on.
func quotaFromProjectA(ctx context.Context) context.Context {
	return metadata.AppendToOutgoingContext(ctx, "x-goog-user-project", "myproject-a")
}

// restList asks for pages of a list over REST; the token ends the path.
func restList(host, path string) func(*testing.B, *sandbox.Server, *sandbox.World) fetchPage {
	return func(b *testing.B, s *sandbox.Server, _ *sandbox.World) fetchPage {
		client := httpClient("")
		return func(token string) (string, error) {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+s.Addr()+path+token, nil)
			if err != nil {
				return "", err
			}
			r.Host = host
			answer, err := client.Do(r)
			if err != nil {
				return "", err
			}
			defer answer.Body.Close()
			var body struct {
				NextPageToken string
				Metadata      struct{ Continue string }
			}
			if answer.StatusCode != http.StatusOK {
				return "", errors.New(answer.Status)
			}
			err = json.NewDecoder(answer.Body).Decode(&body)
			return body.NextPageToken + body.Metadata.Continue, err
		}
	}
}

// mustB is must for benchmarks.
func mustB[T any](value T, err error) func(*testing.B) T {
	return func(b *testing.B) T {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
		return value
	}
}

// dialBench is dial for benchmarks.
func dialBench(b *testing.B, s *sandbox.Server, host string) option.ClientOption {
	b.Helper()
	conn, err := grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(host))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return option.WithGRPCConn(conn)
}

// compareLatency asks for a late page, the first one, and the first one of the smaller
// world in turn.
func compareLatency(b *testing.B, page, ofSmall fetchPage) {
	timed := func(page fetchPage, token string) (time.Duration, string) {
		before := time.Now()
		next, err := page(token)
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(before), next
	}
	late := ""
	for range 29 {
		if _, late = timed(page, late); late == "" {
			b.Fatal("the list has too few pages")
		}
	}
	var atLate, atFirst, atSmall time.Duration
	for b.Loop() {
		for sum, turn := range map[*time.Duration]func() (time.Duration, string){
			&atLate:  func() (time.Duration, string) { return timed(page, late) },
			&atFirst: func() (time.Duration, string) { return timed(page, "") },
			&atSmall: func() (time.Duration, string) { return timed(ofSmall, "") },
		} {
			took, _ := turn()
			*sum += took
		}
	}
	b.ReportMetric(float64(atLate)/float64(atFirst), "late/first")
	b.ReportMetric(float64(atFirst)/float64(atSmall), "big/small")
}

// TestPagesWhileWorkloadsComeAndGo deletes and deploys between the pages of
// lists: what is there all the time comes once.
func TestPagesWhileWorkloadsComeAndGo(t *testing.T) {
	w := generatedWorld(t, "{workloads: 400}")
	s := start(t, sandbox.Options{World: w})
	services := must(cloudrun.NewServicesClient(t.Context(), dial(t, s, runHost, "")))(t)
	assets := must(asset.NewClient(t.Context(), dial(t, s, assetHost, "")))(t)
	p := w.Projects[0]
	for name, read := range map[string]func(token string) (names []string, next string, err error){
		"v2 services": func(token string) (names []string, next string, err error) {
			found, next, err := services.ListServices(t.Context(), &runpb.ListServicesRequest{Parent: regionA}).InternalFetch(4, token)
			for _, f := range found {
				names = append(names, f.Name)
			}
			return names, next, err
		},
		"assets": func(token string) (names []string, next string, err error) {
			it := assets.ListAssets(quotaFromProjectA(t.Context()), &assetpb.ListAssetsRequest{Parent: "organizations/1", AssetTypes: []string{"run.googleapis.com/(Service|Revision)"}})
			found, next, err := it.InternalFetch(7, token)
			for _, f := range found {
				_, relative, _ := strings.Cut(f.Name, ".googleapis.com/")
				names = append(names, relative)
			}
			return names, next, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen, gone := map[string]int{}, map[string]bool{}
			for token, more := "", true; more; more = token != "" {
				names, next, err := read(token)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range names {
					seen[n]++
				}
				token = next
				all := w.Workloads(p)
				gone[all[0].Name()] = true
				w.DeleteWorkload(all[0])
				again := *all[len(all)/2]
				w.Deploy(again, "", nil)
			}
			for _, l := range w.Workloads(p) {
				if l.Kind == "service" && (name == "assets" || l.Region == "asia-northeast1") && seen[l.Name()] != 1 {
					t.Errorf("%s: %s came %d times", name, l.Name(), seen[l.Name()])
				}
			}
			for n, times := range seen {
				if times != 1 {
					t.Errorf("%s: %s came %d times", name, n, times)
				}
			}
			if len(gone) < 5 {
				t.Errorf("%s: only %d writes lay between the pages", name, len(gone))
			}
		})
	}
}
