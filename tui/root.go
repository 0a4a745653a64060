package tui

import (
	"context"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"
)

// The smallest window that the program draws in.
const (
	minWidth  = 60
	minHeight = 15
)

// root is the only tea.Model: window, stack of screens, dialog, notice, and leaving.
type root struct {
	*env
	width, height int
	stack         []screen
	dialog        *dialog
	help          bool
	helpOffset    int
	notice        string
	leaving       bool        // the user wants to leave; a change is being finished
	interrupted   bool        // by ctrl+c
	lost          *lostScreen // in front of all others while there is no connection
	cancel        context.CancelFunc

	display  *display
	awaited  any // what appeared by itself, and was or is waited for until it is on the screen
	appeared int // how often something did
}

func newRoot(ctx context.Context, o Options, writes *sync.WaitGroup) *root {
	ctx, cancel := context.WithCancel(ctx)
	looks := newTheme(o.Theme)
	e := &env{ctx: ctx, opts: o, link: newLink(o.Connect), looks: looks, recent: o.Recent, writes: writes, changes: &changes{looks: looks, undo: o.Undo}}
	return &root{env: e, cancel: cancel, width: 80, height: 24, stack: firstScreens(e), display: &display{}}
}

// Init connects and starts the first screen at the same time.
func (r *root) Init() tea.Cmd { return tea.Batch(r.open, r.top().init()) }

// top is the screen that is seen. What needs no connection is seen while there is none, too.
func (r *root) top() screen {
	top := r.stack[len(r.stack)-1]
	if r.lost != nil && !unconnected(top) {
		return r.lost
	}
	return top
}

func (r *root) close() {
	for _, s := range r.stack {
		s.close()
	}
	r.cancel()
}

// Update hands messages on; only window, keys and moving between screens are decided here.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer r.watch()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.width, r.height = msg.Width, msg.Height
		return r, nil
	case tea.KeyPressMsg:
		return r, r.press(msg)
	case tea.PasteMsg:
		return r, r.paste(msg)
	}
	if r.reply(msg) {
		return r, nil
	}
	return r, r.route(msg)
}

// route handles what moves between screens, and gives everything else to all of them: each knows its own.
func (r *root) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case pushMsg:
		if s, ok := r.top().(interface{ left() }); ok {
			s.left()
		}
		r.stack = append(r.stack, msg.screen)
		return tea.Batch(msg.screen.init(), r.picked(msg.screen))
	case popMsg:
		return r.back()
	case askMsg:
		if r.leaving {
			return nil
		}
		r.notice = "" // what answers the question stands in its place
		r.dialog = msg.dialog
	case noticeMsg:
		r.notice = msg.text
	case pickedMsg:
		r.recent = Remember(r.recent, msg.pick)
	case linkedMsg:
		return r.linked(msg)
	case relinkMsg:
		return r.relink(msg.sandbox)
	default:
		return r.broadcast(msg)
	}
	return nil
}

func (r *root) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(r.stack)+1)
	for _, s := range r.stack {
		cmds = append(cmds, s.update(msg))
	}
	if r.leaving && !r.changing() {
		cmds = append(cmds, tea.Quit)
	}
	return tea.Batch(cmds...)
}

func (r *root) back() tea.Cmd {
	if r.top() == screen(r.lost) {
		return r.backFromLost()
	}
	if len(r.stack) == 1 {
		return notice(firstScreen)
	}
	if c, ok := r.top().(changer); ok && c.changing() {
		return notice("finishing the change first")
	}
	return r.unwind(len(r.stack) - 1)
}

func (r *root) unwind(depth int) tea.Cmd {
	for len(r.stack) > max(depth, 1) {
		r.top().close()
		r.stack = r.stack[:len(r.stack)-1]
	}
	return r.resume()
}

// resume tells the screen on top that it is seen again.
func (r *root) resume() tea.Cmd {
	if s, ok := r.top().(interface{ resumed() tea.Cmd }); ok {
		return s.resumed()
	}
	return nil
}

// changer is a screen that may be in the middle of a change.
type changer interface{ changing() bool }

func (r *root) changing() bool {
	for _, s := range r.stack {
		if c, ok := s.(changer); ok && c.changing() {
			return true
		}
	}
	return false
}

