package crash

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// However a command is ended in order, also by a terminal that is closed, it takes its temporary files along.
func TestEndedFromOutsideLeavesNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signal can be sent to a process there")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			folder := t.TempDir()
			c := fixture{t: t, state: t.TempDir()}.command("sandbox", "start")
			c.Env = append(c.Env, "TMPDIR="+folder, "WHOPULLS_SANDBOX=")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			awaitFiles(t, filepath.Join(folder, "whopulls-sandbox-*", "token"), 1)
			if err := c.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := c.Wait(); err != nil {
				t.Errorf("it ended with %v", err)
			}
			awaitFiles(t, filepath.Join(folder, "*"), 0)
		})
	}
}

// nohup keeps a program alive when the terminal is closed: it starts with the signal ignored, and must leave it so.
func TestNohupIsObeyed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signal can be sent to a process there")
	}
	folder := t.TempDir()
	c := fixture{t: t, state: t.TempDir()}.command("sandbox", "start")
	c.Args = []string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, binary, "sandbox", "start"}
	c.Path = "/bin/sh"
	c.Env = append(c.Env, "TMPDIR="+folder, "WHOPULLS_SANDBOX=")
	var out strings.Builder
	c.Stderr = &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	awaitFiles(t, filepath.Join(folder, "whopulls-sandbox-*", "token"), 1)
	if err := c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		t.Errorf("it ended with %v: %s", err, out.String())
	case <-time.After(300 * time.Millisecond):
		_ = c.Process.Signal(os.Interrupt)
		<-ended
	}
	awaitFiles(t, filepath.Join(folder, "*"), 0)
}

// What a killed sandbox leaves is removed by the next start, and what a living one has is not.
func TestNextStartSweepsAfterAKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the temporary folder is another variable's there")
	}
	folder := t.TempDir()
	start := func() *exec.Cmd {
		c := fixture{t: t, state: t.TempDir()}.command("sandbox", "start")
		c.Env = append(c.Env, "TMPDIR="+folder, "WHOPULLS_SANDBOX=")
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
		return c
	}
	tokens := filepath.Join(folder, "whopulls-sandbox-*", "token")
	killed := start()
	awaitFiles(t, tokens, 1)
	start()
	awaitFiles(t, tokens, 2)
	_ = killed.Process.Kill()
	_ = killed.Wait()
	start()
	awaitFiles(t, filepath.Join(folder, "*"), 2)
	awaitFiles(t, tokens, 2) // of the two that live
}

// awaitFiles waits until so many files have a name of the pattern.
func awaitFiles(t *testing.T, pattern string, want int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: there are %q", pattern, found)
		}
	}
}
