//go:build e2e

package terminal

import (
	"testing"
)

// The first minute of a person without an account: an error message is read at once, and the sandbox opens by its row.
func TestTerminalSignedOut(t *testing.T) {
	binary := buildBinary(t)
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		home := t.TempDir() // where nobody is signed in, and gcloud is not on the path
		term := open("HOME=" + home + " CLOUDSDK_CONFIG=" + home + " PATH=/nowhere NO_GCE_CHECK=true GOOGLE_APPLICATION_CREDENTIALS= " + binary)
		term.shows("▸ Read an error message", "gcloud auth login", "Look around", "a pretend company with 11 projects", "Not signed in: ")
		term.tmux("set-buffer", "ERROR: (gcloud.run.deploy) Image 'us-docker.pkg.dev/myproject-b/myrepo/web:v9' not found.")
		term.tmux("paste-buffer", "-p")
		term.shows("What did the deploy say?", "The image does not exist")
		term.press("Escape")
		term.shows("▸ Read an error message")
		term.press("Down", "Down")
		term.shows("▸ Look around")
		term.press("Enter")
		term.shows("Which project runs the container?", "11 projects", "START ELSEWHERE")
	})
}
