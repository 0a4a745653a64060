package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/text/cells"
)

// placeOf is where a text stands on the screen.
func (term *terminal) placeOf(text string) (x, y int) {
	term.t.Helper()
	screen := term.shows(text)
	for y, l := range strings.Split(screen, "\n") {
		if before, _, ok := strings.Cut(l, text); ok {
			return cells.Width(before), y
		}
	}
	term.t.Fatalf("%q is in no line of its own:\n%s", text, screen)
	return 0, 0
}

// click presses the left button on the first place of a text, and lets it go.
func (term *terminal) click(text string) {
	term.t.Helper()
	x, y := term.placeOf(text)
	term.clickAt(x, y)
}

func (term *terminal) clickAt(x, y int) {
	m := tea.Mouse{X: x, Y: y, Button: tea.MouseLeft}
	term.tracked.sendTracked(tea.MouseClickMsg(m))
	term.tracked.sendTracked(tea.MouseReleaseMsg(m))
}

// wheel turns the wheel over the first place of a text, down where notches is above zero.
func (term *terminal) wheel(text string, notches int) {
	term.t.Helper()
	x, y := term.placeOf(text)
	button := tea.MouseWheelDown
	if notches < 0 {
		button, notches = tea.MouseWheelUp, -notches
	}
	for range notches {
		term.tracked.sendTracked(tea.MouseWheelMsg{X: x, Y: y, Button: button})
	}
}

// From the first list to the map and back by the mouse alone.
func TestClickingThroughTheScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{}, size[0], size[1])
			term.shows("Which project runs the container?", "myproject-b")
			term.click("myproject-b")
			term.shows("▸ myproject-b")
			term.click("myproject-a ")
			term.shows("▸ myproject-a")
			term.click("▸ myproject-a")
			term.shows("What runs it in myproject-a?", "2 workloads")
			if !strings.Contains(term.screenText(), "▸ myjob") {
				term.click("myjob ")
			}
			term.click("▸ myjob")
			term.shows("✗ missing  myproject-a ▸ job myjob", "fix: 1 step")
			term.click("fix: 1 step")
			term.shows("○ to do", "▸ walk")
			term.click("job myjob") // in the path
			term.shows("✗ missing  myproject-a ▸ job myjob", "fix: 1 step")
			term.click("myproject-a ▸")
			term.shows("What runs it in myproject-a?")
		})
	}
}

// The wheel moves what is under the pointer by three lines.
func TestTheWheelMovesWhatIsUnderThePointer(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	term.shows("fix: 1 step")
	before := term.shows("✗ missing", "ctrl+p anything")
	term.wheel("✗ missing  artifact", 1)
	if after := term.shows("ctrl+p anything"); after == before {
		t.Errorf("the wheel moves no text:\n%s", after)
	}
}
