//go:build e2e

package terminal

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"whopulls/model/propagation"
)

// After the grant it is not over: the last page says so, rehearses the deploy, notifies once the typical time is over, and can
// be left and come back to. A real deploy by gcloud in another window shows the effect.
func TestTerminalAfterTheGrant(t *testing.T) {
	t.Parallel() // it waits for minutes
	if _, err := exec.LookPath("gcloud"); err != nil && os.Getenv("WHOPULLS_NEED_GCLOUD") == "" {
		t.Skip("no gcloud")
	}
	binary, env := buildBinary(t), filepath.Join(t.TempDir(), "env")
	server := openTerminal(t, 100, 10, binary+" sandbox start --propagation=10s --env-file="+env)
	server.shows("listens on")
	term := openTerminal(t, 100, 40, ". "+env+"; "+binary+" --project=myproject-a --job=myjob --region=asia-northeast1")
	written := filepath.Join(t.TempDir(), "written")
	term.tmux("pipe-pane", "cat >"+written)
	term.showsMap()
	term.press("Enter")
	term.shows("○ to do", "✓ you have it")
	term.press("Enter")
	term.shows("Change the policy of repository myrepo?")
	term.press("Right", "Enter")
	term.shows("✓ granted and verified", "Only the next deploy shows this. Granted less than a minute ago", "gcloud run jobs deploy myjob")
	term.inPalette("rehearse")
	term.press("Enter")
	term.shows("✓ rehearsal accepted", "it says nothing about the service agent")
	term.press("Enter")
	term.shows("myproject-a ▸ job myjob", "pull the image")
	term.waitForBytes(written, "\x1b]9;whopulls: ", propagation.Typical+time.Minute)
	if text, _ := os.ReadFile(written); !bytes.Contains(text, []byte("\x1b]9;4;3")) {
		t.Error("no progress was shown while it waited")
	}
	term.inPalette("effect")
	term.press("Enter")
	term.shows("by now it has usually arrived")
	deploy := openTerminal(t, 100, 20, ". "+env+"; gcloud run jobs deploy myjob --project=myproject-a --region=asia-northeast1 "+
		"--image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest")
	deploy.shows("exit code 0")
	term.press("r")
	term.shows("A deploy after the grant succeeded")
	term.ends("q", 0)
}

// waitForBytes waits until a file holds a text.
func (term *terminal) waitForBytes(file, text string, patience time.Duration) {
	term.t.Helper()
	for begun := time.Now(); ; time.Sleep(time.Second) {
		if written, _ := os.ReadFile(file); bytes.Contains(written, []byte(text)) {
			return
		}
		if time.Since(begun) > patience {
			term.t.Fatalf("%q was never written; the screen is\n%s", text, term.screen())
		}
	}
}
