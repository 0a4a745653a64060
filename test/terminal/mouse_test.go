//go:build e2e

package terminal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// The buttons of a mouse report, and what is added for a movement (xterm, "SGR mouse mode").
const (
	leftButton = 0
	wheelUp    = 64
	wheelDown  = 65
	movement   = 32
	noButton   = 3
)

// report sends the program a mouse report, as a terminal does. Columns and lines begin with 1 there.
func (term *terminal) report(button, x, y int, end string) {
	term.t.Helper()
	term.typeText(fmt.Sprintf("\x1b[<%d;%d;%d%s", button, x+1, y+1, end))
}

// placeOf is where a text stands on the screen for the first time.
func (term *terminal) placeOf(text string) (x, y int) {
	term.t.Helper()
	for y, l := range strings.Split(term.shows(text), "\n") {
		if before, _, ok := strings.Cut(l, text); ok {
			return ansi.StringWidth(before), y
		}
	}
	term.t.Fatalf("%q is in no line of its own", text)
	return 0, 0
}

func (term *terminal) click(text string) {
	term.t.Helper()
	x, y := term.placeOf(text)
	term.clickAt(x, y)
}

func (term *terminal) clickAt(x, y int) {
	term.t.Helper()
	term.report(leftButton, x, y, "M")
	term.report(leftButton, x, y, "m")
}

// hasMouse reports whether the program has asked for the mouse. A program that ends, or pauses, has to let go of it.
func (term *terminal) hasMouse() bool {
	return strings.TrimSpace(term.tmux("display-message", "-p", "#{mouse_button_flag}")) == "1"
}

// mouseSizes are the windows that the mouse is tried in.
var mouseSizes = []struct{ width, height int }{{80, 24}, {200, 50}}

// From the first list to a granted binding and back, by the mouse alone. A click beyond a question does not answer it, and one
// click changes nothing.
func TestTerminalMouse(t *testing.T) {
	binary := buildBinary(t)
	for _, size := range mouseSizes {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			term := openTerminal(t, size.width, size.height, binary+" --sandbox")
			term.showsProjects()
			term.click("myproject-b ")
			term.shows("▸ myproject-b")
			term.click("myproject-a ")
			term.click("▸ myproject-a")
			term.showsWorkloads()
			term.click("web-us")
			term.shows("▸ web-us")
			term.click("myjob ")
			term.click("▸ myjob")
			term.showsMap()
			term.click("exists and is enabled")
			term.shows("▸ ✓ ok       exists and is enabled")
			term.click("pull the image")
			term.shows("▸ ✗ missing  pull the image")
			term.click("fix: 1 step")
			term.shows("○ to do", "0 of 1 done")
			term.click("○ to do")
			question := term.shows("Change the policy of repository myrepo?", "▸ No")
			for y := range size.height {
				if line := strings.Split(question, "\n")[y]; !strings.Contains(line, "▸ No") {
					term.clickAt(size.width/2, y)
				}
			}
			term.clickAt(1, size.height/2)
			term.shows("Change the policy of repository myrepo?", "▸ No")
			term.click("grant  ")
			term.shows("▸ grant")
			term.click("No  ")
			term.shows("▸ No")
			term.click("▸ No")
			term.shows("○ to do", "0 of 1 done")
			term.click("enter grant")
			term.shows("Change the policy of repository myrepo?", "▸ No")
			term.click("grant  ")
			term.click("▸ grant")
			term.shows("✓ granted and verified", "1 of 1 done")
			term.click("job myjob ▸")
			term.shows("myproject-a ▸ ", "   ✓ granted\n", "pull the image")
			term.click("myproject-a ▸ job myjob")
			term.showsWorkloads()
			term.click("SANDBOX")
			term.showsProjects()
			term.ends("C-c", 130)
			if term.hasMouse() {
				t.Error("the mouse is not given back at the end")
			}
		})
	}
}

