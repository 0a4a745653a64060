package crash

import (
	"context"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
	"whopulls/test/latewrite"
)

// A write arrives seconds after its process was killed. The journal's entry stays open until then, becomes right, and undo
// restores the policy. If someone else changed the policy meanwhile, the late write is refused, and the entry says so.
func TestWriteArrivesAfterTheKill(t *testing.T) {
	for name, test := range map[string]struct {
		delay     time.Duration
		meanwhile bool // someone else writes before it arrives
		look      bool // the program runs before it arrives
	}{
		"1 s":                            {time.Second, false, false}, // the first look waits as long
		"4 s, nobody looks before":       {4 * time.Second, false, false},
		"10 s":                           {10 * time.Second, false, true},
		"2 s, somebody else writes":      {2 * time.Second, true, true},
		"2 s, somebody writes, no looks": {2 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, sandbox.Options{})
			begun := s.policies()
			h := latewrite.Start(t, s.addr, test.delay, readerRole, "user:old@example.com")
			c := s.command(append([]string{"grant", "--quiet", "--only=pull", deployerFlag}, questionFlags...)...)
			c.Env = append(c.Env, "WHOPULLS_SANDBOX="+h.Addr().String())
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-h.Held:
			case <-time.After(time.Minute):
				t.Fatal("no write was sent")
			}
			_ = c.Process.Kill()
			_ = c.Wait()
			if test.look {
				wantOpen(t, s)
			}
			if test.meanwhile && !s.add(policyOfMyrepo, "user:meanwhile@example.com") {
				t.Fatal("the other write failed")
			}
			h.Wait() // it arrived
			end := s.waitResolved(t)
			s.wantTruthful([]historyEntry{end})
			want := map[bool]string{false: "done", true: "failed"}[test.meanwhile]
			if end.State != want {
				t.Errorf("the entry is %s (%s), want %s", end.State, end.Message, want)
			}
			if !test.meanwhile {
				if out, errs, code := s.run("undo", "--quiet"); code != 0 {
					t.Errorf("undo ended with %d: %s %s", code, out, errs)
				}
				s.wantPolicies(begun)
			}
		})
	}
}

const policyOfMyrepo = "//artifactregistry.googleapis.com/" + myrepo

// wantOpen wants the entry of the killed process to be open, and undo to undo nothing yet.
func wantOpen(t *testing.T, s fixture) {
	t.Helper()
	entries := s.history()
	if len(entries) != 1 || entries[0].State != "unclear" || entries[0].Until == nil {
		t.Errorf("before it arrives: %+v", entries)
	}
	if _, errs, code := s.run("undo", "--quiet", entries[0].ID); code != 3 {
		t.Errorf("undo of what may still arrive ended with %d: %s", code, errs)
	}
}

// waitResolved waits until the one entry is decided, which is at the latest when a write can't arrive any more.
func (s fixture) waitResolved(t *testing.T) historyEntry {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if entries := s.history(); len(entries) == 1 && entries[0].Until == nil && entries[0].State != "intended" {
			return entries[0]
		}
		time.Sleep(100 * time.Millisecond) // between two starts of a program
	}
	t.Fatalf("never settled: %+v", s.history())
	return historyEntry{}
}
