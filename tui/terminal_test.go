package tui

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"whopulls/model"
	"whopulls/test/golden"
)

// terminal is the whole program on an emulated terminal.
type terminal struct {
	t       *testing.T
	program *tea.Program
	screen  *emulatedScreen
	root    *root
	tracked *trackedModel
	ended   chan error
	writes  *sync.WaitGroup
}

// emulatedScreen is the emulated screen; the program writes to it while the test reads it.
type emulatedScreen struct {
	mu sync.Mutex
	*vt.Emulator
	clock func(time.Duration) <-chan time.Time // of the program on it; nil: onlyMoments
}

// Write gives the emulator the line ends that a terminal's driver would.
func (s *emulatedScreen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.Emulator.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}

func (s *emulatedScreen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Emulator.String()
}

func start(t *testing.T, cloud Cloud, o Options, width, height int) *terminal {
	t.Helper()
	screen := &emulatedScreen{Emulator: vt.NewEmulator(width, height)}
	go func() { _, _ = io.Copy(io.Discard, screen) }() // a terminal that doesn't reply
	return startOn(t, cloud, o, screen, screen, nil)
}

// startOn runs the program on a terminal whose lines are given: where it writes to, and what it reads; nil: keys are sent.
func startOn(t *testing.T, cloud Cloud, o Options, screen *emulatedScreen, to io.Writer, from io.Reader) *terminal {
	t.Helper()
	return startWithFrames(t, cloud, o, screen, to, from, nil)
}

// startWithFrames also hands over what would be drawn after each message.
func startWithFrames(t *testing.T, cloud Cloud, o Options, screen *emulatedScreen, to io.Writer, from io.Reader, frame func(string)) *terminal {
	t.Helper()
	if o.Connect == nil {
		o.Connect = func(context.Context) (Cloud, error) { return cloud, nil }
	}
	if o.Render == nil {
		o.Render = func(format string, s model.Situation, _ model.Diagnosis, p model.Plan) (string, error) {
			return fmt.Sprintf("%s of %s\n%d steps\n", format, s.Question.Project, len(p.Steps)), nil
		}
	}
	o.Title = cmp.Or(o.Title, "sandbox article")
	var writes sync.WaitGroup
	term := &terminal{t: t, screen: screen, ended: make(chan error, 1), writes: &writes}
	term.root = newRoot(t.Context(), o, &writes)
	term.root.display.out = to
	term.root.Clock = onlyMoments
	if screen.clock != nil {
		term.root.Clock = screen.clock
	}
	term.tracked = &trackedModel{root: term.root, frame: frame}
	term.program = tea.NewProgram(term.tracked, tea.WithInput(from), tea.WithOutput(term.root.display),
		tea.WithWindowSize(screen.Width(), screen.Height()), tea.WithoutSignals(), tea.WithColorProfile(colorprofile.ANSI),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	term.tracked.send = term.program.Send
	go func() {
		_, err := term.program.Run()
		term.ended <- err
	}()
	t.Cleanup(term.stop)
	return term
}

// onlyMoments is a clock for which a time that a person waits for is never over.
func onlyMoments(d time.Duration) <-chan time.Time {
	if d > time.Second {
		return nil
	}
	return time.After(d)
}

// startWalk opens the walk through the one step of the article's question.
func startWalk(t *testing.T, cloud Cloud, o Options) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, cloud, o, 80, 24)
	term.shows("fix: 1 step")
	term.press("enter")
	term.shows("○ to do")
	return term
}

func (term *terminal) stop() {
	term.program.Quit()
	<-term.ended
	term.ended <- nil
	term.root.close()
	term.writes.Wait()
	if replies, ok := term.screen.InputPipe().(io.Closer); ok { // Close itself would race with the reader of the replies
		_ = replies.Close()
	}
}

// screenTimeout is how long a screen is waited for; only a test that fails takes it.
const screenTimeout = 30 * time.Second

// shows waits until the program rests and its screen holds all texts.
func (term *terminal) shows(texts ...string) string {
	term.t.Helper()
	return term.waitFor(true, texts)
}

// showsInPassing waits for a screen that won't stay, or that something holds up: it holds all texts, and more may come.
func (term *terminal) showsInPassing(texts ...string) string {
	term.t.Helper()
	return term.waitFor(false, texts)
}

func (term *terminal) waitFor(idle bool, texts []string) string {
	term.t.Helper()
	for deadline := time.Now().Add(screenTimeout); ; time.Sleep(time.Millisecond) {
		drawn, rests := term.tracked.isIdle()
		screen := term.screenText()
		whole := trimLines(screen) == drawn // no look into the middle of a drawing
		missing := slices.IndexFunc(texts, func(text string) bool { return !strings.Contains(screen, text) })
		if missing < 0 && whole && (rests || !idle) {
			return screen
		}
		if time.Now().Before(deadline) {
			continue
		}
		if missing >= 0 {
			term.t.Fatalf("the screen never showed %q:\n%s", texts[missing], screen)
		}
		term.t.Fatalf("the program never rested (%t) with its screen whole (%t):\n%s\ndrawn:\n%s", rests, whole, screen, drawn)
	}
}

// resize gives the terminal another size.
func (term *terminal) resize(width, height int) {
	term.screen.mu.Lock()
	term.screen.Resize(width, height)
	term.screen.mu.Unlock()
	term.tracked.sendTracked(tea.WindowSizeMsg{Width: width, Height: height})
}

func (term *terminal) screenText() string {
	lines := strings.Split(term.screen.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// press presses keys by their names; a longer word is typed letter by letter.
func (term *terminal) press(names ...string) {
	for _, name := range names {
		term.tracked.sendTracked(keyMsg(name))
	}
}

// act chooses an action in the palette.
func (term *terminal) act(name string) {
	term.t.Helper()
	term.press("ctrl+p")
	term.typeText(name)
	term.press("enter")
}

// choose takes the row of a menu that begins so.
func (term *terminal) choose(row string) {
	term.t.Helper()
	const mostRows = 20
	for range mostRows {
		if strings.Contains(term.shows(), "│ ▸ "+row) {
			term.press("enter")
			return
		}
		term.press("down")
	}
	term.t.Fatalf("the menu has no row %q:\n%s", row, term.screenText())
}

// answerYes chooses the other answer to a question, and takes it.
func (term *terminal) answerYes() { term.press("right", "enter") }

func (term *terminal) typeText(text string) {
	for _, r := range text {
		term.tracked.sendTracked(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var namedKeys = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown,
	"tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace, "left": tea.KeyLeft, "right": tea.KeyRight, "end": tea.KeyEnd, "home": tea.KeyHome, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1}

func keyMsg(name string) tea.KeyPressMsg {
	if code, ok := namedKeys[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if name == "shift+tab" {
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// compareScreen compares a screen with the one kept in testdata.
func compareScreen(t *testing.T, name, screen string) {
	t.Helper()
	golden.Compare(t, name+".golden", screen)
}

func articleQuestion() model.Question {
	job := jobName
	return model.Question{Project: "myproject-a", Workload: &job}
}
