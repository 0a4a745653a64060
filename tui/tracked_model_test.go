package tui

import (
	"reflect"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// trackedModel is the program's model with an eye on what is still to come of it: messages that were sent to it, and
// commands that have not brought theirs. A screen is only looked at in rest; what is on it before then depends on how
// fast the machine is.
type trackedModel struct {
	*root
	mu      sync.Mutex
	pending int    // messages and commands under way
	content string // what was drawn last
	drawn   string // the same without its colours
	mouse   tea.MouseMode
	sized   bool // the program knows its window
	send    func(tea.Msg)
	updates int          // messages of the program that were handled
	frame   func(string) // gets what would be drawn after each message, also what no frame of the renderer shows; nil: nobody
}

// handledMsg follows the message of a command, or a key: that one was handled.
type handledMsg struct{}

func (w *trackedModel) Init() tea.Cmd { return w.track(w.root.Init()) }

func (w *trackedModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(handledMsg); ok {
		w.addPending(-1)
		return w, nil
	}
	w.mu.Lock()
	w.updates++
	w.mu.Unlock()
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

func (w *trackedModel) View() tea.View {
	v := w.root.View()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.content, w.drawn, w.mouse = v.Content, trimLines(ansi.Strip(v.Content)), v.MouseMode
	return v
}

func (w *trackedModel) addPending(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pending += n
}

// lastContent is what was drawn last, with its colours. A test that draws the root itself would do so while the program does.
func (w *trackedModel) lastContent() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.content
}

// isIdle reports whether nothing more will happen by itself, and what is drawn then.
func (w *trackedModel) isIdle() (drawn string, yes bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drawn, w.sized && w.pending == 0
}

// updateCount is how many messages the program has handled.
func (w *trackedModel) updateCount() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.updates
}

// track counts a command until its message was handled, with what comes of that.
func (w *trackedModel) track(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	w.addPending(1)
	return func() tea.Msg {
		msg := cmd()
		if several := reflect.ValueOf(msg); several.Kind() == reflect.Slice && several.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			return w.trackAll(several)
		}
		w.send(msg)
		return handledMsg{}
	}
}

// trackAll counts the commands of a batch or of a sequence in place of the one that gave them.
func (w *trackedModel) trackAll(cmds reflect.Value) tea.Msg {
	tracked := reflect.MakeSlice(cmds.Type(), cmds.Len(), cmds.Len())
	for i := range cmds.Len() {
		tracked.Index(i).Set(reflect.ValueOf(w.track(cmds.Index(i).Interface().(tea.Cmd))))
	}
	w.addPending(-1)
	return tracked.Interface()
}

// sendTracked sends a message and counts it until it was handled.
func (w *trackedModel) sendTracked(msg tea.Msg) {
	w.addPending(1)
	w.send(msg)
	w.send(handledMsg{})
}

// trimLines is a screen's text without the blanks at the ends.
func trimLines(screen string) string {
	lines := strings.Split(strings.ReplaceAll(screen, "\r", ""), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}
