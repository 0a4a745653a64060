package tui

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// display is the way to the terminal. It knows when something that appeared by itself, a question or the loss of the
// connection, has reached the screen: a key that was pressed before that is no answer to it.
//
// Such a frame has a window title of its own, which is how it is known among what the renderer writes. A terminal is asked
// who it is right behind the frame, and its reply comes behind every key that was pressed before it drew the frame. Most
// terminals reply; from one that never did the frame itself has to do.
type display struct {
	to io.Writer

	mu      sync.Mutex
	title   string // of the frame that is waited for; empty: none is
	drawn   bool   // it was written
	asked   int    // how often the terminal was asked who it is
	replies int
	awaited int // how many replies there are once the terminal has drawn the frame
}

// query is a request for the primary device attributes, which changes nothing on the screen.
const query = ansi.RequestPrimaryDeviceAttributes

// expect names the frame to wait for.
func (d *display) expect(title string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.title, d.drawn = title, false
}

// Write hands on what the renderer draws. The first frame asks too: that tells whether this terminal replies at all.
func (d *display) Write(p []byte) (int, error) {
	out := p
	if d.asks(p) {
		out = append(bytes.Clone(p), query...)
	}
	n, err := d.to.Write(out)
	return min(n, len(p)), err
}

// asks tells whether the terminal is asked who it is behind these bytes.
func (d *display) asks(p []byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	due := d.title != "" && !d.drawn && bytes.Contains(p, []byte(ansi.SetWindowTitle(d.title)))
	if !due && d.asked > 0 {
		return false
	}
	d.asked++
	if due {
		d.drawn, d.awaited = true, d.asked
	}
	return true
}

// seen tells whether the frame is on the screen by the time of what was read last from the keyboard.
func (d *display) seen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.drawn && (d.replies == 0 || d.replies >= d.awaited)
}

func (d *display) replied() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.replies++
}

// again asks once more: should a reply have been lost, nobody is kept waiting for it for ever.
func (d *display) again() tea.Cmd {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.drawn {
		return nil
	}
	d.asked++
	return tea.Raw(query)
}

// console is the display as a file, which is how the program finds out about the size and the colours of a terminal.
type console struct {
	*os.File
	display *display
}

// Write hands on what the renderer draws.
func (c console) Write(p []byte) (int, error) { return c.display.Write(p) }

// offline stands for the screen that says why there is no connection.
type offline struct{}

// unbidden is what appeared by itself on the screen: a question, the loss of the connection, or nothing. Behind the help
// and in a window that is too small neither is seen.
func (r *root) unbidden() any {
	switch {
	case r.tooSmall() || r.help:
		return nil
	case r.dialog != nil:
		return r.dialog
	case r.lost != nil: // also while it is tried again, which is no news
		return offline{}
	}
	return nil
}

// watch waits for what appeared since the last frame to reach the screen.
func (r *root) watch() {
	now := r.unbidden()
	if now == r.awaited {
		return
	}
	if r.awaited = now; now == nil {
		r.display.expect("")
		return
	}
	r.appeared++
	r.display.expect(r.title())
}

// title is that of the window. What appeared by itself has one of its own each time.
func (r *root) title() string {
	switch r.awaited.(type) {
	case *dialog:
		return fmt.Sprintf("whopulls: question %d", r.appeared)
	case offline:
		return fmt.Sprintf("whopulls: no connection (%d)", r.appeared)
	}
	return "whopulls"
}

// early tells whether a key was pressed before what it would answer was on the screen.
func (r *root) early() bool { return r.awaited != nil && !r.display.seen() }

// reply counts what the terminal said of itself.
func (r *root) reply(msg tea.Msg) bool {
	_, ok := msg.(uv.PrimaryDeviceAttributesEvent)
	if ok {
		r.display.replied()
	}
	return ok
}
