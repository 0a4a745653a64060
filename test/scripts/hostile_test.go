package scripts

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"whopulls/cmd"
	"whopulls/gcp/googletest"
	"whopulls/gcp/limits"
	"whopulls/gcp/sandbox"
)

// scaledLimits is the variable that names the attack, and lowers the limits so that a test can reach them.
const scaledLimits = "WHOPULLS_TEST_LIMITS"

// scaledMain is the program as main.go starts it, with its limits scaled down if a test asks for it.
func scaledMain() {
	way := os.Getenv(scaledLimits)
	if way != "" {
		limits.Body, limits.ListBytes, limits.Entries, limits.Headers = 1<<20, 8<<20, 20_000, 1<<18
		limits.Pages, limits.PolicyEntries = 30, 5_000
		go watchMemory()
	}
	if slices.Contains(slowAttacks, way) { // the others keep the usual times, because the machine may be busy
		limits.CallTime, limits.StepTime, limits.ListTime = time.Second, 2*time.Second, 2*time.Second
	}
	os.Exit(cmd.Main(cmd.Build{})) // only a release's linker says more
}

// slowAttacks are the attacks whose answers or operations never end.
var slowAttacks = []string{"dribble", "operations"}

// The most memory that a run with lowered limits may hold, and the exit code of a run that holds more.
const (
	maxMemory      = 300 << 20
	exitOverMemory = 99
)

// watchMemory ends the program when it holds too much memory.
func watchMemory() {
	held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(10 * time.Millisecond) {
		metrics.Read(held)
		if held[0].Value.Uint64()-held[1].Value.Uint64() > maxMemory {
			os.Exit(exitOverMemory)
		}
	}
}

// runResult is how a run of the program ended.
type runResult struct {
	code     int
	out      string
	errs     string
	timedOut bool
}

// hostileFixture is a sandbox behind a hostile server, and the folders of a user.
type hostileFixture struct {
	t       *testing.T
	attack  string
	folder  string
	sandbox *sandbox.Server
	hostile *googletest.Hostile
	env     []string // added to the test's
}

func newHostileFixture(t *testing.T, way string, world string) *hostileFixture {
	t.Helper()
	w, err := sandbox.Load(world)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Start(sandbox.Options{World: w})
	if err != nil {
		t.Fatal(err)
	}
	h, err := googletest.StartHostile(s.Addr(), way)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = h.Close(), s.Close() }) // the test is over
	return &hostileFixture{t, way, t.TempDir(), s, h, nil}
}

// runDirect runs the program against the sandbox itself.
func (b *hostileFixture) runDirect(args ...string) runResult {
	return b.run(b.sandbox.Addr(), "", args...)
}

// runHostile runs it against the hostile server, with lowered limits.
func (b *hostileFixture) runHostile(args ...string) runResult {
	return b.run(b.hostile.Addr, b.attack, args...)
}

func (b *hostileFixture) run(address, scaled string, args ...string) runResult {
	b.t.Helper()
	return b.command(scaled, "whopulls", append(args, "--sandbox="+address)...)
}

// command runs a command with the folders of the fixture.
func (b *hostileFixture) command(scaled, name string, args ...string) runResult {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	c.Env = append(os.Environ(), scaledLimits+"="+scaled, "XDG_CACHE_HOME="+b.folder, "XDG_CONFIG_HOME="+b.folder, "XDG_STATE_HOME="+b.folder)
	c.Env = append(c.Env, b.env...)
	_ = c.Run() // the test checks its code
	return runResult{code: c.ProcessState.ExitCode(), out: out.String(), errs: errs.String(), timedOut: ctx.Err() != nil}
}

// wantExit checks a run: it ends in time, with one of the codes, and prints little.
func (r runResult) wantExit(t *testing.T, codes ...int) {
	t.Helper()
	if r.timedOut || !slices.Contains(codes, r.code) || len(r.out)+len(r.errs) > 1<<20 {
		t.Errorf("it ended with %d, want one of %v; too late: %t\n%.2000s\n%.2000s", r.code, codes, r.timedOut, r.out, r.errs)
	}
}

