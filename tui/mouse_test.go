package tui

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/tui/ui"
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

// mouseMode is what the terminal was asked for last.
func (term *terminal) mouseMode() tea.MouseMode {
	term.tracked.mu.Lock()
	defer term.tracked.mu.Unlock()
	return term.tracked.mouse
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
			term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step")
			term.click("fix: 1 step")
			term.shows("○ to do", "▸ walk")
			term.click("job myjob") // in the path
			term.shows("myproject-a ▸ job myjob   ✗ missing", "fix: 1 step")
			term.click("myproject-a ▸")
			term.shows("What runs it in myproject-a?")
		})
	}
}

// The wheel moves the text that is under the pointer, and nothing else.
func TestTheWheelMovesWhatIsUnderThePointer(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	before := term.shows("fix: 1 step", "1-")
	term.wheel("not looked at", 1)
	text := term.shows("4-")
	for n, l := range strings.Split(before, "\n")[:8] {
		if l != strings.Split(text, "\n")[n] {
			t.Errorf("the picture moves with the text below it:\n%s", text)
			break
		}
	}
	term.wheel("not looked at", -1)
	if again := term.shows("1-"); again != before {
		t.Errorf("the wheel does not come back:\n%s", again)
	}
	term.wheel("✗ missing  pull", -4) // to the top of the picture
	term.shows("A consumer")
}

// Only the left button chooses. The others, a click with a key held, and a movement do nothing.
func TestOtherButtonsDoNothing(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("▸ myproject-a")
	x, y := term.placeOf("myproject-b")
	before := term.shows("3 projects\n")
	for name, msg := range map[string]tea.Msg{
		"the right button":       tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseRight},
		"the middle button":      tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseMiddle},
		"a fourth button":        tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseBackward},
		"with ctrl":              tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft, Mod: tea.ModCtrl},
		"let go":                 tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft},
		"a drag":                 tea.MouseMotionMsg{X: x, Y: y, Button: tea.MouseLeft},
		"a movement":             tea.MouseMotionMsg{X: x, Y: y},
		"the wheel to the right": tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelRight},
		"beyond the window":      tea.MouseClickMsg{X: 300, Y: 200, Button: tea.MouseLeft},
		"before it":              tea.MouseClickMsg{X: -1, Y: -1, Button: tea.MouseLeft},
	} {
		t.Run(name, func(t *testing.T) {
			term.tracked.sendTracked(msg)
			if after := term.shows("3 projects\n"); after != before {
				t.Errorf("it does something:\n%s", after)
			}
		})
	}
}

// Moving the mouse gives the program nothing to do, with a button held or without.
func TestAMovementIsNoUpdate(t *testing.T) {
	for _, msg := range []tea.Msg{tea.MouseMotionMsg{X: 1, Y: 1}, tea.MouseMotionMsg{Button: tea.MouseLeft}, tea.MouseReleaseMsg{Button: tea.MouseLeft}} {
		t.Run(fmt.Sprintf("%T", msg), func(t *testing.T) {
			if dropMouseNoise(nil, msg) != nil {
				t.Error("it reaches the program")
			}
		})
	}
	for _, msg := range []tea.Msg{tea.MouseClickMsg{}, tea.MouseWheelMsg{}, tea.KeyPressMsg{}, tea.WindowSizeMsg{}} {
		t.Run(fmt.Sprintf("%T", msg), func(t *testing.T) {
			if dropMouseNoise(nil, msg) != msg {
				t.Error("it does not reach the program")
			}
		})
	}
	r := newRoot(t.Context(), Options{}, nil)
	if mode := r.View().MouseMode; mode != tea.MouseModeCellMotion {
		t.Errorf("the terminal is asked for mode %d: every movement would be reported", mode)
	}
	if off := newRoot(t.Context(), Options{MouseOff: true}, nil); off.View().MouseMode != tea.MouseModeNone {
		t.Error("the setting does not leave the mouse to the terminal")
	}
}

// A question is answered by a click on one of its answers and by no other, wherever that is. One click never changes anything.
func TestAClickBeyondAQuestionDoesNotAnswerIt(t *testing.T) {
	for _, size := range [][2]int{{60, 15}, {80, 24}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			cloud := newFakeCloud()
			term := start(t, cloud, Options{Question: articleQuestion()}, size[0], size[1])
			term.shows("fix: 1 step")
			term.press("enter")
			term.shows("○ to do")
			term.press("enter")
			term.shows("Change the policy", "▸ No")
			noX, noY := term.placeOf("▸ No")
			yesX, _ := term.placeOf("  grant  ")
			isAnswer := func(x, y int) bool {
				return y == noY && (x >= noX && x < noX+cells.Width("▸ No  ") || x >= yesX && x < yesX+cells.Width("  grant  "))
			}
			for y := range size[1] {
				for x := range size[0] {
					if !isAnswer(x, y) {
						term.program.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
					}
				}
			}
			term.wheel("▸ No", 1)
			term.shows("Change the policy", "▸ No")
			term.clickAt(yesX+3, noY)
			term.shows("Change the policy", "▸ grant")
			if cloud.agentHasReader() {
				t.Fatal("one click granted")
			}
			term.click("▸ grant")
			term.shows("✓ granted and verified")
		})
	}
}

