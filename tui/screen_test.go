package tui

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"whopulls/model"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// terminal is the whole program on an emulated terminal.
type terminal struct {
	t       *testing.T
	program *tea.Program
	screen  *screenOf
	root    *root
	ended   chan error
	writes  *sync.WaitGroup
}

// screenOf is the emulated screen; the program writes to it while the test reads it.
type screenOf struct {
	mu sync.Mutex
	*vt.Emulator
}

// Write gives the emulator the line ends that a terminal's driver would.
func (s *screenOf) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.Emulator.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}

func (s *screenOf) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Emulator.String()
}

func start(t *testing.T, cloud Cloud, o Options, width, height int) *terminal {
	t.Helper()
	if o.Connect == nil {
		o.Connect = func(context.Context) (Cloud, error) { return cloud, nil }
	}
	o.Title = cmp.Or(o.Title, "sandbox article")
	var writes sync.WaitGroup
	term := &terminal{t: t, screen: &screenOf{Emulator: vt.NewEmulator(width, height)}, ended: make(chan error, 1), writes: &writes}
	go func() { _, _ = io.Copy(io.Discard, term.screen) }()
	term.root = newRoot(t.Context(), o, &writes)
	term.program = tea.NewProgram(term.root, tea.WithInput(nil), tea.WithOutput(term.screen),
		tea.WithWindowSize(width, height), tea.WithoutSignals(), tea.WithColorProfile(colorprofile.ANSI),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	go func() {
		_, err := term.program.Run()
		term.ended <- err
	}()
	t.Cleanup(term.stop)
	return term
}

// walking opens the walk through the one step of the article's question.
func walking(t *testing.T, cloud Cloud, o Options) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, cloud, o, 80, 24)
	term.shows("walk through 1 step")
	term.keys("enter")
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

// shows waits until the screen holds all texts and two looks are the same, for one can fall into the middle of a drawing.
func (term *terminal) shows(texts ...string) string {
	term.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for before := ""; ; {
		screen := term.text()
		missing := ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" && screen == before {
			return screen
		}
		before = screen
		if time.Now().After(deadline) {
			term.t.Fatalf("the screen never showed %q:\n%s", missing, screen)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (term *terminal) text() string {
	lines := strings.Split(term.screen.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// keys presses keys by their names; a longer word is typed letter by letter.
func (term *terminal) keys(names ...string) {
	for _, name := range names {
		term.program.Send(keyMsg(name))
	}
}

func (term *terminal) types(text string) {
	for _, r := range text {
		term.program.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var namedKeys = map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown,
	"tab": tea.KeyTab, "space": tea.KeySpace, "backspace": tea.KeyBackspace, "end": tea.KeyEnd, "home": tea.KeyHome, "pgdown": tea.KeyPgDown}

func keyMsg(name string) tea.KeyPressMsg {
	if code, ok := namedKeys[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(letter[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// golden compares a screen with the one kept in testdata.
func golden(t *testing.T, name, screen string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(screen), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if screen != string(want) {
		t.Errorf("screen %s differs; run go test ./tui -update and look at the difference\ngot:\n%s\nwant:\n%s", name, screen, want)
	}
}

func articleQuestion() model.Question {
	job := jobName
	return model.Question{Project: "myproject-a", Workload: &job}
}
