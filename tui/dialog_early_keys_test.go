package tui

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"whopulls/model"
	"whopulls/tui/ui"
)

// A letter answers no question: each means something on the screen below.
func TestNoLetterAnswersAQuestion(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy", "▸ No")
	term.typeText("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ?/.,!ýя界")
	term.press("up", "down", "home", "end", "pgdown", "backspace", "space")
	term.shows("Change the policy", "▸ No")
	for _, key := range []string{"right", "left", "tab", "shift+tab"} {
		before := strings.Contains(term.screenText(), "▸ grant")
		term.press(key)
		if term.shows(map[bool]string{true: "▸ No", false: "▸ grant"}[before]); cloud.agentHasReader() {
			t.Fatal("choosing granted")
		}
	}
	term.press("right", "esc") // no, whatever is chosen
	term.shows("enter grant (asks first)")
	if cloud.agentHasReader() {
		t.Fatal("esc granted")
	}
}

// Nothing in the settings gives a question a letter.
func TestNoSettingAnswersAQuestion(t *testing.T) {
	for _, name := range []string{"yes", "no", "toggle", "stop"} {
		t.Run(name, func(t *testing.T) {
			if _, err := ui.ParseKeys(map[string][]string{name: {"x"}}); err == nil {
				t.Errorf("the settings give keys to %q", name)
			}
		})
	}
	keys, err := ui.ParseKeys(map[string][]string{"grant": {"y", "g"}, "copy": {"n"}, "choose": {"ctrl+g"}, "back": {"b", "esc"}, "down": {"right"}})
	if err != nil {
		t.Fatal(err)
	}
	for about, d := range map[string]*ui.Dialog{"yes or no": {YesLabel: "grant"}, "a guard": {YesLabel: "grant", Guard: model.Confirmation{Name: "myproject-b"}}} {
		t.Run(about, func(t *testing.T) {
			for _, b := range keys.WithKeys(d.Bindings(), false) {
				for _, key := range append(b.Keys, b.OppositeKeys...) {
					if utf8.RuneCountInString(key) == 1 {
						t.Errorf("%q answers a question", key)
					}
				}
			}
		})
	}
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{Keys: keys})
	term.press("y")
	term.shows("Change the policy")
	term.press("y", "g", "n", "b")
	term.shows("Change the policy", "▸ No")
	if cloud.agentHasReader() {
		t.Fatal("the key that asks answers too")
	}
}

// While the cloud takes its time before a question, keys belong to the walk: what is copied does not grant, and what
// is asked twice is asked once.
func TestKeysBeforeALateQuestion(t *testing.T) {
	cloud := newFakeCloud()
	cloud.projectHold = make(chan struct{})
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.showsInPassing("looking at the project that the step changes")
	term.press("enter")
	term.showsInPassing("one question at a time")
	term.press("y")
	term.showsInPassing("a question is on its way")
	term.press("right", "enter", "g", "s", "u", "y", "y", "tab", "enter")
	close(cloud.projectHold)
	term.shows("Change the policy", "▸ No")
	if cloud.agentHasReader() {
		t.Fatal("a key that was pressed before the question granted")
	}
	term.press("enter")
	term.shows("○ to do", "enter grant (asks first)")
	cloud.mu.Lock()
	looks := cloud.projectReads
	cloud.mu.Unlock()
	if looks != 1 {
		t.Errorf("the project was looked at %d times", looks)
	}
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified")
}

// writeFrame tells the display of a frame, as the renderer writes it.
func writeFrame(t *testing.T, r *root) {
	t.Helper()
	if _, err := r.display.Write([]byte(ansi.SetWindowTitle(r.View().WindowTitle) + "frame")); err != nil {
		t.Fatal(err)
	}
}

func pressKeys(r *root, keys ...string) (cmd tea.Cmd) {
	for _, key := range keys {
		_, cmd = r.Update(keyMsg(key))
	}
	return cmd
}

// A question listens once its frame was written, and where the terminal replies, once that has drawn it.
func TestAQuestionListensOnceItIsDrawn(t *testing.T) {
	for _, replies := range []bool{false, true} {
		t.Run(fmt.Sprintf("replies %t", replies), func(t *testing.T) {
			var out bytes.Buffer
			r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
			r.display.out = &out
			writeFrame(t, r)
			if !strings.HasSuffix(out.String(), deviceQuery) {
				t.Fatal("the terminal is not asked whether it replies")
			}
			if replies {
				r.Update(uv.PrimaryDeviceAttributesEvent{62})
			}
			for range 2 {
				d := &ui.Dialog{Title: "Change it?", YesLabel: "grant"}
				r.Update(ui.DialogMsg{Dialog: d})
				pressKeys(r, "right", "enter", "esc", "tab")
				if r.dialog != d || d.YesChosen {
					t.Fatal("a key from before the question was drawn answers it")
				}
				out.Reset()
				if _, err := r.display.Write([]byte("another frame")); err != nil || strings.Contains(out.String(), deviceQuery) {
					t.Fatalf("it takes an earlier frame for the question's: %v", err)
				}
				writeFrame(t, r)
				if replies {
					pressKeys(r, "right", "enter", "esc", "tab") // typed before the terminal had drawn it
					if r.dialog != d || d.YesChosen {
						t.Fatal("a key from before the terminal's reply answers it")
					}
					for range 5 { // to the question, and to the four keys that asked again
						r.Update(uv.PrimaryDeviceAttributesEvent{62})
					}
				}
				if pressKeys(r, "right"); !d.YesChosen {
					t.Fatal("it does not listen once it is drawn")
				}
				if pressKeys(r, "esc"); r.dialog != nil {
					t.Fatal("esc does not end it")
				}
			}
		})
	}
}

