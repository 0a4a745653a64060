package tui

import (
	"context"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"whopulls/model/pasted"
	"whopulls/tui/offline"
	"whopulls/tui/palette"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// root is the only tea.Model: window, stack of screens, dialog, notice, and leaving.
type root struct {
	*app
	width, height int
	stack         []ui.Screen
	dialog        *ui.Dialog
	menu          *ui.Menu         // over the screen on top; nil: none is open
	palette       *palette.Palette // over the screen on top; nil: it is closed
	onlyLogins    bool             // the palette has nothing but the ways to call Google
	logins        []Login          // that there are, read when the palette opens
	settings      []Setting        // read when the palette opens
	watched       ui.Screen        // was left while it watches, and can be come back to; nil: none was
	login         *Login           // that was chosen in this run; nil: none was
	showHelp      bool
	helpOffset    int
	notice        notice
	activity      activity
	keyCount      int             // how many keys there were
	spots         ui.Spots        // what stands where in the frame that was drawn last
	mouseOff      bool            // the mouse belongs to the terminal, which selects text by it
	leaving       bool            // the user wants to leave; a change is being finished
	interrupted   bool            // by ctrl+c
	noConnection  *offline.Screen // in front of all others while there is no connection
	opened        *openedPaste    // what was pasted last
	kept          *openedPaste    // what was pasted without a connection, and opens with one; nil: nothing was
	cancel        context.CancelFunc

	display    *display
	looks      looks
	popup      any // what appeared by itself, and was or is waited for until it is on the screen
	popupCount int // how often something did
}

func newRoot(ctx context.Context, o Options, writes *sync.WaitGroup) *root {
	ctx, cancel := context.WithCancel(ctx)
	styles := ui.NewStyles(o.Theme)
	styles.Signs = o.Signs
	e := &app{Session: &ui.Session{Context: ctx, Keys: o.Keys, Language: o.Language, Links: o.Links, ReadOnly: o.ReadOnly, Styles: styles, Folder: o.Folder}, opts: o,
		connector: newConnector(o.Connect), recent: o.Recent, writes: writes, changes: &changes{styles: styles, undoCommand: o.UndoCommand}}
	r := &root{app: e, cancel: cancel, width: 80, height: 24, stack: pick.FirstScreens(e.picking(), o.Question), display: &display{},
		mouseOff: o.MouseOff}
	r.display.askWidth(o.AskWidth)
	if o.Pasted != "" {
		r.openFirst(pasted.Recognize(o.Pasted), o.Question)
	}
	return r
}

// Init connects and starts the first screen at the same time.
func (r *root) Init() tea.Cmd { return tea.Batch(askColours(), r.dial, r.top().Init()) }

// top is the screen that is seen. What needs no connection is seen while there is none, too.
func (r *root) top() ui.Screen {
	top := r.stack[len(r.stack)-1]
	if r.noConnection != nil && !worksOffline(top) {
		return r.noConnection
	}
	return top
}

func (r *root) close() {
	for _, s := range r.stack {
		s.Close()
	}
	r.cancel()
}

// Update hands messages on; only window, keys and moving between screens are decided here.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := r.update(msg)
	r.expireNotice()
	r.refreshPalette()
	r.expectPopup()
	return r, tea.Batch(r.stamp(cmd, r.top()), r.turn())
}

func (r *root) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.width, r.height, r.WindowWidth = msg.Width, msg.Height, msg.Width
		return r.broadcast(msg)
	case tea.KeyPressMsg:
		return r.handleKey(msg)
	case tea.PasteMsg:
		return r.handlePaste(msg)
	case tea.MouseMsg:
		return r.handleMouse(msg)
	}
	if r.countReply(msg) || r.takeActivity(msg) {
		return nil
	}
	if cmd, taken := r.takeLooks(msg); taken {
		return cmd
	}
	return r.route(msg)
}

