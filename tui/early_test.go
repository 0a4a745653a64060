package tui

import (
	"bytes"
	"context"
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
)

// A letter answers no question: each means something on the screen below.
func TestNoLetterAnswersAQuestion(t *testing.T) {
	cloud := newFakeCloud()
	term := walking(t, cloud, Options{})
	term.keys("enter")
	term.shows("Change the policy", "▸ No")
	term.types("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ?/.,!ýя界")
	term.keys("up", "down", "home", "end", "pgdown", "backspace", "space")
	term.shows("Change the policy", "▸ No")
	for _, key := range []string{"right", "left", "tab", "shift+tab"} {
		before := strings.Contains(term.text(), "▸ grant")
		term.keys(key)
		if term.shows(map[bool]string{true: "▸ No", false: "▸ grant"}[before]); cloud.holds() {
			t.Fatal("choosing granted")
		}
	}
	term.keys("right", "esc") // no, whatever is chosen
	term.shows("enter grant (asks first)")
	if cloud.holds() {
		t.Fatal("esc granted")
	}
}

// Nothing in the settings gives a question a letter.
func TestNoSettingAnswersAQuestion(t *testing.T) {
	for _, name := range []string{"yes", "no", "toggle", "stop"} {
		if _, err := ParseKeys(map[string][]string{name: {"x"}}); err == nil {
			t.Errorf("the settings give keys to %q", name)
		}
	}
	keys, err := ParseKeys(map[string][]string{"grant": {"y", "g"}, "copy": {"n"}, "choose": {"ctrl+y"}, "back": {"b", "esc"}, "down": {"right"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*dialog{{yes: "grant"}, {yes: "grant", guard: model.Confirmation{Name: "myproject-b"}}} {
		for _, b := range keys.bound(d.bindings(), false) {
			for _, key := range append(b.keys, b.otherKeys...) {
				if utf8.RuneCountInString(key) == 1 {
					t.Errorf("%q answers a question", key)
				}
			}
		}
	}
	cloud := newFakeCloud()
	term := walking(t, cloud, Options{Keys: keys})
	term.keys("y")
	term.shows("Change the policy")
	term.keys("y", "g", "n", "b")
	term.shows("Change the policy", "▸ No")
	if cloud.holds() {
		t.Fatal("the key that asks answers too")
	}
}

// While the cloud takes its time before a question, keys belong to the walk: what is copied twice does not grant, and what
// is asked twice is asked once.
func TestKeysBeforeALateQuestion(t *testing.T) {
	cloud := newFakeCloud()
	cloud.slow = make(chan struct{})
	term := walking(t, cloud, Options{})
	term.keys("enter")
	term.passes("looking at the project that the step changes")
	term.keys("enter")
	term.passes("one question at a time")
	term.keys("y")
	term.passes("sent to the clipboard: gcloud")
	term.keys("right", "enter", "g", "s", "u", "y", "y", "tab", "enter")
	close(cloud.slow)
	term.shows("Change the policy", "▸ No")
	if cloud.holds() {
		t.Fatal("a key that was pressed before the question granted")
	}
	term.keys("enter")
	term.shows("○ to do", "enter grant (asks first)")
	cloud.mu.Lock()
	looks := cloud.targets
	cloud.mu.Unlock()
	if looks != 1 {
		t.Errorf("the project was looked at %d times", looks)
	}
	term.keys("enter")
	term.shows("Change the policy")
	term.yes()
	term.shows("✓ granted and verified")
}

// A question that can't be put says why, and leaves the way free for the next one.
func TestAQuestionThatIsNotPut(t *testing.T) {
	cloud := newFakeCloud()
	cloud.slow = make(chan struct{})
	term := walking(t, cloud, Options{})
	term.keys("enter")
	term.passes("looking at the project")
	term.watched.handle(askingMsg{to: term.root.top().(*walkScreen), why: "nobody answers"})
	term.passes("nobody answers")
	term.keys("enter")
	term.passes("looking at the project")
	close(cloud.slow)
	term.shows("Change the policy")
}

// drawn tells the display of a frame, as the renderer writes it.
func drawn(t *testing.T, r *root) {
	t.Helper()
	if _, err := r.display.Write([]byte(ansi.SetWindowTitle(r.View().WindowTitle) + "frame")); err != nil {
		t.Fatal(err)
	}
}

func press(r *root, keys ...string) (cmd tea.Cmd) {
	for _, key := range keys {
		_, cmd = r.Update(keyMsg(key))
	}
	return cmd
}

// A question listens once its frame was written, and where the terminal replies, once that has drawn it.
func TestAQuestionListensOnceItIsDrawn(t *testing.T) {
	for _, replies := range []bool{false, true} {
		var out bytes.Buffer
		r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
		r.display.to = &out
		drawn(t, r)
		if !strings.HasSuffix(out.String(), query) {
			t.Fatal("the terminal is not asked whether it replies")
		}
		if replies {
			r.Update(uv.PrimaryDeviceAttributesEvent{62})
		}
		for range 2 {
			d := &dialog{title: "Change it?", yes: "grant"}
			r.Update(askMsg{d})
			press(r, "right", "enter", "esc", "tab")
			if r.dialog != d || d.agree {
				t.Fatal("a key from before the question was drawn answers it")
			}
			out.Reset()
			if _, err := r.display.Write([]byte("another frame")); err != nil || strings.Contains(out.String(), query) {
				t.Fatalf("it takes an earlier frame for the question's: %v", err)
			}
			drawn(t, r)
			if replies {
				press(r, "right", "enter", "esc", "tab") // typed before the terminal had drawn it
				if r.dialog != d || d.agree {
					t.Fatal("a key from before the terminal's reply answers it")
				}
				for range 5 { // to the question, and to the four keys that asked again
					r.Update(uv.PrimaryDeviceAttributesEvent{62})
				}
			}
			if press(r, "right"); !d.agree {
				t.Fatal("it does not listen once it is drawn")
			}
			if press(r, "esc"); r.dialog != nil {
				t.Fatal("esc does not end it")
			}
		}
	}
}

// A reply that is lost does not leave a question deaf: a key that is not heard asks the terminal again.
func TestALostReplyIsAskedForAgain(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.to = io.Discard
	drawn(t, r)
	r.Update(uv.PrimaryDeviceAttributesEvent{62})
	d := &dialog{title: "Change it?", yes: "grant"}
	r.Update(askMsg{d})
	if cmd := press(r, "right"); cmd != nil {
		t.Fatal("it asks before the question is written")
	}
	drawn(t, r)
	cmd := press(r, "right")
	if cmd == nil || cmd() != (tea.RawMsg{Msg: query}) || d.agree {
		t.Fatal("a key that is not heard asks nothing")
	}
	r.Update(uv.PrimaryDeviceAttributesEvent{62})
	if press(r, "right"); !d.agree {
		t.Fatal("it stays deaf")
	}
}

// A question that was hidden, by the help or a small window, is drawn again before it listens.
func TestAHiddenQuestionIsDrawnAgain(t *testing.T) {
	r := newRoot(t.Context(), Options{}, &sync.WaitGroup{})
	r.display.to = io.Discard
	d := &dialog{title: "Change it?", yes: "grant"}
	r.Update(askMsg{d})
	drawn(t, r)
	r.Update(tea.WindowSizeMsg{Width: 20, Height: 5})
	drawn(t, r)
	r.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	if press(r, "right"); d.agree {
		t.Fatal("it listens before it is drawn again")
	}
	drawn(t, r)
	if press(r, "right"); !d.agree {
		t.Fatal("it does not listen after it is drawn again")
	}
}

// What is typed into a list while the connection fails is no answer to the screen that says so: s would go on in the
// sandbox, q would leave.
func TestTheLossOfTheConnectionListensOnceItIsDrawn(t *testing.T) {
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	r := newRoot(t.Context(), Options{Sandbox: sandbox}, &sync.WaitGroup{})
	r.display.to = io.Discard
	drawn(t, r)
	r.lost = &lostScreen{env: r.env, err: io.ErrUnexpectedEOF}
	r.Update(nil)
	for _, key := range []string{"s", "q", "r", "y"} {
		if press(r, key) != nil {
			t.Errorf("%s from before it was drawn does something", key)
		}
	}
	drawn(t, r)
	if press(r, "s") == nil {
		t.Error("it does not listen once it is drawn")
	}
}

// farLine is what lies between the program and a terminal far away: what the program writes may be on its way for a while.
type farLine struct {
	mu   sync.Mutex
	to   io.Writer
	held bool
	kept bytes.Buffer
}

func (l *farLine) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return l.kept.Write(p)
	}
	return l.to.Write(p)
}

func (l *farLine) hold() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = true
}

