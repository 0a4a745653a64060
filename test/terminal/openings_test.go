//go:build e2e

package terminal

import (
	"fmt"
	"testing"
)

// articleFlags open the map of the article's job.
const articleFlags = " --sandbox --project=myproject-a --job=myjob --region=asia-northeast1"

// eachSize runs a test in a small and in a large window.
func eachSize(t *testing.T, test func(t *testing.T, size string, open func(command string) *terminal)) {
	for _, size := range []struct{ width, height int }{{80, 24}, {200, 50}} {
		name := fmt.Sprintf("%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			test(t, name, func(command string) *terminal { return openTerminal(t, size.width, size.height, command) })
		})
	}
}

// showsProjects waits for the first screen of the sandbox.
func (term *terminal) showsProjects() {
	term.t.Helper()
	term.shows("Which project runs the container?", "11 projects")
}

// showsWorkloads waits for the list of what runs in the article's project.
func (term *terminal) showsWorkloads() {
	term.t.Helper()
	term.shows("What runs it in myproject-a?", "6 workloads")
}

// showsMap waits for the map of the article's job, before anything is granted.
func (term *terminal) showsMap() string {
	term.t.Helper()
	return term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step")
}

// inPalette types into the palette, which ctrl+p opens.
func (term *terminal) inPalette(typed string) {
	term.t.Helper()
	term.press("C-p")
	term.shows("Go anywhere, do anything")
	term.typeText(typed)
}

// ends leaves by a key, and waits for the exit code.
func (term *terminal) ends(key string, code int) {
	term.t.Helper()
	term.press(key)
	term.shows(fmt.Sprintf("exit code %d", code))
}
