//go:build e2e

package terminal

import (
	"fmt"
	"strings"
	"testing"
)

// All workloads of a project are checked from the palette: a verdict comes into each row, the worst go first, and enter opens the map.
func TestTerminalChecksAllWorkloads(t *testing.T) {
	binary := buildBinary(t)
	for _, size := range []struct{ width, height int }{{80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			term := openTerminal(t, size.width, size.height, binary+" --sandbox --project=myproject-a")
			term.shows("What runs it in myproject-a?", "6 workloads")
			term.press("C-p")
			term.shows("Go anywhere")
			term.typeText("check all")
			term.shows("Check all workloads here")
			term.press("Enter")
			term.shows("1 missing", "? 3 unknown", "✓ granted    nightly-report", "6 workloads\n")
			term.press("C-s")
			term.shows("6 workloads, by verdict")
			term.press("Home") // the cursor has stayed on its row
			screen := term.shows("▸ ✗ 1 missing  myjob", "6 checked: 1 missing, 1 unknown, 4 granted")
			missing, unknown, granted := strings.Index(screen, "✗ 1 missing"), strings.Index(screen, "? 3 unknown"), strings.Index(screen, "✓ granted")
			if missing > unknown || unknown > granted {
				t.Errorf("the worst is not first:\n%s", screen)
			}
			term.press("Enter")
			term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step")
			term.press("Escape")
			term.shows("▸ ✗ 1 missing  myjob", "6 workloads, by verdict")
			term.press("C-c")
			term.shows("exit code 130")
		})
	}
}

// In a wide terminal tab goes into the preview behind the list, where the keys that move scroll it, and back.
func TestTerminalGoesIntoThePreview(t *testing.T) {
	term := openTerminal(t, 200, 50, buildBinary(t)+" --sandbox")
	term.shows("Which project runs the container?", "11 projects")
	term.typeText("myproject-a")
	term.shows("1 of 11 projects", "nightly-report  job")
	term.press("Tab")
	term.shows("esc to the list", "▸ myproject-a")
	term.press("Down")
	term.shows("esc to the list", "▸ myproject-a")
	term.press("Tab")
	term.shows("esc clear filter", "▸ myproject-a")
	term.press("Enter")
	term.shows("What runs it in myproject-a?", "6 workloads")
	term.press("Tab")
	term.shows("esc to the list")
	term.press("Escape")
	term.shows("esc back", "What runs it in myproject-a?")
	term.press("C-c")
	term.shows("exit code 130")
}
