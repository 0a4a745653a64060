//go:build e2e

package terminal

import (
	"strings"
	"testing"
)

// All workloads of a project are checked from the palette: a verdict comes into each row, the worst go first, and enter opens the map.
func TestTerminalChecksAllWorkloads(t *testing.T) {
	binary := buildBinary(t)
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		term := open(binary + " --sandbox --project=myproject-a")
		term.showsWorkloads()
		term.inPalette("check all")
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
		term.showsMap()
		term.press("Escape")
		term.shows("▸ ✗ 1 missing  myjob", "6 workloads, by verdict")
		term.ends("C-c", 130)
	})
}

// In a wide terminal tab goes into the preview behind the list, where the keys that move scroll it, and back.
func TestTerminalGoesIntoThePreview(t *testing.T) {
	term := openTerminal(t, 200, 50, buildBinary(t)+" --sandbox")
	term.showsProjects()
	term.typeText("myproject-a")
	term.shows("1 of 11 projects", "nightly-report  job")
	term.press("Tab")
	term.shows("esc to the list", "▸ myproject-a")
	term.press("Down")
	term.shows("esc to the list", "▸ myproject-a")
	term.press("Tab")
	term.shows("esc clear filter", "▸ myproject-a")
	term.press("Enter")
	term.showsWorkloads()
	term.press("Tab")
	term.shows("esc to the list")
	term.press("Escape")
	term.shows("esc back", "What runs it in myproject-a?")
	term.ends("C-c", 130)
}
