package sandbox_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	crm "cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"whopulls/gcp/sandbox"
)

// big is a world with made-up content.
func big(t testing.TB, generate string) *sandbox.World {
	t.Helper()
	const around = `caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}]}}
projects: [{id: myproject-a, number: "111111111111", parent: organizations/1}]
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
	s := start(t, sandbox.Options{World: big(t, "{projects: 1234}")})
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
		big(b, "{projects: 20000, repositories: 5000, images: 200000, workloads: 100000}")
	}
}

// BenchmarkLatePage compares a late page with the first, as the ratio late/first:
// about 1 when a page's place does not matter.
func BenchmarkLatePage(b *testing.B) {
	w := big(b, "{projects: 20000, repositories: 1, images: 200000}")
	s, err := sandbox.Start(sandbox.Options{World: w})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.Run("images", func(b *testing.B) {
		c, err := artifactregistry.NewClient(b.Context(), reach(b, s, arHost))
		if err != nil {
			b.Fatal(err)
		}
		home := w.Projects[1].Repositories[0].Name()
		compare(b, func(token string) (string, error) {
			it := c.ListDockerImages(b.Context(), &ar.ListDockerImagesRequest{Parent: home})
			_, next, err := it.InternalFetch(1000, token)
			return next, err
		})
	})
	b.Run("projects", func(b *testing.B) {
		c, err := resourcemanager.NewProjectsClient(b.Context(), reach(b, s, crmHost))
		if err != nil {
			b.Fatal(err)
		}
		compare(b, func(token string) (string, error) {
			it := c.SearchProjects(b.Context(), &crm.SearchProjectsRequest{})
			_, next, err := it.InternalFetch(500, token)
			return next, err
		})
	})
}

// reach is dial for benchmarks.
func reach(b *testing.B, s *sandbox.Server, host string) option.ClientOption {
	b.Helper()
	conn, err := grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithAuthority(host))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	return option.WithGRPCConn(conn)
}

// compare asks for the first page and for the thirtieth in turn.
func compare(b *testing.B, page func(token string) (next string, err error)) {
	late := ""
	timed := func(token string) (time.Duration, string) {
		before := time.Now()
		next, err := page(token)
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(before), next
	}
	for range 29 {
		_, late = timed(late)
	}
	var atFirst, atLate time.Duration
	for b.Loop() {
		took, _ := timed("")
		atFirst += took
		took, _ = timed(late)
		atLate += took
	}
	b.ReportMetric(float64(atLate)/float64(atFirst), "late/first")
}
