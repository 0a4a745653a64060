//go:build e2e

package terminal

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"whopulls/test/golden"
)

// terminal is a tmux server of its own with one window, in which the program runs.
type terminal struct {
	t      *testing.T
	socket string
}

// buildBinary builds the program for a test.
func buildBinary(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "whopulls")
	command := exec.Command("go", "build", "-o", binary, "whopulls")
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// openTerminal starts the program in a window of that size. When it ends, the shell prints the exit code.
func openTerminal(t *testing.T, width, height int, command string) *terminal {
	t.Helper()
	term := &terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	script := command + `; echo "exit code $?"; exec cat`
	term.tmux("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "sh", "-c", script)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	return term
}

func (term *terminal) tmux(args ...string) string {
	term.t.Helper()
	command := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...)
	own := filepath.Dir(term.socket)
	command.Env = append(os.Environ(), "TERM=xterm-256color", "LC_ALL=C.UTF-8",
		"XDG_CACHE_HOME="+own, "XDG_CONFIG_HOME="+own, "XDG_STATE_HOME="+own) // not the user's own
	out, err := command.CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (term *terminal) press(keys ...string) {
	term.t.Helper()
	term.tmux(append([]string{"send-keys"}, keys...)...)
}

func (term *terminal) typeText(text string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", text)
}

func (term *terminal) screen() string {
	lines := strings.Split(strings.TrimRight(term.tmux("capture-pane", "-p"), "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// shows waits until every text is on the screen and two captures are equal, and gives the screen. One capture could fall into
// the middle of a drawing.
func (term *terminal) shows(texts ...string) string {
	term.t.Helper()
	const patience = 30 * time.Second
	before := ""
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		screen, missing := term.screen(), ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" && screen == before {
			return screen
		}
		before = screen
		if time.Since(begun) > patience {
			term.t.Fatalf("the screen never showed %q:\n%s", missing, screen)
		}
	}
}

// compareScreen compares a screen with the golden file.
func compareScreen(t *testing.T, name, screen string) {
	t.Helper()
	golden.Compare(t, name+".golden", screen)
}

// From the first screen to a granted and verified map, by keys only.
func TestTerminalMainJob(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {200, 60}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			testMainJob(t, size.width, size.height)
		})
	}
}

func testMainJob(t *testing.T, width, height int) {
	clock := regexp.MustCompile(`[0-9]{2}:[0-9]{2} UTC, (less than a minute|[0-9]+ minutes?) old`) // the age of cached deny policies
	keep := func(step, screen string) {
		compareScreen(t, fmt.Sprintf("%dx%d-%s", width, height, step), clock.ReplaceAllString(screen, "12:00 UTC, less than a minute old"))
	}
	term := openTerminal(t, width, height, buildBinary(t)+" --sandbox")
	term.showsProjects()
	term.typeText("proja")
	all := []string{"1 of 11 projects"}
	if width >= 110 { // with what the pane reads
		all = append(all, "nightly-report  job")
	}
	keep("1-project", term.shows(all...))
	term.press("Enter")
	term.showsWorkloads()
	term.typeText("myjob")
	keep("2-workload", term.shows("▸ myjob", "1 of 6"))
	term.press("Enter")
	keep("3-map", term.shows("myproject-a ▸ ", "   ✗ missing\n", "fix: 1 step", "no binding"))
	term.press("Enter")
	keep("4-walk", term.shows("○ to do", "✓ you have it"))
	term.press("Enter")
	keep("5-ask", term.shows("Change the policy of repository myrepo?"))
	term.press("Enter") // the default is no
	term.shows("○ to do", "0 of 1 done")
	term.press("Enter")
	term.shows("Change the policy of repository myrepo?")
	term.press("y")              // copies in the walk, and doesn't answer
	term.press("Right", "Enter") // chooses the other answer
	keep("6-verified", term.shows("✓ granted and verified", "a fresh read shows the binding"))
	term.press("Enter")
	keep("7-green", term.shows("myproject-a ▸ ", "   ✓ granted\n", "pull the image"))
	term.ends("q", 0)
}

