package scripts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fullScreen makes the app draw on the whole terminal.
var fullScreen = []string{fullScreenVariable + "=1", "TERM=xterm-256color"}

// runApp runs the app against the hostile server on its own terminal, and types what the script says.
func (b *hostileFixture) runApp(script string, args ...string) runResult {
	b.t.Helper()
	file := filepath.Join(b.folder, "script")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return b.command(b.attack, "typing", append([]string{file, "whopulls"}, append(args, "--sandbox="+b.hostile.Addr)...)...)
}

// A list to pick from shows what it lacks. No screen claims that there is nothing.
func TestListsOfTheAppAtHostileServers(t *testing.T) {
	for _, way := range hidesLists {
		if slices.Contains([]string{"members", "bindings"}, way) { // no list has any
			continue
		}
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			b.env = fullScreen
			shown := b.runApp("could not be listed -> \x03\n")
			shown.wantExit(t, 130)
			if strings.Contains(shown.errs, "that you may see") {
				t.Errorf("an absence is claimed:\n%s", shown.errs)
			}
		})
	}
}

// Opened on a map, the app answers, or says what it could not read. It grants nothing that it could not see.
func TestMapOfTheAppAtHostileServers(t *testing.T) {
	for _, way := range hidesPolicies {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			b.env = fullScreen
			b.runApp("unknown -> \x03\n", articleJob...).wantExit(t, 130)
			if n := b.hostile.Writes(); n > 0 {
				t.Errorf("%d writes came", n)
			}
		})
	}
}

// The same holds for prompts: they say what could not be listed before they ask for a number, and a yes writes nothing
// without an etag.
func TestQuestionsAtHostileServers(t *testing.T) {
	for _, way := range hidesLists {
		if slices.Contains([]string{"members", "bindings"}, way) {
			continue
		}
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := newHostileFixture(t, way, "article")
			shown := b.runApp("Number, name or part of a name: -> no-such-project\nNumber, name or part of a name: -> q", "check")
			unconnected := slices.Contains([]string{"dribble", "headers"}, way)
			shown.wantExit(t, map[bool]int{true: 1, false: 130}[unconnected])
			if strings.Contains(shown.errs, "that you may see") || !unconnected && !strings.Contains(shown.errs, "Not in the list") {
				t.Errorf("an absence is claimed, or what is lacking is not said:\n%s", shown.errs)
			}
		})
	}
	b := newHostileFixture(t, "etag", "article")
	b.runApp("[y/N] -> y", append([]string{"grant"}, articleJob...)...).wantExit(t, 1)
	if n := b.hostile.Writes(); n > 0 {
		t.Errorf("%d writes came without an etag", n)
	}
}
