package crash

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
)

// An interruption in the middle of a write lets it finish, with those that run at the same time. Nothing is lost, and no step that
// waits for them begins.
func TestInterruptedInTheMiddle(t *testing.T) {
	for only, made := range map[string]int{"deploy,read-image": 2, "agent,pull": 1} {
		t.Run(only, func(t *testing.T) {
			latency := 150 * time.Millisecond // on a busy machine the interruption may come after the write
			for !interruptOnce(t, only, made, latency) {
				if latency *= 4; latency > 10*time.Second {
					t.Fatalf("it continued after the %d that were under way", made)
				}
			}
		})
	}
}

// interruptOnce reports whether no step began after the interruption.
func interruptOnce(t *testing.T, only string, made int, latency time.Duration) bool {
	if runtime.GOOS == "windows" {
		t.Skip("an interrupt can't be sent to a process there")
	}
	s := newFixture(t, sandbox.Options{Latency: latency})
	c := s.command(append([]string{"grant", "--quiet", deployerFlag, "--only=" + only}, questionFlags...)...)
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(s.state, "whopulls", "journal.jsonl")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if text, err := os.ReadFile(journal); err == nil && strings.Count(string(text), `"state":"intended"`) >= made {
			break // announced, and about to be sent
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing was announced")
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var ended *exec.ExitError
	err := c.Wait()
	entries := s.history()
	if s.wantTruthful(entries); len(entries) > made {
		return false
	}
	if !errors.As(err, &ended) || ended.ExitCode() != 130 {
		t.Errorf("it ended with %v, want 130", err)
	}
	if !strings.Contains(out.String(), "✓ done") || !strings.Contains(errs.String(), "finished first") {
		t.Errorf("it said\n%s\n%s", out.String(), errs.String())
	}
	if len(entries) != made {
		t.Errorf("entries %+v, want the %d that were under way", entries, made)
	}
	for _, e := range entries {
		if e.State != "done" {
			t.Errorf("%s ended %s", e.ID, e.State)
		}
	}
	return true
}