// The first frame is on the screen before any answer: the sandbox answers slowly, and the map appears at once.
func TestTerminalFirstFrameBeforeAnswers(t *testing.T) {
	binary := buildBinary(t)
	env := filepath.Join(t.TempDir(), "env")
	server := openTerminal(t, 100, 10, binary+" sandbox start --latency=3s --env-file="+env)
	server.shows("listens on")
	term := openTerminal(t, 80, 24, ". "+env+"; "+binary+" --project=myproject-a --job=myjob --region=asia-northeast1")
	port := regexp.MustCompile(`127\.0\.0\.1:[0-9]{5}`)
	turning := regexp.MustCompile(`reading [⠋⠙⠹⠸⠼⠴⠦⠧]`)
	still := func(screen string) string {
		return turning.ReplaceAllString(port.ReplaceAllString(screen, "127.0.0.1:PORT0"), "reading …")
	}
	compareScreen(t, "first-frame", still(term.shows("· reading  pull the image", "dev@exam")))
	term.shows("✗ missing  pull the image", "myproject-a ▸ ", "   ✗ missing\n")
	list := openTerminal(t, 80, 24, ". "+env+"; "+binary)
	compareScreen(t, "first-list", still(list.shows("Which project runs the container?", "   reading ", "dev@example.com")))
	list.shows("11 projects")
}

func TestTerminalLeavingAndWindow(t *testing.T) {
	binary := buildBinary(t)
	term := openTerminal(t, 59, 20, binary+" --sandbox")
	compareScreen(t, "too-small", term.shows("needs a window"))
	term.ends("C-c", 130)
	flags := " --project=myproject-a --job=myjob --region=asia-northeast1"
	direct := openTerminal(t, 80, 24, "NO_COLOR= "+binary+" --sandbox"+flags)
	direct.shows("myproject-a ▸ job myjob   ✗ missing")
	if colours := direct.tmux("capture-pane", "-p", "-e"); strings.Contains(colours, "\x1b[31m") || strings.Contains(colours, "\x1b[32m") {
		t.Error("NO_COLOR leaves colours on the screen")
	}
	direct.press("q")
	direct.shows("exit code 0")
	gone := openTerminal(t, 80, 24, binary+" --sandbox=127.0.0.1:1")
	gone.shows("No connection")
	gone.press("C-c")
	gone.shows("exit code 1")
}

// The map opens the registry of its repository. Nobody there can be removed, and the screen says why.
func TestTerminalRegistry(t *testing.T) {
	eachSize(t, func(t *testing.T, size string, open func(command string) *terminal) {
		term := open(buildBinary(t) + articleFlags)
		term.shows("myproject-a ▸ job myjob   ✗ missing")
		term.inPalette("registry")
		term.press("Enter")
		term.shows("Who may pull from repository myrepo", "6 bindings", "NOT JUDGED  6")
		term.press("Down")
		compareScreen(t, size+"-registry", term.shows("▸     – not judged"))
		term.press("Space")
		term.shows("it stays (not judged): Whopulls checks Cloud Run")
		term.typeText("/kenji")
		term.shows("› kenji", "1 of 6 bindings")
		term.press("Escape")
		term.shows("  6 bindings")
		term.press("Escape")
		term.shows("myproject-a ▸ job myjob   ✗ missing")
		term.ends("q", 0)
	})
}

// The registry of an organization fills from a scan, and one walk has all that can go; nothing is changed without a yes.
func TestTerminalRegistryOfAnOrganization(t *testing.T) {
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		term := open(buildBinary(t) + " --sandbox=../../gcp/testdata/scopes.yaml --project=consumer-1 --image=us-docker.pkg.dev/source-b/images/app")
		term.shows("registry", "anything")
		term.inPalette("registry of org")
		term.press("Enter")
		term.shows("Who may pull from what is in organization example.com?", "21 bindings", "! public: everybody may read by 3 bindings", "IN USE  7")
		term.typeText("/quiet")
		term.shows("› quiet", "3 of 21 bindings")
		term.press("Enter")
		term.typeText("a")
		term.shows("3 of 21 bindings, 2 selected")
		term.press("Enter")
		term.shows("What is removed", "0 of 2 done")
		term.press("Escape")
		term.shows("Who may pull from", "2 selected")
		term.ends("q", 0)
	})
}

