package crash

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
)

// stillOpen reports whether a change may still arrive.
func stillOpen(entries []historyEntry) bool {
	return slices.ContainsFunc(entries, func(e historyEntry) bool { return e.State == "unclear" && e.Until != nil })
}

// A grant of five bindings is killed at a random moment. After the next start the journal is right about each binding, and undo
// restores the policies.
func TestKilledAnywhere(t *testing.T) {
	s := newFixture(t, sandbox.Options{Latency: 2 * time.Millisecond})
	begun := s.policies()
	whole := s.timeGrant()
	s.wantPolicies(begun)
	known := len(s.history())
	seen := map[int]int{} // how many changes were made before the kill
	kills := sizeFromEnv("CRASH_KILLS", 60)
	for range kills {
		c := s.command(append([]string{"grant", "--quiet", deployerFlag}, questionFlags...)...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/4 + rand.N(whole*3/4)) // the first quarter is for reading
		_ = c.Process.Kill()                    // it may have ended by itself
		_ = c.Wait()
		entries := s.history()[known:]
		s.wantTruthful(entries)
		open := 0
		for _, e := range entries {
			if e.State == "intended" {
				t.Errorf("entry %s is intended still: %s", e.ID, e.Message)
			}
			if e.State == "done" && e.Kind == "grant" {
				open++
			}
		}
		seen[open]++
		switch open { // the machine may be slower by now, or faster
		case 0:
			whole += whole / 8
		case 5:
			whole -= whole / 8
		}
		if out, errs, code := s.run("undo", "--quiet"); open > 0 && code != 0 && !stillOpen(entries) {
			t.Errorf("undo ended with %d: %s %s", code, out, errs)
		}
		s.wantPolicies(begun)
		if t.Failed() {
			return
		}
		known = len(s.history())
	}
	for deadline := time.Now().Add(time.Minute); stillOpen(s.history()) && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond) // what never arrives is decided by time
	}
	if entries := s.history(); stillOpen(entries) {
		t.Errorf("never settled: %+v", entries)
	}
	s.wantPolicies(begun)
	t.Logf("changes made before the end, and how often: %v", seen)
	if kills >= 50 && len(seen) < 3 {
		t.Errorf("it was killed at %d stages only: %v", len(seen), seen)
	}
}