// A reply that is lost does not leave a question deaf: a key that is not heard asks the terminal again.
func TestALostReplyIsAskedForAgain(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.out = io.Discard
	writeFrame(t, r)
	r.Update(uv.PrimaryDeviceAttributesEvent{62})
	d := &ui.Dialog{Title: "Change it?", YesLabel: "grant"}
	r.Update(ui.DialogMsg{Dialog: d})
	if cmd := pressKeys(r, "right"); cmd != nil {
		t.Fatal("it asks before the question is written")
	}
	writeFrame(t, r)
	cmd := pressKeys(r, "right")
	if cmd == nil || cmd() != (tea.RawMsg{Msg: deviceQuery}) || d.YesChosen {
		t.Fatal("a key that is not heard asks nothing")
	}
	r.Update(uv.PrimaryDeviceAttributesEvent{62})
	if pressKeys(r, "right"); !d.YesChosen {
		t.Fatal("it stays deaf")
	}
}

// A question that was hidden, by the help or a small window, is drawn again before it listens.
func TestAHiddenQuestionIsDrawnAgain(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.out = io.Discard
	d := &ui.Dialog{Title: "Change it?", YesLabel: "grant"}
	r.Update(ui.DialogMsg{Dialog: d})
	writeFrame(t, r)
	r.Update(tea.WindowSizeMsg{Width: 20, Height: 5})
	writeFrame(t, r)
	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if pressKeys(r, "right"); d.YesChosen {
		t.Fatal("it listens before it is drawn again")
	}
	writeFrame(t, r)
	if pressKeys(r, "right"); !d.YesChosen {
		t.Fatal("it does not listen after it is drawn again")
	}
}

// What is typed into a list while the connection fails is no answer to the screen that says so: enter would open the
// sandbox, q would leave.
func TestTheLossOfTheConnectionListensOnceItIsDrawn(t *testing.T) {
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	r := newRoot(t.Context(), Options{ConnectSandbox: sandbox}, &sync.WaitGroup{})
	r.display.out = io.Discard
	writeFrame(t, r)
	r.noConnection = r.openOffline(io.ErrUnexpectedEOF)
	r.Update(nil)
	for _, key := range []string{"enter", "q", "r", "y"} {
		if pressKeys(r, key) != nil {
			t.Errorf("%s from before it was drawn does something", key)
		}
	}
	writeFrame(t, r)
	if pressKeys(r, "enter") == nil {
		t.Error("it does not listen once it is drawn")
	}
}

// delayedWriter is what is between the program and a terminal far away: what the program writes may be on its way for a while.
type delayedWriter struct {
	mu     sync.Mutex
	out    io.Writer
	held   bool
	buffer bytes.Buffer
}

func (l *delayedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return l.buffer.Write(p)
	}
	return l.out.Write(p)
}

func (l *delayedWriter) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = true
}

func (l *delayedWriter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = false
	_, _ = l.out.Write(l.buffer.Bytes())
	l.buffer.Reset()
}

// hasBuffered reports whether the line holds this text.
func (l *delayedWriter) hasBuffered(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.buffer.String(), text)
}

// waitUntil waits for what another goroutine brings about.
func waitUntil(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(screenTimeout); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that")
		}
	}
}

// startReplying runs the program on a terminal that replies. What is typed and the replies take the same way.
func startReplying(t *testing.T, cloud Cloud, o Options, screen *emulatedScreen, to io.Writer) (term *terminal, typed chan<- []byte) {
	t.Helper()
	read, keyboard := io.Pipe()
	term = startOn(t, cloud, o, screen, to, read)
	way := make(chan []byte, 100)
	t.Cleanup(func() { _ = keyboard.Close() })
	go func() {
		for keys := range way {
			_, _ = keyboard.Write(keys)
		}
	}()
	go func() {
		for reply := make([]byte, 1024); ; {
			n, err := screen.Read(reply)
			if err != nil {
				return
			}
			way <- bytes.Clone(reply[:n])
		}
	}()
	return term, way
}

// Over a slow line a question is on its way while the person types on: what they type then does not answer it.
func TestKeysWhileAQuestionIsOnItsWay(t *testing.T) {
	cloud := newFakeCloud()
	screen := &emulatedScreen{Emulator: vt.NewEmulator(80, 24)}
	slow := &delayedWriter{out: screen}
	term, typed := startReplying(t, cloud, Options{Question: articleQuestion()}, screen, slow)
	types := func(keys string) { typed <- []byte(keys) }
	term.shows("fix: 1 step")
	types("\r")
	term.shows("○ to do")
	slow.hold()
	types("\r")
	waitUntil(t, func() bool { return slow.hasBuffered("whopulls: question") })
	types("\x1b[C\r\x1b[C\r\t\r") // to the right, enter; again; tab, enter
	slow.release()
	term.shows("Change the policy", "▸ No")
	types("\x1b[C")
	term.shows("▸ grant")
	if cloud.agentHasReader() {
		t.Fatal("it granted what was typed before the question was on the screen")
	}
	types("\r")
	term.shows("✓ granted and verified")
}