// The palette leads from the first list to anything that was read, and back, by keys only.
func TestTerminalPalette(t *testing.T) {
	eachSize(t, func(t *testing.T, size string, open func(command string) *terminal) {
		term := open(buildBinary(t) + " --sandbox")
		term.showsProjects()
		term.press("C-p")
		term.shows("Go anywhere, do anything", "to be found: 11 projects")
		term.typeText("proja")
		term.shows("myproject-a", "found")
		term.press("Enter")
		term.showsWorkloads()
		term.press("Escape")
		term.showsProjects()
		term.inPalette("^myjob$ ^job$")
		compareScreen(t, size+"-palette", term.shows("› ^myjob$ ^job$", "myproject-a · asia-northeast1", "1 entry found", "* Cloud Asset: 1 workload in project myproject-a"))
		term.press("Enter")
		term.showsMap()
		term.typeText(":")
		term.shows("Go anywhere, do anything", "fix: 1 step")
		term.typeText("undo")
		term.press("Enter")
		term.shows("nothing of this run to take back", "Go anywhere, do anything")
		term.press("Escape")
		term.shows("✗ missing  pull the image", "fix: 1 step")
		term.ends("q", 0)
	})
}

// A process makes a change, and the app of a later one takes it back from the history, in a small and in a large terminal.
func TestTerminalHistory(t *testing.T) {
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		binary := buildBinary(t)
		env := filepath.Join(t.TempDir(), "env")
		server := openTerminal(t, 100, 10, binary+" sandbox start --env-file="+env)
		server.shows("listens on")
		question := " --project=myproject-a --job=myjob --region=asia-northeast1"
		app := fmt.Sprintf(". %s; export XDG_STATE_HOME=%s; %s grant%s --quiet >/dev/null 2>&1; %s", env, t.TempDir(), binary, question, binary)
		term := open(app)
		term.showsProjects()
		term.inPalette("hi")
		term.shows("History: what was changed, and undo")
		term.press("Enter")
		term.shows("What whopulls changed", "✓ done", "1 run, 1 change")
		term.press("u")
		term.shows("Change the policy of repository myrepo")
		term.press("Right", "Enter")
		term.shows("✓ taken back", "1 of 1")
		term.press("Enter")
		term.shows("↶ undone", "2 runs, 2 changes")
		term.ends("q", 0)
	})
}

// What the app removed from a registry is in the journal: once the app is left, the command line lists it and takes it back.
func TestTerminalRegistryContinuesOnTheCommandLine(t *testing.T) {
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		binary := buildBinary(t)
		env := filepath.Join(t.TempDir(), "env")
		server := openTerminal(t, 100, 10, binary+" sandbox start --world=../../gcp/testdata/scopes.yaml --env-file="+env)
		server.shows("listens on")
		script := ". %[1]s; export XDG_STATE_HOME=%[2]s; %[3]s --project=consumer-1 --image=us-docker.pkg.dev/source-b/images/app; clear; " +
			"%[3]s history | grep done; %[3]s undo --quiet >%[2]s/out 2>&1; echo undo ended with $?; %[3]s history | grep undone"
		term := open(fmt.Sprintf(script, env, t.TempDir(), binary))
		term.shows("registry", "anything")
		term.inPalette("registry of org")
		term.press("Enter")
		term.shows("Who may pull from what is in organization example.com?", "21 bindings")
		term.typeText("/quiet images")
		term.shows("› quiet images", "1 of 21 bindings")
		term.press("Enter", "Enter")
		term.shows("What is removed", "0 of 1 done")
		term.press("Enter")
		term.shows("Change the policy of repository images?")
		term.press("Right", "Enter")
		term.shows("✓ removed  1 of 1 done")
		term.press("q")
		term.shows("✓ done", "undo ended with 0", "↶ undone", "exit code 0")
	})
}
