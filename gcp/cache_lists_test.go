package gcp

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"whopulls/gcp/cache"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/signin"
	"whopulls/model"
)

// sharedCache is a sandbox, and the folder of the commands that use it.
type sharedCache struct {
	server *sandbox.Server
	dir    string
}

func (k sharedCache) dial(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: k.server.Addr(), Account: account, CacheFolder: k.dir})
}

// Every list that was read whole is kept for the next command, and read by Kept alone.
func TestListsAreKeptForTheNextCommand(t *testing.T) {
	k := sharedCache{startSandbox(t, sandbox.Options{}, article), filepath.Join(t.TempDir(), "whopulls")}
	repository := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
	first := k.dial(t, "")
	projects, _, _ := collect(t, first.Projects(t.Context()))
	workloads, _, _ := collect(t, first.Workloads(t.Context(), "myproject-a"))
	repositories, _, _ := collect(t, first.Repositories(t.Context(), "myproject-b"))
	images, _, _ := collect(t, first.Images(t.Context(), repository))
	next := k.dial(t, "")
	over, end := context.WithCancel(t.Context())
	end() // so that nothing but what is kept can answer
	keptProjects, _, _ := collect(t, next.CachedLists().Projects(over))
	keptWorkloads, _, _ := collect(t, next.CachedLists().Workloads(over, "myproject-a"))
	keptRepositories, _, _ := collect(t, next.CachedLists().Repositories(over, "myproject-b"))
	keptImages, _, _ := collect(t, next.CachedLists().Images(over, repository))
	for name, pair := range map[string][2]any{"projects": {projects, keptProjects}, "workloads": {workloads, keptWorkloads},
		"repositories": {repositories, keptRepositories}, "images": {images, keptImages}} {
		t.Run(name, func(t *testing.T) {
			if !equalJSON(t, pair[0], pair[1]) {
				t.Errorf("%s: kept %v of %v", name, pair[1], pair[0])
			}
		})
	}
	if firstFailure(next.Projects(over)) == nil {
		t.Error("what lists again was answered from what is kept")
	}
}

// firstFailure gives the error or the gap that a list ends in.
func firstFailure[T any](list iter.Seq2[model.ListPage[T], error]) error {
	for page, err := range list {
		if err != nil || len(page.Gaps) > 0 {
			return errors.Join(err, errors.New("a gap"))
		}
	}
	return nil
}

func TestListsAreKeptByAccountCloudAndTime(t *testing.T) {
	k := sharedCache{startSandbox(t, sandbox.Options{}, article), filepath.Join(t.TempDir(), "whopulls")}
	collect(t, k.dial(t, "").Projects(t.Context()))
	for name, test := range map[string]struct {
		account model.Member
		change  func(*Cloud)
		kept    bool
	}{
		"the same":          {kept: true},
		"another account":   {account: "user:kenji@example.com"},
		"another cloud":     {change: func(c *Cloud) { c.origin = "google:googleapis.com" }},
		"an unknown caller": {change: func(c *Cloud) { c.caller = model.Unread[model.Member](model.Gap{}) }, kept: true},
		"too late":          {change: func(c *Cloud) { c.now = func() time.Time { return time.Now().Add(10 * time.Minute) } }},
		"open to others": {change: func(*Cloud) {
			if err := os.Chmod(k.dir, 0o755); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(k.dir, 0o700) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.Chmod(k.dir, 0o700); err != nil {
				t.Fatal(err)
			}
			c := k.dial(t, test.account)
			if test.change != nil {
				test.change(c)
			}
			if _, ok := cache.Get[[]model.Project](c.cache, cache.List, c.listKey(projectsListKey), true); ok != test.kept {
				t.Errorf("kept %t", ok)
			}
		})
	}
}

// Half a list would pass for the whole; what was not read to its end, or has gaps, is not kept.
func TestOnlyWholeListsAreKept(t *testing.T) {
	k := sharedCache{startSandbox(t, sandbox.Options{}, article), filepath.Join(t.TempDir(), "whopulls")}
	c := k.dial(t, "")
	pages := func(ends error, gaps ...model.Gap) iter.Seq2[model.ListPage[model.Project], error] {
		return func(yield func(model.ListPage[model.Project], error) bool) {
			if yield(model.ListPage[model.Project]{Items: []model.Project{{ID: "p-one"}}}, nil) && yield(model.ListPage[model.Project]{Gaps: gaps}, ends) {
				return
			}
		}
	}
	isKept := func() bool { _, ok := cache.Get[[]model.Project](c.cache, cache.List, c.listKey("l"), true); return ok }
	for range cacheWhole(c, "l", pages(errors.New("torn"))) {
	}
	for range cacheWhole(c, "l", pages(nil, model.Gap{Reason: "closed"})) {
	}
	for range cacheWhole(c, "l", pages(nil)) {
		break
	}
	if isKept() {
		t.Error("a part of a list was kept")
	}
	for range cacheWhole(c, "l", pages(nil)) {
	}
	if !isKept() {
		t.Error("a whole list was not kept")
	}
	if left := filesIn(t, k.dir); !slices.ContainsFunc(left, func(f string) bool { return filepath.Ext(f) == ".json" }) {
		t.Errorf("left: %v", left)
	}
}

// At Google nobody signs in for what is kept: a shell would wait a second for that, each time.
func TestWhatIsKeptNeedsNoSignIn(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "whopulls")
	c, g, err := dialGoogleTest(t, "user:dev@example.com", func(t *Options) { t.CacheFolder = cache })
	if err != nil {
		t.Fatal(err)
	}
	projects, _, _ := collect(t, c.Projects(t.Context()))
	target := Options{SignIn: signin.Options{KeyFile: filepath.Join(g.Dir, "adc.json")}, Network: networkTo(t, g), CacheFolder: cache, LazySignIn: true}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	later, err := Dial(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	kept, _, _ := collect(t, later.CachedLists().Projects(t.Context()))
	if len(kept) == 0 || len(kept) != len(projects) {
		t.Errorf("%d of %d projects are kept", len(kept), len(projects))
	}
	if later.Caller().Read() {
		t.Errorf("somebody signed in: %v", later.Caller())
	}
	target.SignIn.Account, target.SignIn.AccountFromFlag = "other@example.com", true
	other, err := Dial(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if firstFailure(other.CachedLists().Projects(t.Context())) == nil {
		t.Error("another account is offered what this one saw")
	}
}