// leave ends the program, after the change that is under way, if there is one.
func (r *root) leave(interrupted bool) tea.Cmd {
	r.interrupted = r.interrupted || interrupted
	if r.changing() {
		r.leaving, r.dialog = true, nil
		for _, s := range r.stack {
			if run, ok := s.(interface{ halt() }); ok {
				run.halt()
			}
		}
		r.notice = "finishing the change, then leaving"
		return nil
	}
	return tea.Quit
}

// press finds the intent of a key, topmost layer first.
func (r *root) press(msg tea.KeyPressMsg) tea.Cmd {
	if msg.String() == keyStop {
		r.notice = ""
		return r.leave(true)
	}
	if r.early() {
		return r.display.again()
	}
	r.notice = ""
	if r.tooSmall() {
		return nil // nobody may answer a question that is not on the screen
	}
	if r.help {
		return r.helpKey(msg)
	}
	if r.dialog != nil {
		if r.dialog.takes(msg) {
			return nil
		}
		return r.answer(intentOf(msg, r.dialog.bindings()))
	}
	if i := intentOf(msg, r.bindings()); i != "" {
		return r.do(i)
	}
	if t, ok := r.top().(typist); ok {
		return t.typed(msg)
	}
	return nil
}

func (r *root) do(i intent) tea.Cmd {
	switch i {
	case intentHelp:
		r.help, r.helpOffset = true, 0
	case intentStop:
		return r.leave(true)
	case intentQuit:
		return r.leave(false)
	case intentBack:
		return r.back()
	default:
		return r.top().handle(i)
	}
	return nil
}

func (r *root) answer(i intent) tea.Cmd {
	cmd, done := r.dialog.handle(i)
	if done {
		r.dialog = nil
	}
	return cmd
}

// View draws the whole window.
func (r *root) View() tea.View {
	v := tea.NewView(r.draw())
	v.AltScreen = true
	v.WindowTitle = r.title()
	return v
}

func (r *root) draw() string {
	if r.tooSmall() {
		return r.tooSmallView()
	}
	foot := r.foot()
	body := r.height - 1 - len(foot)
	content := r.content(body)
	lines := strings.Split(content, "\n")
	for len(lines) < body {
		lines = append(lines, "")
	}
	return r.titleLine() + "\n" + strings.Join(append(lines[:body], foot...), "\n")
}

func (r *root) content(height int) string {
	switch {
	case r.help:
		return r.helpView(height)
	case r.dialog != nil:
		return over(r.top().view(r.width, height), r.dialog.view(r.looks, r.width, height), r.width, height)
	}
	return r.top().view(r.width, height)
}

// mostNotice is how many lines a notice may take from the body.
const mostNotice = 4

// foot is the line of keys, or in its place what there is to say, in as many lines as that needs.
func (r *root) foot() []string {
	if r.notice == "" {
		return []string{r.keyLine()}
	}
	lines := wrap(r.notice, r.width-2)
	if len(lines) > mostNotice {
		lines = append(lines[:mostNotice-1], cut(strings.Join(lines[mostNotice-1:], " "), r.width-2))
	}
	for n, l := range lines {
		lines[n] = " " + r.looks.accent.Render(l)
	}
	return lines
}

func (r *root) keyLine() string {
	switch {
	case r.help:
		return r.looks.footer(r.opts.Keys.bound(helpBindings, false), r.width)
	case r.dialog != nil:
		return r.looks.footer(r.dialog.bindings(), r.width)
	}
	return r.looks.footer(r.bindings(), r.width)
}

// bindings are those of the screen on top, with the keys that they have.
func (r *root) bindings() []binding {
	_, types := r.top().(typist)
	return r.opts.Keys.bound(append(r.top().bindings(), bindHelp), types)
}

func (r *root) tooSmall() bool { return r.width < minWidth || r.height < minHeight }

func (r *root) tooSmallView() string {
	text := "whopulls draws who pulls and who runs, and needs a window of at least 60 by 15 for it. Make this one larger, or press ctrl+c and use: whopulls check"
	return strings.Join(wrap(text, r.width), "\n")
}