// writeCrowdWorld writes the world of stale.txtar to a file.
func writeCrowdWorld(t *testing.T) string {
	t.Helper()
	script, err := txtar.ParseFile("testdata/script/stale.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range script.Files {
		if f.Name == "crowd.yaml" {
			file := filepath.Join(t.TempDir(), f.Name)
			if err := os.WriteFile(file, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
	}
	t.Fatal("the script has no crowd.yaml")
	return ""
}

var (
	articleJob = []string{"--project=myproject-a", "--region=asia-northeast1", "--job=myjob"}
	crowdRepo  = "--repository=projects/source-b/locations/us/repositories/images"
)

// hidesPolicies are the attacks that leave no policy readable: then nothing is known to be missing or in use.
var hidesPolicies = []string{"bodies", "texts", "dribble", "headers", "members", "bindings"}

// hidesLists are the attacks that leave no list whole: then nothing is known to be idle.
var hidesLists = append([]string{"pages", "token", "empty"}, hidesPolicies...)

// A check against any hostile server ends in time and reports only what it read.
func TestCheckOfHostileServers(t *testing.T) {
	for _, way := range googletest.Attacks {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			codes := []int{3, 5} // it is missing, and what was read is enough to say so
			if slices.Contains(hidesPolicies, way) {
				codes = []int{1, 5}
			}
			b.runHostile(append([]string{"check"}, articleJob...)...).wantExit(t, codes...)
		})
	}
}

// Nothing is granted, and no grant is undone, where a policy could not be read whole or would be written without an etag.
func TestGrantAndUndoAtHostileServers(t *testing.T) {
	for _, way := range append([]string{"etag"}, hidesPolicies...) {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			grant := append([]string{"grant", "--quiet"}, articleJob...)
			b.runHostile(grant...).wantExit(t, 1, 3, 4, 5)
			b.runDirect(grant...).wantExit(t, 0)
			b.runHostile("undo", "--quiet").wantExit(t, 1, 3, 4, 5)
			if n := b.hostile.Writes(); n > 0 {
				t.Errorf("%d writes came", n)
			}
		})
	}
}

// Where a list is not whole, nothing is idle and nothing is removed.
func TestStaleAtHostileServers(t *testing.T) {
	world := writeCrowdWorld(t)
	for _, way := range append([]string{"etag"}, hidesLists...) {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, world)
			before := b.runDirect("stale", "list", crowdRepo, "--format=json")
			list := b.runHostile("stale", "list", crowdRepo, "--format=json")
			list.wantExit(t, 1, 3, 5)
			if way != "etag" && len(idleBindings(list.out)) > 0 {
				t.Errorf("bindings are idle: %v", idleBindings(list.out))
			}
			removed := b.runHostile("stale", "remove", "--quiet", crowdRepo, "--format=json")
			if way != "etag" && !slices.Contains(hidesPolicies, way) { // a deleted member's binding goes in any case
				removed.wantExit(t, 0, 1, 5)
				if left := b.runDirect("stale", "list", crowdRepo, "--format=json"); len(idleBindings(left.out)) != len(idleBindings(before.out)) {
					t.Errorf("idle bindings were removed: left are %v", idleBindings(left.out))
				}
				return
			}
			removed.wantExit(t, 1, 3, 4, 5)
			if n := b.hostile.Writes(); n > 0 {
				t.Errorf("%d writes came", n)
			}
		})
	}
}

// idleBindings gives the idle bindings of a list.
func idleBindings(out string) (idle []string) {
	var list struct {
		Bindings []struct{ Status, Member, Role string }
	}
	if out == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		return []string{err.Error()}
	}
	for _, b := range list.Bindings {
		if b.Status == "idle" {
			idle = append(idle, b.Member+" "+b.Role)
		}
	}
	return idle
}

// The scan of an organization from a hostile index: what the index lacks makes nothing idle.
func TestScanAtHostileServers(t *testing.T) {
	world := writeCrowdWorld(t)
	for _, way := range hidesLists {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, world)
			list := b.runHostile("stale", "list", "--organization=100000000001", "--format=json")
			list.wantExit(t, 1, 5)
			if idle := idleBindings(list.out); len(idle) > 0 {
				t.Errorf("bindings are idle: %v", idle)
			}
		})
	}
}

// Completion from a hostile server ends in time with some words or none. A list that was not read whole is not cached.
func TestCompletionAtHostileServers(t *testing.T) {
	for _, way := range []string{"pages", "token", "empty", "bodies", "texts", "dribble", "headers"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			b.env = []string{"WHOPULLS_REFILLING=true"} // as the background process, which starts no other
			b.command(way, "whopulls", "__complete", "check", "--sandbox="+b.hostile.Addr, "--project=").wantExit(t, 0)
			kept, err := filepath.Glob(filepath.Join(b.folder, "whopulls", "list-*"))
			if err != nil || len(kept) > 0 {
				t.Errorf("a list that was cut is cached as if it were whole: %v, %v", kept, err)
			}
		})
	}
}