// route handles what moves between screens, and gives everything else to all of them: each knows its own.
func (r *root) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case ui.PushMsg:
		return r.push(msg)
	case ui.PopMsg:
		return r.back()
	case ui.DialogMsg:
		r.ask(msg.Dialog)
	case ui.MenuMsg:
		r.openMenu(msg.Menu)
	case ui.NotifyMsg:
		return r.notify(msg.Text)
	case ui.NoticeMsg:
		r.handleNotice(stampedNotice{msg, r.top(), r.keyCount})
	case stampedNotice:
		r.handleNotice(msg)
	case connectedMsg:
		return r.handleConnected(msg)
	case ui.ReconnectMsg:
		return r.reconnect(msg.Sandbox)
	case knownMsg:
		msg.keep(r)
	case startMsg:
		return msg.handle(r)
	case settingsMsg:
		return r.handleSettings(msg)
	case editedMsg:
		return r.handleEdited(msg)
	case palette.ChosenMsg:
		if msg.From == r.palette {
			return r.choose()
		}
	default:
		return r.broadcast(msg)
	}
	return nil
}

// push opens a screen over the one on top.
func (r *root) push(msg ui.PushMsg) tea.Cmd {
	if s, ok := r.top().(ui.Pausable); ok {
		s.Pause()
	}
	r.closePalette()
	r.menu = nil
	r.stack = append(r.stack, r.taken(msg.Screen))
	r.say(msg.Notice)
	return tea.Batch(msg.Screen.Init(), r.saveMap(msg.Screen))
}

func (r *root) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(r.stack)+1)
	for _, s := range r.stack {
		cmds = append(cmds, r.stamp(s.Update(msg), s))
	}
	if r.palette != nil {
		cmds = append(cmds, r.palette.Update(msg))
	}
	cmds = append(cmds, r.updateWatched(msg))
	if r.leaving && !r.Changing() {
		cmds = append(cmds, tea.Quit)
	}
	return tea.Batch(cmds...)
}

func (r *root) back() tea.Cmd {
	if r.top() == ui.Screen(r.noConnection) {
		return r.backFromNoConnection()
	}
	if len(r.stack) == 1 {
		return ui.Notice(firstScreenNotice)
	}
	return r.backTo(len(r.stack) - 1)
}

// backTo closes the screens above so many, unless one is in the middle of a change.
func (r *root) backTo(depth int) tea.Cmd {
	for _, s := range r.stack[depth:] {
		if c, ok := s.(ui.ChangeMaker); ok && c.Changing() {
			return ui.Notice(finishingFirst)
		}
	}
	return r.unwind(depth)
}

// finishingFirst is why a screen stays while it makes a change.
const finishingFirst = "finishing the change first"

func (r *root) unwind(depth int) tea.Cmd {
	for len(r.stack) > max(depth, 1) {
		left := r.stack[len(r.stack)-1]
		left.Close()
		r.keepWatching(left)
		r.stack = r.stack[:len(r.stack)-1]
	}
	return r.Resume()
}

// Resume tells the screen on top that it is seen again.
func (r *root) Resume() tea.Cmd {
	if s, ok := r.top().(ui.Resumable); ok {
		return s.Resume()
	}
	return nil
}

func (r *root) Changing() bool {
	for _, s := range r.stack {
		if c, ok := s.(ui.ChangeMaker); ok && c.Changing() {
			return true
		}
	}
	return false
}

// leave ends the program, after the change that is under way, if there is one.
func (r *root) leave(interrupted bool) tea.Cmd {
	r.interrupted = r.interrupted || interrupted
	if r.Changing() {
		r.leaving, r.dialog, r.menu = true, nil, nil
		r.closePalette()
		for _, s := range r.stack {
			if run, ok := s.(ui.Stoppable); ok {
				run.Halt()
			}
		}
		r.say("finishing the change, then leaving")
		return nil
	}
	return tea.Quit
}

