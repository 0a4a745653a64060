package gcp

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
)

const scanScope = model.Resource("//cloudresourcemanager.googleapis.com/organizations/100000000001")

// callCounter counts the calls of a method.
type callCounter struct {
	mu   sync.Mutex
	made map[string]int
}

func (c *callCounter) log(call transport.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range []string{"SearchAllIamPolicies", "ListAssets"} {
		if strings.HasSuffix(call.Method, name) {
			c.made[name]++
		}
	}
}

func staleJSON(t *testing.T, s model.Situation) string {
	t.Helper()
	s.ReadingDone = true
	text, err := json.Marshal(model.FindStale(s).Bindings)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A scan that was interrupted continues where it stood, and comes to the same.
func TestScanResumes(t *testing.T) {
	address := startSandbox(t, sandbox.Options{}, "testdata/scan.yaml").Addr()
	cache := t.TempDir() + "/cache"
	options := model.ScanOptions{Project: "gen-home"}
	whole, list, err := dialTest(t, Options{Sandbox: address}).Scan(t.Context(), scanScope, options)
	if err != nil {
		t.Fatal(err)
	}
	want := staleJSON(t, whole)
	if text, err := json.Marshal(list.Bindings); err != nil || string(text) != want {
		t.Errorf("judged in rounds, %v:\n%s\nat once:\n%s", err, text, want)
	}
	if n := strings.Count(want, `"status":"active"`); n < 100 || strings.Count(want, `"status":"idle"`) == 0 {
		t.Fatalf("the world is not worth a scan: %d active", n)
	}

	// Stopped after the bindings, and again in the middle of the assets.
	for _, stop := range []func(model.ScanProgress) bool{func(s model.ScanProgress) bool { return s.Bindings > 0 }, func(s model.ScanProgress) bool { return s.Assets > 1500 }} {
		ctx, cancel := context.WithCancel(t.Context())
		o := options
		o.Resume = true
		o.Progress = func(s model.ScanProgress) {
			if stop(s) {
				cancel()
			}
		}
		if _, _, err := dialTest(t, Options{Sandbox: address, CacheFolder: cache}).Scan(ctx, scanScope, o); !errors.Is(err, context.Canceled) {
			t.Fatalf("not interrupted: %v", err)
		}
	}
	made := &callCounter{made: map[string]int{}}
	c := dialTest(t, Options{Sandbox: address, CacheFolder: cache, LogCall: made.log})
	if _, ok := c.InterruptedScan(scanScope); !ok {
		t.Fatal("nothing was kept")
	}
	options.Resume = true
	rest, _, err := c.Scan(t.Context(), scanScope, options)
	if err != nil {
		t.Fatal(err)
	}
	if got := staleJSON(t, rest); got != want {
		t.Errorf("resumed:\n%s\nwhole:\n%s", got, want)
	}
	if made.made["SearchAllIamPolicies"] != 0 || made.made["ListAssets"] == 0 {
		t.Errorf("calls after the interruption: %v", made.made)
	}
	if _, ok := c.InterruptedScan(scanScope); ok {
		t.Error("what was kept is still there after the end")
	}
	// Another caller's scan is another.
	if _, ok := dialTest(t, Options{Sandbox: address, CacheFolder: cache, Account: "user:other@example.com"}).InterruptedScan(scanScope); ok {
		t.Error("somebody else's")
	}
}

// What is known so far is shown while a scan runs: first the bindings without a status, then those that are judged. At its end
// it is what the scan gives.
func TestScanShowsWhatItFound(t *testing.T) {
	address := startSandbox(t, sandbox.Options{}, "testdata/scan.yaml").Addr()
	var shown []model.StaleList
	options := model.ScanOptions{Project: "gen-home", Found: func(list model.StaleList) { shown = append(shown, list) }}
	_, list, err := dialTest(t, Options{Sandbox: address}).Scan(t.Context(), scanScope, options)
	if err != nil || len(shown) < 2 {
		t.Fatal(len(shown), err)
	}
	final := map[string]model.StaleStatus{}
	name := func(b model.StaleBinding) string { return string(b.Resource) + b.Role + string(b.Member) }
	for _, b := range list.Bindings {
		final[name(b)] = b.Status
	}
	for n, part := range shown {
		judged := 0
		if n == 0 && part.Bindings[0].Status != "" {
			t.Errorf("the first part is judged: %+v", part.Bindings[0])
		}
		for _, b := range part.Bindings {
			if b.Status != "" {
				judged++
			}
			if b.Resource.Kind() == model.KindProject && b.Status == "" {
				continue // the search names projects by number
			}
			if want, ok := final[name(b)]; !ok || b.Status != "" && b.Status != want || b.Status == "" && (b.Removable || b.Replace != "") {
				t.Errorf("part %d: %s is %q, at the end %q", n, name(b), b.Status, want)
			}
		}
		if n == len(shown)-1 && judged == 0 {
			t.Errorf("of the last of %d parts nothing is judged", len(shown))
		}
	}
}

// The index may have either version's JSON of a workload.
func TestScanReadsBothVersions(t *testing.T) {
	for about, c := range map[string]struct{ kind, data string }{
		"service v1": {serviceAsset, `{"spec":{"template":{"spec":{"serviceAccountName":"a@p.iam.gserviceaccount.com","containers":[{"image":"nginx"},{"image":"us-docker.pkg.dev/p/r/i"}]}}},
			"status":{"latestReadyRevisionName":"w-2","traffic":[{"revisionName":"w-1","percent":10},{"revisionName":"w-2","percent":90,"latestRevision":true},{"revisionName":"w-0","tag":"old"},{"revisionName":"w-9"}]}}`},
		"service v2": {serviceAsset, `{"template":{"serviceAccount":"a@p.iam.gserviceaccount.com","containers":[{"image":"nginx"},{"image":"us-docker.pkg.dev/p/r/i"}]},
			"latestReadyRevision":"projects/p/locations/l/services/w/revisions/w-2",
			"trafficStatuses":[{"revision":"w-1","percent":10},{"revision":"w-2","percent":90},{"revision":"w-0","tag":"old"},{"revision":"w-9"}]}`},
		"job v1":  {jobAsset, `{"spec":{"template":{"spec":{"template":{"spec":{"serviceAccountName":"a@p.iam.gserviceaccount.com","containers":[{"image":"us-docker.pkg.dev/p/r/i"}]}}}}}}`},
		"job v2":  {jobAsset, `{"template":{"template":{"serviceAccount":"a@p.iam.gserviceaccount.com","containers":[{"image":"us-docker.pkg.dev/p/r/i"}]}}}`},
		"pool v1": {poolAsset, `{"spec":{"template":{"spec":{"serviceAccountName":"a@p.iam.gserviceaccount.com","containers":[{"image":"us-docker.pkg.dev/p/r/i"}]}}},"status":{"instanceSplits":[{"revisionName":"w-1","percent":100}]}}`},
		"pool v2": {poolAsset, `{"template":{"serviceAccount":"a@p.iam.gserviceaccount.com","containers":[{"image":"us-docker.pkg.dev/p/r/i"}]},"instanceSplitStatuses":[{"revision":"w-1","percent":100}]}`},
	} {
		t.Run(about, func(t *testing.T) {
			data := &structpb.Struct{}
			if err := protojson.Unmarshal([]byte(c.data), data); err != nil {
				t.Fatal(err)
			}
			s := &scan{checkpoint: newCheckpoint()}
			s.rebuildIndex()
			s.agents["7"] = true
			s.addPage(s.parsePage([]*assetpb.Asset{
				{Name: "//run.googleapis.com/projects/p/locations/l/services/w", AssetType: c.kind, Ancestors: []string{"projects/7", "organizations/1"}, Resource: &assetpb.Resource{Data: data}},
				{Name: "//run.googleapis.com/projects/q/locations/l/services/w", AssetType: c.kind, Ancestors: []string{"projects/8"}, Resource: &assetpb.Resource{Data: data}},
			}))
			if len(s.checkpoint.Running) != 1 || len(s.checkpoint.Running["7"]) != 1 {
				t.Fatalf("%s: %v", about, s.checkpoint.Running)
			}
			w := s.checkpoint.Running["7"][0]
			var serving []string
			for _, r := range w.Serving {
				serving = append(serving, r.Name)
			}
			want := map[model.WorkloadKind]string{model.Service: "w-1 w-2 w-0", model.WorkerPool: "w-1"}[w.Kind]
			if imageTexts(w.Images) != "us-docker.pkg.dev/p/r/i" || w.ServiceAccount != "a@p.iam.gserviceaccount.com" || !sameWords(serving, want) {
				t.Errorf("%s: %+v serving %v", about, w, serving)
			}
		})
	}
}

func sameWords(have []string, want string) bool {
	words := strings.Fields(want)
	if len(have) != len(words) {
		return false
	}
	for _, w := range words {
		if !strings.Contains(" "+strings.Join(have, " ")+" ", " "+w+" ") {
			return false
		}
	}
	return true
}

// No minute sees more calls than the quota has, and none of them waits longer than it must.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &rateLimiter{perMinute: 3}
		began := time.Now()
		var at []time.Duration
		for range 7 {
			if err := w.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			at = append(at, time.Since(began))
			time.Sleep(10 * time.Second)
		}
		want := []time.Duration{0, 10, 20, 60, 70, 80, 120}
		for i := range want {
			if at[i] != want[i]*time.Second {
				t.Fatalf("let through at %v", at)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		w.perMinute = 1
		if err := w.wait(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
