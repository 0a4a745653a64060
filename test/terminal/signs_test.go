//go:build e2e

package terminal

import (
	"strings"
	"testing"
)

// The terminal is asked how wide ambiguous signs are. In tmux they are narrow: all signs are drawn, nothing of the question stays on
// the screen or behind the app, and nothing of the answer is typed. A locale without these signs has ASCII alone.
func TestTerminalSigns(t *testing.T) {
	for _, test := range []struct{ name, environment, has string }{
		{"asked", "", "▸ myproject-a"},
		{"in the C locale", "env LC_ALL=C ", "> myproject-a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
				term := open(test.environment + buildBinary(t) + " --sandbox")
				term.showsProjects()
				screen := term.shows(test.has, "type to filter, or paste anything")
				term.press("C-l")
				if again := term.shows(test.has, "type to filter, or paste anything"); strings.Contains(screen+again, "…→") || strings.Contains(screen+again, "~>") {
					t.Errorf("the question stays on the screen:\n%s", again)
				}
				term.ends("C-c", 130)
			})
		})
	}
}
