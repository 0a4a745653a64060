package guard

import (
	"io"
	"os"
)

// leaveScreen turns off what a full-screen program turns on, in the order in which it is safe for terminals that lack some of it.
// The main screen comes last, with the cursor at the beginning of a line.
const leaveScreen = "\x1b[?2026l" + // synchronized output (DEC private mode)
	"\x1b[>4;0m" + "\x1b[<1u" + // xterm's and kitty's reports of keys
	"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l" + // the mouse
	"\x1b[?2004l" + // bracketed paste
	"\x1b[?1004l" + "\x1b[?2031l" + "\x1b[?2027l" + // reports of focus and of colours, and wide characters
	"\x1b]9;4;0\x07" + "\x1b]2;\x07" + // progress, and the window's title
	"\x1b[0m" + "\x1b[?7h" + "\x1b[?25h" + // colours, long lines, and the cursor
	"\x1b[?1049l" + "\r"

// giveBack gives a terminal back without the program that draws on it.
func giveBack(out io.Writer, before terminal) {
	_, _ = io.WriteString(out, leaveScreen) // a terminal that is gone needs nothing
	before.restore()
}

// WhileDrawing is called before something draws on the whole terminal. In a fall restore gives the terminal back; where it does
// not come to its end, the guard does that itself.
func WhileDrawing(restore func()) (over func()) {
	r := current.Load()
	if r == nil {
		return func() {}
	}
	before := readTerminal()
	stop := r.watch(before)
	r.setDrawn(&drawn{restore, func() { giveBack(r.screen(), before) }, stop})
	return func() {
		stop()
		r.setDrawn(nil)
	}
}

// screen is what the app draws on.
func (r *running) screen() io.Writer {
	if r.Screen == nil {
		return os.Stdout
	}
	return r.Screen
}

// drawn is a terminal that is drawn on, how to give it back, and what stops the monitor once that has happened.
type drawn struct{ restore, force, stop func() }

func (r *running) setDrawn(d *drawn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drawn = d
}

// restoreTerminal gives the terminal back, unless that has happened. A goroutine that fell may hold what restoring waits for.
func (r *running) restoreTerminal() {
	r.mu.Lock()
	d := r.drawn
	r.mu.Unlock()
	if d == nil {
		return
	}
	restored := make(chan struct{})
	go func() {
		defer func() { _ = recover() }() // the first panic is the one to report
		d.restore()
		close(restored)
	}()
	if !waitFor(restored, orderly) {
		d.force()
	}
	d.stop()
}
