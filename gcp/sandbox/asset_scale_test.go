package sandbox_test

import (
	"runtime"
	"testing"

	asset "cloud.google.com/go/asset/apiv1"
	"cloud.google.com/go/asset/apiv1/assetpb"

	"whopulls/gcp/sandbox"
)

const (
	sharedFull  = "{projects: 20000, repositories: 5000, images: 20000, workloads: 100000, agents: true}"
	sharedSmall = "{projects: 200, repositories: 50, images: 200, workloads: 1000, agents: true}"
	agentsQuery = `policy:"serverless-robot-prod.iam.gserviceaccount.com" OR memberTypes:deleted`
)

// scannedTypes are what a scan of an organization lists.
var scannedTypes = []string{
	"cloudresourcemanager.googleapis.com/Project", "artifactregistry.googleapis.com/Repository", "run.googleapis.com/Service",
	"run.googleapis.com/Job", "run.googleapis.com/WorkerPool", "run.googleapis.com/Revision",
}

// listAll reads all pages of a list of assets and gives how many there are.
func listAll(t testing.TB, c *asset.Client, kind string) (assets int) {
	t.Helper()
	for token, more := "", true; more; more = token != "" {
		it := c.ListAssets(quotaFromProjectA(t.Context()), &assetpb.ListAssetsRequest{Parent: "organizations/1", AssetTypes: []string{kind}, ContentType: assetpb.ContentType_RESOURCE})
		page, next, err := it.InternalFetch(1000, token)
		if err != nil {
			t.Fatal(err)
		}
		assets, token = assets+len(page), next
	}
	return assets
}

// searchAll reads all pages of the search for bindings of agents.
func searchAll(t testing.TB, c *asset.Client, types ...string) (found []*assetpb.IamPolicySearchResult) {
	t.Helper()
	for token, more := "", true; more; more = token != "" {
		it := c.SearchAllIamPolicies(quotaFromProjectA(t.Context()), &assetpb.SearchAllIamPoliciesRequest{Scope: "organizations/1", Query: agentsQuery, AssetTypes: types})
		page, next, err := it.InternalFetch(500, token)
		if err != nil {
			t.Fatal(err)
		}
		found, token = append(found, page...), next
	}
	return found
}

// TestScanOfAMadeUpOrganization reads a small one as a scan does.
func TestScanOfAMadeUpOrganization(t *testing.T) {
	c := assetClient(t, start(t, sandbox.Options{World: generatedWorld(t, sharedSmall)}), "")
	total := 0
	for _, kind := range scannedTypes {
		n := listAll(t, c, kind)
		if n == 0 {
			t.Errorf("there is no %s", kind)
		}
		total += n
	}
	if total < 1250 {
		t.Errorf("found %d assets", total)
	}
	if found := searchAll(t, c, ".*/Repository"); len(found) < 40 || len(found[0].Policy.Bindings) == 0 {
		t.Errorf("the agents are in %d repositories: %v", len(found), found)
	}
}

// BenchmarkScan reads each type of asset of an organization of 20,000 projects
// whole, and searches it for the bindings of agents.
func BenchmarkScan(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := mustB(sandbox.Start(sandbox.Options{World: generatedWorld(b, sharedFull)}))(b)
	defer s.Close()
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("the world holds %d MB", (after.HeapAlloc-before.HeapAlloc)>>20)
	c := mustB(asset.NewClient(b.Context(), dialBench(b, s, assetHost)))(b)
	for _, kind := range scannedTypes {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(listAll(b, c, kind)), "assets")
			}
		})
	}
	for name, types := range map[string][]string{"search": nil, "search projects and repositories": {".*/Project", ".*/Repository"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(float64(len(searchAll(b, c, types...))), "policies")
			}
		})
	}
}

// BenchmarkLoadShared makes the world of BenchmarkScan.
func BenchmarkLoadShared(b *testing.B) {
	for b.Loop() {
		generatedWorld(b, sharedFull)
	}
}