func (l *farLine) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = false
	_, _ = l.to.Write(l.kept.Bytes())
	l.kept.Reset()
}

// holds tells whether the line holds this text.
func (l *farLine) holds(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.kept.String(), text)
}

// until waits for what another goroutine brings about.
func until(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that")
		}
	}
}

// Over a slow line a question is on its way while the person types on: what they type then does not answer it.
func TestKeysWhileAQuestionIsOnItsWay(t *testing.T) {
	cloud := newFakeCloud()
	screen := &screenOf{Emulator: vt.NewEmulator(80, 24)}
	slow := &farLine{to: screen}
	read, keyboard := io.Pipe()
	term := startOn(t, cloud, Options{Question: articleQuestion()}, screen, slow, read)
	typed := make(chan []byte, 100)
	t.Cleanup(func() { _ = keyboard.Close() })
	go func() {
		for keys := range typed {
			_, _ = keyboard.Write(keys)
		}
	}()
	go func() { // the terminal's replies take the way of the keys
		for reply := make([]byte, 1024); ; {
			n, err := screen.Read(reply)
			if err != nil {
				return
			}
			typed <- bytes.Clone(reply[:n])
		}
	}()
	types := func(keys string) { typed <- []byte(keys) }
	term.shows("walk through 1 step")
	types("\r")
	term.shows("○ to do")
	slow.hold()
	types("\r")
	until(t, func() bool { return slow.holds("whopulls: question") })
	types("\x1b[C\r\x1b[C\r\t\r") // to the right, enter; again; tab, enter
	slow.release()
	term.shows("Change the policy", "▸ No")
	types("\x1b[C")
	term.shows("▸ grant")
	if cloud.holds() {
		t.Fatal("it granted what was typed before the question was on the screen")
	}
	types("\r")
	term.shows("✓ granted and verified")
}
