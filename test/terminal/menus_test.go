//go:build e2e

package terminal

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clipboard is what the program sent to the terminal's clipboard last.
func (term *terminal) clipboard() string { return term.tmux("show-buffer") }

// A line is copied and an answer taken out by keys: the clipboard and the files hold what the command line prints.
func TestTerminalCopiesAndTakesOut(t *testing.T) {
	binary := buildBinary(t)
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		folder := t.TempDir()
		term := open("cd " + folder + "; " + binary + articleFlags)
		term.tmux("set-option", "-s", "set-clipboard", "on")
		term.showsMap()
		term.press("y")
		term.shows("╭ Copy", "▸ member", "image by digest")
		term.press("Down", "Enter")
		term.shows("sent to the clipboard: roles/artifactregistry.reader")
		if got := term.clipboard(); got != "roles/artifactregistry.reader" {
			t.Errorf("the clipboard has %q", got)
		}
		for _, file := range []string{"myjob.request.txt", "myjob.request-2.txt"} { // the first one stays
			term.press("x")
			term.shows("╭ Take out", "▸ request for a colleague")
			term.press("Enter")
			term.shows("╭ Take out: request for a colleague", "▸ to a file")
			term.press("Enter")
			term.shows("written, and the path sent to the clipboard")
			path := filepath.Join(folder, file)
			if got := term.clipboard(); got != path {
				t.Errorf("the clipboard has the path %q, not %q", got, path)
			}
			compareWithPlan(t, path, binary+" plan"+articleFlags+" --format=request")
		}
		term.ends("q", 0)
	})
}

// compareWithPlan compares a file with what a command prints, and looks at who may read it.
func compareWithPlan(t *testing.T, path, command string) {
	t.Helper()
	taken, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	printed, _ := exec.Command("sh", "-c", command).Output() // its exit code is the verdict's
	if len(taken) == 0 || string(taken) != string(printed) {
		t.Errorf("the file holds\n%s\nand the command prints\n%s", taken, printed)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || !strings.HasPrefix(string(taken), "Let myproject-a run ") {
		t.Errorf("mode %v, %v, of\n%s", info.Mode(), err, taken)
	}
}
