package cmd

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/adrg/xdg"
	"go.uber.org/goleak"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/sandbox"
)

const (
	defaultSoakChecks  = 40 // checks, unless SOAK_CHECKS says otherwise
	parallelSoakChecks = 4  // of them at a time
)

// Check after check against a server that is slow and fails: each ends as a check may, and none leaves anything behind.
func TestSoak(t *testing.T) {
	total := soakChecks(t)
	isolateFolders(t)
	server := startSoakServer(t)
	soak(t, server, parallelSoakChecks) // what is made once in a process is made now
	quiet := goleak.IgnoreCurrent()
	files, seen := openFiles(t), map[string]int{}
	var heaps []uint64
	quarter := max(total/4, parallelSoakChecks)
	for range 4 {
		for verdict, n := range soak(t, server, quarter) {
			seen[verdict] += n
		}
		heaps = append(heaps, heapInUse())
	}
	for _, verdict := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%d × %s", seen[verdict], verdict)
	}
	t.Logf("heap in use after each quarter: %d KiB", inKiB(heaps))
	if err := goleak.Find(quiet); err != nil {
		t.Errorf("%d checks left goroutines: %v", 4*quarter, firstLines(err.Error(), 12))
	}
	if left := leftOpen(t, files); len(left) > 0 {
		t.Errorf("%d checks left files open: %v", 4*quarter, left)
	}
	checkHeapGrowth(t, heaps)
}

func soakChecks(t *testing.T) int {
	value := os.Getenv("SOAK_CHECKS")
	if value == "" {
		return defaultSoakChecks
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		t.Fatalf("SOAK_CHECKS is %q; it is how many checks are made", value)
	}
	return n
}

// isolateFolders keeps what the checks keep for each other away from the user's.
func isolateFolders(t *testing.T) {
	t.Helper()
	t.Cleanup(xdg.Reload) // after the variables are what they were
	for _, name := range []string{"XDG_CACHE_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, t.TempDir())
	}
	xdg.Reload()
}

// startSoakServer is a sandbox with weather.
func startSoakServer(t *testing.T) *sandbox.Server {
	t.Helper()
	world, err := sandbox.Load(options.DefaultWorld)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sandbox.Start(sandbox.Options{World: world, Latency: time.Millisecond, Jitter: 4 * time.Millisecond, FaultRate: 0.15, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// soak makes n checks, some side by side, and counts how they ended.
func soak(t *testing.T, s *sandbox.Server, n int) map[string]int {
	t.Helper()
	ends := make(chan string, n)
	var all sync.WaitGroup
	tickets := make(chan struct{}, parallelSoakChecks)
	for i := range n {
		tickets <- struct{}{}
		all.Go(func() {
			defer func() { <-tickets }()
			ends <- soakOnce(t, append([]string{"check", "--sandbox=" + s.Addr(), "--format=json"}, soakArgs[i%len(soakArgs)]...))
		})
	}
	all.Wait()
	close(ends)
	counts := map[string]int{}
	for end := range ends {
		counts[end]++
	}
	return counts
}

// soakArgs are what the checks ask: of who sees everything, of who sees little, of what is granted and of what is not there.
var soakArgs = [][]string{
	jobFlags,
	append(jobFlags[:3:3], "--account=kenji@example.com"),
	{"--project=myproject-b", "--image=" + image},
	{"--project=myproject-a", "--region=asia-northeast1", "--service=no-such-service"},
	append(jobFlags[:3:3], "--log-http"),
}

// soakOnce makes one check through the whole command line.
func soakOnce(t *testing.T, args []string) string {
	var out, errs strings.Builder
	p := &program{build: Build{Version: "soak"}, now: time.Now, dial: dialCloud,
		io: console.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Width: console.DefaultWidth, Lookup: func(string) (string, bool) { return "", false }}}
	code := p.run(context.Background(), args)
	var said struct{ Verdict console.Status } // an error's document has none
	if err := json.Unmarshal([]byte(out.String()), &said); err != nil {
		t.Errorf("%v: standard output is no document: %v\n%s", args, err, out.String())
	}
	if legal, ok := console.ExitCodes[cmp.Or(said.Verdict, console.StatusError)]; !ok || legal != code {
		t.Errorf("%v ended with %d and the verdict %q\n%s%s", args, code, said.Verdict, out.String(), errs.String())
	}
	return fmt.Sprintf("exit code %d, verdict %q", code, said.Verdict)
}

// openFiles names what the process has open, with how often; nothing where the system does not tell.
func openFiles(t *testing.T) map[string]int {
	t.Helper()
	open := map[string]int{}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return open
	}
	for _, e := range entries {
		name, err := os.Readlink(filepath.Join("/proc/self/fd", e.Name()))
		if err != nil || name == "/proc/"+strconv.Itoa(os.Getpid())+"/fd" { // what reads the folder itself
			continue
		}
		kind, _, _ := strings.Cut(name, ":[") // sockets have a number each
		open[kind]++
	}
	return open
}

// leftOpen gives what is open beyond what was. The server closes its ends a moment after the checks closed theirs.
func leftOpen(t *testing.T, before map[string]int) []string {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left = nil
		for kind, n := range openFiles(t) {
			if more := n - before[kind]; more > 0 {
				left = append(left, fmt.Sprintf("%d × %s", more, kind))
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return left
		}
	}
}

// heapInUse is what is still reachable.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // what had a finalizer goes now
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Of a leak in every check the heap would grow without end. What the sandbox's log keeps of the calls has its bound: it may
// fill up meanwhile.
const (
	heapGrowth = 1.5
	heapSlack  = 4 << 20
)

func checkHeapGrowth(t *testing.T, heaps []uint64) {
	t.Helper()
	first, last := heaps[0], heaps[len(heaps)-1]
	if most := uint64(heapGrowth*float64(first)) + heapSlack; last > most {
		t.Errorf("the heap grew from %d to %d KiB, more than to %d", first>>10, last>>10, most>>10)
	}
}

func inKiB(heaps []uint64) []uint64 {
	sizes := make([]uint64, len(heaps))
	for i, h := range heaps {
		sizes[i] = h >> 10
	}
	return sizes
}

func firstLines(text string, n int) string {
	lines := strings.SplitN(text, "\n", n+1)
	return strings.Join(lines[:min(len(lines), n)], "\n")
}
