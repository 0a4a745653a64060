package tui

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// On the map a click chooses a line, in either box, and a click on the chosen one opens the fix.
func TestClickingTheMap(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			if size[1] < 30 {
				term.click("3 of 3 granted")
				term.shows("▸ ✓ 3 of 3 granted")
				term.click("3 of 3 granted")
				term.shows("✓ granted  update the job", "enter fold")
				term.click("3 of 3 granted")
				assertLacks(t, term.shows("enter unfold"), "update the job")
				term.press("enter")
				term.shows("✓ granted  update the job", "enter fold")
			}
			for _, line := range []string{"act as the runner", "have its role here", "pull the image"} {
				term.click(line)
				if screen := term.shows(line); !strings.Contains(cursorLine(screen), line) {
					t.Errorf("a click on %q chooses %q:\n%s", line, cursorLine(screen), screen)
				}
			}
			if size[1] > 20 { // else it is out of sight
				term.click("myjob:latest")
				term.shows("▸ ✓ myjob:latest")
				term.click("DEPLOYS") // a heading is no line
				term.shows("▸ ✓ myjob:latest")
				term.click("repository myrepo")
				term.shows("▸ repository myrepo", "enter registry")
				term.click("repository myrepo")
				term.shows("Who may pull from repository myrepo of myproject-b?")
				term.press("esc")
				term.shows("▸ repository myrepo")
				term.click("pull the image")
			}
			term.click("▸ ✗ missing  pull the image")
			term.shows("○ to do")
		})
	}
}

// cursorLine is the line of the picture that has the cursor. The path has its sign too.
func cursorLine(screen string) string {
	if n := cursorRow(screen); n >= 0 {
		return strings.Split(screen, "\n")[n]
	}
	return ""
}

// In the history a click chooses a row, and a click on the chosen one asks before it takes anything back.
func TestClickingTheHistory(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}, {120, 36}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember, agentMember}}}}
			term := openHistory(t, cloud, Options{}, size[0], size[1])
			term.shows("5 runs, 6 changes")
			term.click("✓ done      Grant reader on repository myrepo to ser")
			term.shows("▸   ✓ done      Grant reader on repository myrepo to ser")
			term.click("▸   ✓ done      Grant reader on repository myrepo to ser")
			term.shows("▸ this step", "everything of this run")
			term.click("▸ this step")
			term.shows("▸ No")
			term.click("▸ No")
			term.shows("0 of 1 taken back")
			if !cloud.agentHasReader() {
				t.Error("it was taken back without a yes")
			}
			term.click("history")
			term.shows("5 runs, 6 changes")
		})
	}
}

// A field of the error message that is clicked takes what is typed.
func TestClickingTheFields(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(failureText)
	term.click("  deployer          you")
	term.shows("▸ deployer")
	term.click("▸ deployer") // once more does not draw the map
	term.typeText("ci@example.com")
	term.shows("▸ deployer          ci@example.com")
	term.click("consumer project")
	term.shows("▸ consumer project  myproject-a")
	term.click("enter draw the map")
	term.shows("consumer project myproject-a", "DEPLOYS ci@example.com")
}

// In the palette a click chooses, and a click on the chosen entry takes it. Beyond its frame nothing happens.
func TestClickingThePalette(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			term.click("ctrl+p anything")
			before := term.shows("Go anywhere", "▸ fix: 1 step")
			for _, place := range [][2]int{{0, 5}, {size[0] - 1, 5}, {size[0] / 2, 1}, {size[0] / 2, 0}} {
				term.clickAt(place[0], place[1])
			}
			if after := term.shows("Go anywhere"); after != before {
				t.Errorf("a click beyond it does something:\n%s", after)
			}
			term.typeText("history")
			term.click("History: what was changed")
			term.shows("What whopulls changed")
		})
	}
}