// handleKey finds the intent of a key, topmost layer first.
func (r *root) handleKey(msg tea.KeyPressMsg) tea.Cmd {
	if msg.String() == ui.InterruptKey {
		r.forget()
		return r.leave(true)
	}
	if r.isEarlyKey() {
		return r.display.queryAgain()
	}
	r.forget()
	if r.tooSmall() {
		return nil // nobody may answer a question that is not on the screen
	}
	if r.showHelp {
		return r.handleHelpKey(msg)
	}
	if r.dialog != nil {
		if r.dialog.TypeKey(msg) {
			return nil
		}
		return r.handleAnswer(ui.IntentOf(msg, r.dialog.Bindings()))
	}
	if r.menu != nil {
		return r.handleMenuKey(msg)
	}
	if r.palette != nil {
		return r.handlePaletteKey(msg)
	}
	if i := ui.IntentOf(msg, r.bindings()); i != "" {
		return r.handleIntent(i)
	}
	if t, ok := r.textScreen(); ok {
		return t.HandleText(msg)
	}
	return nil
}

func (r *root) handleIntent(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentHelp:
		r.showHelp, r.helpOffset = true, 0
	case ui.IntentPalette:
		return r.openPalette()
	case ui.IntentSuspend:
		return suspend()
	case ui.IntentRedraw:
		return tea.ClearScreen
	case ui.IntentMouse:
		return r.toggleMouse()
	case ui.IntentStop:
		return r.leave(true)
	case ui.IntentQuit:
		return r.leave(false)
	case ui.IntentBack:
		return r.back()
	case ui.IntentCopy:
		return r.copy()
	case ui.IntentTakeOut:
		return r.takeOut()
	default:
		return r.handleOnScreen(i)
	}
	return nil
}

// View draws the whole window.
func (r *root) View() tea.View {
	var frame string
	frame, r.spots = ui.ReadMarks(r.draw())
	v := tea.NewView(r.Styles.Signs.Picture(frame))
	v.AltScreen = true
	v.MouseMode = r.mouseMode()
	v.WindowTitle, v.ProgressBar = r.windowTitle(), r.progressBar()
	return v
}

func (r *root) draw() string {
	if r.tooSmall() {
		return r.tooSmallView()
	}
	lines := append([]string{r.titleLine()}, r.bodyLines(r.height-2)...)
	return strings.Join(append(lines, r.keyFooter()), "\n")
}

func (r *root) content(height int) string {
	switch {
	case r.showHelp:
		return r.helpView(height)
	case r.dialog != nil:
		box := r.dialog.View(r.Styles, r.width, height)
		return ui.Overlay(r.top().View(r.width, height), box, len(box), r.width, height)
	case r.menu != nil:
		r.menu.PagingKeys = r.PagingKeys(true)
		box, span := r.menu.View(r.Styles, r.width, height)
		return ui.Overlay(r.top().View(r.width, height), box, span, r.width, height)
	case r.palette != nil:
		return r.palette.View(r.width, height)
	}
	return r.top().View(r.width, height)
}

func (r *root) keyFooter() string { return r.Styles.Footer(r.footerBindings(), r.width) }

// footerBindings are those of what is on top.
func (r *root) footerBindings() []ui.Binding {
	switch {
	case r.showHelp:
		return r.Keys.WithKeys(r.shownHelpBindings(), false)
	case r.dialog != nil:
		return r.dialog.Bindings()
	case r.menu != nil:
		return r.menuBindings()
	case r.palette != nil:
		return r.paletteBindings()
	}
	return r.bindings()
}

// bindings are those of the screen on top, with the keys that they have.
func (r *root) bindings() []ui.Binding {
	_, types := r.textScreen()
	all := append(r.top().Bindings(), ui.BindPalette, ui.BindSuspend, ui.BindRedraw, r.mouseBinding(), ui.BindHelp)
	for n, b := range all {
		if b.Intent == ui.IntentBack && len(r.stack) == 1 {
			all[n] = b.DisabledIf(firstScreenNotice)
		}
	}
	return r.Keys.WithKeys(all, types)
}
