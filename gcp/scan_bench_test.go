package gcp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"golang.org/x/sync/errgroup"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// readDirectly reads the pages that a scan reads, and what runs in the same projects, and does nothing with them.
func readDirectly(ctx context.Context, c *Cloud, projects []string) error {
	ctx = transport.WithCallOptions(ctx, transport.CallOptions{Project: "gen-home"})
	for token, more := "", true; more; more = token != "" {
		it := c.clients.Assets.SearchAllIamPolicies(ctx, &assetpb.SearchAllIamPoliciesRequest{Scope: scanScope.Path(), Query: bindingQuery, AssetTypes: bindingAssetTypes})
		var err error
		if _, token, err = it.InternalFetch(searchPage, token); err != nil {
			return err
		}
	}
	var group errgroup.Group
	group.SetLimit(2)
	for _, kind := range []string{revisionAsset, projectAsset, repositoryAsset, serviceAsset, jobAsset, poolAsset} {
		group.Go(func() error {
			for token, more := "", true; more; more = token != "" {
				it := c.clients.Assets.ListAssets(ctx, &assetpb.ListAssetsRequest{Parent: scanScope.Path(), AssetTypes: []string{kind}, ContentType: assetpb.ContentType_RESOURCE})
				var err error
				if _, token, err = it.InternalFetch(assetPage, token); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var direct errgroup.Group
	for _, p := range projects {
		direct.Go(func() error {
			_, err := c.inventory(ctx, p)
			return err
		})
	}
	return direct.Wait()
}

// BenchmarkScan compares the scan of an organization, judged, with reading the same and doing nothing. SCAN_WORKLOADS makes
// it the size that the design names: 100000, with a fifth as many projects and a twentieth as many repositories.
func BenchmarkScan(b *testing.B) {
	workloads := 10000
	if text := os.Getenv("SCAN_WORKLOADS"); text != "" {
		if _, err := fmt.Sscan(text, &workloads); err != nil {
			b.Fatal(err)
		}
	}
	text, err := os.ReadFile("testdata/scan.yaml")
	if err != nil {
		b.Fatal(err)
	}
	world := filepath.Join(b.TempDir(), "scan.yaml")
	text = append(text[:len(text)-len(lastLine(text))], fmt.Sprintf("generate: {projects: %d, repositories: %d, images: %d, workloads: %d, seed: 7, agents: true}\n",
		workloads/5, workloads/20, workloads/5, workloads)...)
	if err := os.WriteFile(world, text, 0o600); err != nil {
		b.Fatal(err)
	}
	c := dialTest(b, Options{Sandbox: startSandbox(b, sandbox.Options{}, world).Addr()})
	var scan, alone time.Duration
	for b.Loop() {
		began := time.Now()
		s, list, err := c.Scan(b.Context(), scanScope, model.ScanOptions{Project: "gen-home"})
		if err != nil {
			b.Fatal(err)
		}
		if len(list.Bindings) < workloads/10 {
			b.Fatal("hardly anything was found")
		}
		scan += time.Since(began)
		var projects []string
		for p := range s.Inventories {
			projects = append(projects, p)
		}
		began = time.Now()
		if err := readDirectly(b.Context(), c, projects); err != nil {
			b.Fatal(err)
		}
		alone += time.Since(began)
	}
	b.ReportMetric(scan.Seconds()/float64(b.N), "scan-s")
	b.ReportMetric(alone.Seconds()/float64(b.N), "alone-s")
	b.ReportMetric(float64(scan)/float64(alone), "scan/alone")
}

func lastLine(text []byte) []byte {
	end := len(text) - 1
	for end > 0 && text[end-1] != '\n' {
		end--
	}
	return text[end:]
}
