//go:build e2e

package terminal

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Closing the terminal removes the journal of the sandbox, also after a change. No journal is made before the first change.
func TestTerminalThatIsClosedLeavesNothing(t *testing.T) {
	binary := buildBinary(t)
	for _, size := range [][2]int{{80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			folder := t.TempDir()
			term := openTerminal(t, size[0], size[1], "TMPDIR="+folder+" "+binary+" --sandbox --project=myproject-a --job=myjob --region=asia-northeast1")
			term.shows("✗ missing", "fix: 1 step")
			if left := filesIn(t, folder); len(left) > 0 {
				t.Errorf("looking makes %q", left)
			}
			term.press("Enter")
			term.shows("○ to do")
			term.press("Enter")
			term.shows("▸ No")
			term.press("Right", "Enter")
			term.shows("✓ granted and verified")
			if made := filesIn(t, folder); len(made) != 1 {
				t.Fatalf("a change makes %q, want a folder for the journal", made)
			}
			term.tmux("kill-server")
			left := filesIn(t, folder)
			for deadline := time.Now().Add(30 * time.Second); len(left) > 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
				left = filesIn(t, folder)
			}
			if len(left) > 0 {
				t.Errorf("it leaves %q", left)
			}
		})
	}
}

func filesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, filepath.Join(folder, e.Name()))
	}
	return names
}