// A click on the heading of a section, or on what can't be scrolled, leaves the palette as it is; the wheel moves the rest.
func TestTheWheelMovesThePalette(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.press("ctrl+p")
	before := term.shows("lines 1 to ", "▸ fix: 1 step")
	term.click("THIS SCREEN")
	if after := term.shows("lines 1 to "); after != before {
		t.Errorf("a heading can be clicked:\n%s", after)
	}
	term.wheel("▸ fix: 1 step", 1)
	term.shows("lines 4 to ", "▸ ")
	term.wheel("lines 4 to ", -3)
	term.shows("lines 1 to ", "▸ ")
}

// In a menu a click chooses, and a click on the chosen row takes it. The screen behind it can't be clicked.
func TestClickingAMenu(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.press("y")
	before := term.shows("▸ ", "esc close")
	for _, place := range [][2]int{{2, 1}, {2, 2}, {2, 21}, {0, 12}, {79, 12}} {
		term.clickAt(place[0], place[1])
	}
	if after := term.shows("esc close"); after != before {
		t.Errorf("a click beyond it does something:\n%s", after)
	}
	term.click("permission ")
	term.shows("▸ permission")
	term.click("▸ permission")
	term.shows("sent to the clipboard", "fix: 1 step")
}

// The wheel scrolls the help, and a walk's text without its steps.
func TestTheWheelScrollsTexts(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	term.shows("fix: 1 step")
	term.press("?")
	term.shows("lines 1 to ")
	term.wheel("Keys here", 2)
	term.shows("lines 7 to ")
	term.press("esc")
	term.press("enter")
	term.shows("○ to do", "lines 1 to ")
	term.wheel("why ", 1)
	term.shows("▸ ○ to do", "lines 4 to ")
	term.wheel("○ to do", 1) // all steps are in sight
	term.shows("▸ ○ to do", "lines 4 to ")
}

// In a window that is too small nobody can see what is clicked, so nothing is.
func TestClicksInATinyWindow(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.out = io.Discard
	writeFrame(t, r)
	r.Update(tea.WindowSizeMsg{Width: 20, Height: 5}) // the places of the frame before are still known
	for y := range 24 {
		for x := range 80 {
			if _, cmd := r.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}); cmd != nil {
				t.Fatalf("a click at %d,%d does something", x, y)
			}
		}
	}
	if r.palette != nil || r.showHelp {
		t.Error("a hint was clicked that is not there")
	}
}

// Whatever is clicked and scrolled, in any order: as long as nobody clicks a chosen yes, nothing is changed, and the program continues.
func TestRandomClicksChangeNothing(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 21))
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := start(t, cloud, Options{Question: articleQuestion(), UndoCommand: func(id string, _ *Login) string { return "whopulls undo " + id }}, 80, 24)
			screen, questions := term.shows("fix: 1 step"), 0
			for range 300 {
				x, y := random.IntN(40), random.IntN(24)
				if chosen := cursorRow(screen); random.IntN(2) == 0 && chosen >= 0 {
					y = chosen
				}
				switch line := strings.Split(screen, "\n")[y]; {
				case strings.Contains(line, " No  "):
					questions++
					term.click(map[bool]string{true: "▸ No", false: "  No  "}[strings.Contains(line, "▸ No")])
				case strings.Contains(line, "quit") || strings.Contains(line, "pause"):
				case random.IntN(4) == 0:
					term.tracked.sendTracked(tea.MouseWheelMsg{X: x, Y: y, Button: []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}[random.IntN(2)]})
				default:
					for range 1 + random.IntN(2) { // impatient people click twice
						term.clickAt(x, y)
					}
				}
				screen = term.shows()
			}
			if cloud.agentHasReader() || questions == 0 {
				t.Errorf("after %d questions it is granted: %t\n%s", questions, cloud.agentHasReader(), screen)
			}
		})
	}
}

// cursorRow is the line with the cursor, below that of the path; -1: there is none.
func cursorRow(screen string) int {
	return slices.IndexFunc(strings.Split(screen, "\n"), func(l string) bool { return strings.Contains(l, "▸ ") && !strings.Contains(l, "SANDBOX ") })
}
