//go:build e2e

package terminal

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// openShell opens a window with a shell that has job control, as a person's has.
func openShell(t *testing.T, width, height int) *terminal {
	t.Helper()
	term := &terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	term.tmux("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "-e", "PS1=ready> ", "bash", "--norc", "--noprofile", "-i")
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	term.shows("ready>")
	return term
}

// ctrl+z gives the terminal back to the shell, and fg continues where the program was.
func TestTerminalPausesAndContinues(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash here")
	}
	binary := buildBinary(t)
	for _, size := range [][2]int{{80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := openShell(t, size[0], size[1])
			term.typeText(binary + " --sandbox --project=myproject-a --job=myjob --region=asia-northeast1")
			term.press("Enter")
			before := term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step")
			for range 2 { // once more after the first time
				term.press("C-z")
				term.shows("Stopped", "ready>")
				term.typeText("echo in the shell: $((6*7))")
				term.press("Enter")
				term.shows("in the shell: 42")
				term.typeText("fg")
				term.press("Enter")
				if after := term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step"); after != before {
					t.Errorf("after fg the screen is\n%s\nbefore it was\n%s", after, before)
				}
			}
			term.press("Enter")
			term.shows("○ to do", "✓ you have it")
			term.press("q")
			term.shows("ready>")
		})
	}
}
