package tui

import (
	"reflect"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// watched is the program's model with an eye on what is still to come of it: messages that were sent to it, and
// commands that have not brought theirs. A screen is only looked at in rest; what is on it before then depends on how
// fast the machine is.
type watched struct {
	*root
	mu    sync.Mutex
	under int    // messages and commands under way
	drawn string // what was drawn last, without its colours
	sized bool   // the program knows its window
	send  func(tea.Msg)
	frame func(string) // gets what would be drawn after each message, also what no frame of the renderer shows; nil: nobody
}

// settled follows the message of a command, or a key: that one was handled.
type settled struct{}

func (w *watched) Init() tea.Cmd { return w.track(w.root.Init()) }

func (w *watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(settled); ok {
		w.more(-1)
		return w, nil
	}
	_, cmd := w.root.Update(msg)
	if w.frame != nil {
		w.frame(w.root.View().Content)
	}
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		w.mu.Lock()
		w.sized = true
		w.mu.Unlock()
	}
	return w, w.track(cmd)
}

func (w *watched) View() tea.View {
	v := w.root.View()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drawn = trimmed(ansi.Strip(v.Content))
	return v
}

func (w *watched) more(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.under += n
}

// rests tells whether nothing more will happen by itself, and what is drawn then.
func (w *watched) rests() (drawn string, yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drawn, w.sized && w.under == 0
}

// track counts a command until its message was handled, with what comes of that.
func (w *watched) track(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	w.more(1)
	return func() tea.Msg {
		msg := cmd()
		if several := reflect.ValueOf(msg); several.Kind() == reflect.Slice && several.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			return w.trackAll(several)
		}
		w.send(msg)
		return settled{}
	}
}

// trackAll counts the commands of a batch or of a sequence in place of the one that gave them.
func (w *watched) trackAll(cmds reflect.Value) tea.Msg {
	tracked := reflect.MakeSlice(cmds.Type(), cmds.Len(), cmds.Len())
	for i := range cmds.Len() {
		tracked.Index(i).Set(reflect.ValueOf(w.track(cmds.Index(i).Interface().(tea.Cmd))))
	}
	w.more(-1)
	return tracked.Interface()
}

// handle sends a message and counts it until it was handled.
func (w *watched) handle(msg tea.Msg) {
	w.more(1)
	w.send(msg)
	w.send(settled{})
}

// trimmed is a screen's text without the blanks at the ends.
func trimmed(screen string) string {
	lines := strings.Split(strings.ReplaceAll(screen, "\r", ""), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}
