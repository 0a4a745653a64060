package force

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

// An interruption in the middle of a write finishes it, and what goes beside it, says so, and loses nothing; what waits for
// it is not begun.
func TestInterruptedInTheMiddle(t *testing.T) {
	for only, made := range map[string]int{"deploy,read-image": 2, "agent,pull": 1} {
		t.Run(only, func(t *testing.T) { interrupt(t, only, made) })
	}
}

func interrupt(t *testing.T, only string, made int) {
	if runtime.GOOS == "windows" {
		t.Skip("an interrupt can't be sent to a process there")
	}
	s := set(t, sandbox.Options{Latency: 150 * time.Millisecond})
	c := s.command(append([]string{"grant", "--quiet", deployer, "--only=" + only}, ask...)...)
	var out, errs strings.Builder
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(s.state, "whopulls", "journal.jsonl")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if text, err := os.ReadFile(journal); err == nil && strings.Contains(string(text), "\n") {
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
	if err := c.Wait(); !errors.As(err, &ended) || ended.ExitCode() != 130 {
		t.Errorf("it ended with %v, want 130", err)
	}
	if !strings.Contains(out.String(), "✓ done") || !strings.Contains(errs.String(), "finished first") {
		t.Errorf("it said\n%s\n%s", out.String(), errs.String())
	}
	entries := s.history()
	s.truthful(entries)
	if len(entries) != made {
		t.Errorf("entries %+v, want the %d that were under way and no other", entries, made)
	}
	for _, e := range entries {
		if e.State != "done" {
			t.Errorf("%s ended %s", e.ID, e.State)
		}
	}
}