// The wheel moves what is under the pointer, and the palette can be clicked, and scrolled.
func TestTerminalWheelAndPalette(t *testing.T) {
	binary := buildBinary(t)
	world := manyProjects(t, 90)
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		term := open(binary + " --sandbox=" + world)
		term.shows("Which project runs the container?", "90 projects")
		x, y := term.placeOf("proj-005 ")
		for _, turn := range []struct {
			button int
			shows  string
		}{{wheelDown, "lines 4 to "}, {wheelDown, "lines 7 to "}, {wheelUp, "lines 4 to "}, {wheelUp, "lines 1 to "}, {wheelUp, "lines 1 to "}} {
			term.report(turn.button, x, y, "M")
			term.shows(turn.shows)
		}
		term.click("ctrl+p anything")
		term.shows("Go anywhere, do anything")
		term.typeText("proj-0")
		term.shows("91 entries found")
		x, y = term.placeOf("│ ▸ ")
		term.report(wheelDown, x+4, y+4, "M")
		term.shows("lines 4 to ")
		term.report(wheelUp, x+4, y+4, "M")
		term.shows("lines 1 to ")
		term.clickAt(0, 0) // beyond it
		term.shows("Go anywhere, do anything")
		term.click("ctrl+u clear")
		term.typeText("history")
		term.click("History: what was changed")
		term.shows("What whopulls changed")
		term.click("esc back")
		term.shows("Which project runs the container?")
	})
}

// manyProjects writes a world with so many projects, and nothing in them.
func manyProjects(t *testing.T, count int) (file string) {
	t.Helper()
	world := "caller: user:dev@example.com\norganization:\n  id: \"100000000001\"\n  displayName: example.com\n" +
		"  policy: {bindings: [{role: roles/browser, members: [\"user:dev@example.com\"]}]}\nprojects:\n"
	for n := range count {
		world += fmt.Sprintf("  - {id: proj-%03d, number: \"%d\", parent: organizations/100000000001, services: [cloudresourcemanager.googleapis.com]}\n", n, 100000000000+n)
	}
	file = filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(file, []byte(world), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The palette lets go of the mouse and takes it back; a pause, an editor and the setting do too. Moving it draws nothing.
func TestTerminalLetsGoOfTheMouse(t *testing.T) {
	binary := buildBinary(t)
	term := openTerminal(t, 100, 30, "EDITOR=cat "+binary+" --sandbox")
	term.showsProjects()
	if !term.hasMouse() {
		t.Error("the program does not ask for the mouse")
	}
	for x := range 60 {
		term.report(movement+noButton, x, 8, "M")
	}
	term.shows("▸ myproject-a")
	for _, step := range []struct{ name, says string }{{"let go of the mouse", "the mouse is let go"}, {"take the mouse back", "the mouse is taken back"}} {
		t.Run(step.name, func(*testing.T) {
			had := term.hasMouse()
			term.inPalette(step.name)
			term.shows("1 entry found")
			term.press("Enter")
			term.shows(step.says)
			if term.hasMouse() == had {
				t.Errorf("after %q the mouse is where it was", step.name)
			}
		})
	}
}

// The mouse goes with the terminal: to an editor, and to the shell while the program pauses. The setting leaves it there.
func TestTerminalGivesTheMouseBack(t *testing.T) {
	binary, folder := buildBinary(t), t.TempDir()
	editor := filepath.Join(folder, "editor")
	if err := os.WriteFile(editor, []byte("#!/bin/sh\necho 'mouse: off' > \"$1\"\necho editing\nread line\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	term := openTerminal(t, 100, 30, "PS1='shell> ' sh -i")
	term.typeText(fmt.Sprintf("XDG_CONFIG_HOME=%s EDITOR=%s %s --sandbox", folder, editor, binary))
	term.press("Enter")
	expect := func(has bool, when string) {
		t.Helper()
		if term.hasMouse() != has {
			t.Errorf("the program has the mouse %s: %t", when, !has)
		}
	}
	term.showsProjects()
	expect(true, "at first")
	term.press("C-z")
	term.shows("shell>")
	expect(false, "while it pauses")
	term.typeText("fg")
	term.press("Enter")
	term.showsProjects()
	expect(true, "after the pause")
	term.click("myproject-b ")
	term.shows("▸ myproject-b")
	term.inPalette("production")
	term.shows("only what is labelled so")
	term.press("Enter")
	term.shows("editing")
	expect(false, "while the editor runs")
	term.press("Enter")
	term.shows("the settings were read again")
	expect(false, "once the setting leaves it")
}