// A click from before a question was on the screen does not answer it, wherever its answers will stand.
func TestAnEarlyClickAnswersNothing(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.out = io.Discard
	writeFrame(t, r)
	granted := false
	d := &ui.Dialog{Title: "Change it?", YesLabel: "grant", OnYes: func() tea.Msg { granted = true; return nil }}
	r.Update(ui.DialogMsg{Dialog: d})
	r.View() // its answers have their places, but no frame has shown them
	clickAll := func() {
		for y := range r.height {
			for x := range r.width {
				r.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
				if r.dialog == nil {
					return
				}
			}
		}
	}
	if clickAll(); r.dialog != d || d.YesChosen || granted {
		t.Fatal("a click from before the question was drawn answers it")
	}
	writeFrame(t, r)
	if clickAll(); r.dialog == d {
		t.Fatal("it does not listen once it is drawn")
	}
}

// A question that asks for a name is not answered by the mouse.
func TestNoClickAnswersWhatHasToBeTyped(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.out = io.Discard
	writeFrame(t, r)
	d := &ui.Dialog{Title: "Change it?", YesLabel: "grant", Guard: model.Confirmation{Name: "myproject-b", Noun: "id", What: "project myproject-b", Why: "is production"}, Typed: "myproject-b"}
	r.Update(ui.DialogMsg{Dialog: d})
	writeFrame(t, r)
	for y := range r.height {
		for x := range r.width {
			r.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
		}
	}
	if r.dialog != d {
		t.Error("a click answers it")
	}
}

// A click on a hint does what its key does. A movement has two keys, so its hint does neither.
func TestAHintDoesWhatItsKeyDoes(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 120, 30)
	term.shows("fix: 1 step")
	term.click("? keys")
	term.shows("Keys here")
	term.click("Keys here") // not a hint
	term.click("any other key")
	term.shows("consumer project", "fix: 1 step")
	term.click("ctrl+p anything")
	term.shows("Go anywhere, do anything")
	before := term.shows("↑↓ move")
	term.click("↑↓ move")
	if after := term.shows("Go anywhere"); after != before {
		t.Errorf("the hint of a movement does something:\n%s", after)
	}
	term.click("esc close")
	term.shows("consumer project")
	term.click("enter fix: 1 step")
	term.shows("○ to do")
	term.click("s skip")
	term.shows("– skipped")
}

// A part of the path leads to its screen; the badge and the name of the program to the first one. A change under way keeps the screen, as it does for esc.
func TestThePathLeadsBack(t *testing.T) {
	cloud := newFakeCloud()
	hold := make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		<-hold
		return model.Outcome{Step: s, State: model.StepFailed}, errors.New("no")
	}
	term := start(t, cloud, Options{Question: articleQuestion()}, 100, 30)
	term.shows("fix: 1 step")
	term.click("job myjob") // where we are
	term.shows("fix: 1 step", "consumer project")
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("Change the policy")
	term.press("right", "enter")
	term.showsInPassing("… writing")
	for _, part := range []string{"myproject-a ▸", "job myjob", "SANDBOX"} {
		before, _, _ := strings.Cut(term.screenText(), part)
		term.clickAt(cells.Width(before), 0)
		term.showsInPassing("finishing the change first")
	}
	close(hold)
	term.shows("✗ failed")
	term.click("myproject-a ▸")
	term.shows("What runs it in myproject-a?")
	term.click("SANDBOX")
	term.shows("Which project runs the container?")
}

// The palette lets go of the mouse for this run, and takes it back.
func TestLettingGoOfTheMouse(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects\n")
	term.act("let go of the mouse")
	term.shows("\n the mouse is let go: the terminal selects text now; ctrl+p takes it back\n")
	if mode := term.mouseMode(); mode != tea.MouseModeNone {
		t.Errorf("the terminal is asked for mode %d", mode)
	}
	term.press("ctrl+p")
	assertInOrder(t, term.shows("PLACES"), "THIS SCREEN", "take the mouse back", "PLACES")
	term.press("esc")
	term.act("take the mouse back")
	term.shows("the mouse is taken back")
	if mode := term.mouseMode(); mode != tea.MouseModeCellMotion {
		t.Errorf("the terminal is asked for mode %d", mode)
	}
}

// At most four clicks lead from the first screen to what people come for.
func TestAtMostFourClicks(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		clicks  []string
		shows   string
	}{
		{"a workload in another project", Options{}, []string{"myproject-b ", "▸ myproject-b", "web  ", "▸ web"}, "myproject-b ▸ service web"},
		{"the last undo", Options{}, []string{"ctrl+p anything", "History: what", "▸ History: what", "▸ 2026"}, "What this run changed"},
		{"another gcloud configuration", (&twoLogins{}).options(), []string{"ctrl+p anything", "work  ", "▸ work"}, "me@work.example"},
		{"an error message", Options{}, []string{"ctrl+p anything", "Read an error message", "▸ Read an error message"}, "What did the deploy say?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if len(test.clicks) > 4 {
				t.Fatalf("it takes %d", len(test.clicks))
			}
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			test.options.UndoCommand = func(id string, _ *Login) string { return "whopulls undo " + id }
			term := start(t, cloud, test.options, 80, 30)
			term.shows("▸ ")
			for _, c := range test.clicks {
				term.click(c)
			}
			term.shows(test.shows)
		})
	}
}
