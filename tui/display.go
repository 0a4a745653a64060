package tui

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"whopulls/guard"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// display is the way to the terminal. It knows when a question or the loss of the connection has reached the
// screen. A key that was pressed before that is not an answer to it.
//
// Such a frame has a window title of its own, which is how it is known among what the renderer writes. Right
// after the frame it asks the terminal to identify itself. The reply comes after every key that was pressed
// before the terminal drew the frame. Most terminals reply; from one that never did the frame itself has to
// do.
type display struct {
	out io.Writer

	mu            sync.Mutex
	frameTitle    string // of the frame that is waited for; empty: none is
	frameWritten  bool   // it was written
	queries       int    // how often the terminal was asked who it is
	replies       int
	repliesNeeded int // how many repis there are once the terminal has drawn the frame

	width widthQuestion
}

// widthQuestion is where asking for the width of ambiguous signs stands.
type widthQuestion int

const (
	widthSettled widthQuestion = iota // or not to be asked
	widthDue                          // with the next frame that begins on an empty screen
	widthAsked
)

// clearedScreen begins a frame on an empty screen, as the renderer writes it.
const clearedScreen = ansi.CursorHomePosition + ansi.EraseEntireScreen

// widthRow is the line in which the signs are measured. In the first one a reply could be read as a key (F3).
const widthRow = 2

// widthQuery draws ambiguous signs and asks where the cursor is. What follows it clears the screen.
var widthQuery = ansi.CursorPosition(1, widthRow) + signs.Ambiguous + ansi.RequestCursorPositionReport

// askWidth has the terminal measure ambiguous signs.
func (d *display) askWidth(wanted bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if wanted {
		d.width = widthDue
	}
}

// withWidthQuery puts the question before the first frame: nobody sees the signs, and no frame waits for the answer.
func (d *display) withWidthQuery(p []byte) []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := bytes.Index(p, []byte(clearedScreen))
	if d.width != widthDue || at < 0 {
		return p
	}
	d.width = widthAsked
	return slices.Concat(p[:at], []byte(widthQuery), p[at:])
}

// takeWidth reads where the cursor was behind the signs, in columns and lines from 0. It reports whether that answers the question.
func (d *display) takeWidth(column, line int) (wide, answers bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.width != widthAsked || line != widthRow-1 {
		return false, false
	}
	d.width = widthSettled
	return column > utf8.RuneCountInString(signs.Ambiguous), true
}

// deviceQuery is a request for the primary device attributes, which changes nothing on the screen.
const deviceQuery = ansi.RequestPrimaryDeviceAttributes

// expectFrame names the frame to wait for.
func (d *display) expectFrame(title string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.frameTitle, d.frameWritten = title, false
}

// Write hands on what the renderer draws. The first frame asks too: that reports whether this terminal replies at all.
func (d *display) Write(p []byte) (int, error) {
	out := d.withWidthQuery(p)
	if d.needsQuery(p) {
		out = append(bytes.Clone(out), deviceQuery...)
	}
	n, err := d.out.Write(out)
	return min(n, len(p)), err
}

// needsQuery reports whether the terminal is asked who it is behind these bytes.
func (d *display) needsQuery(p []byte) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	due := d.frameTitle != "" && !d.frameWritten && bytes.Contains(p, []byte(ansi.SetWindowTitle(d.frameTitle)))
	if !due && d.queries > 0 {
		return false
	}
	d.queries++
	if due {
		d.frameWritten, d.repliesNeeded = true, d.queries
	}
	return true
}

// frameSeen reports whether the frame is on the screen by the time of what was read last from the keyboard.
func (d *display) frameSeen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.frameWritten && (d.replies == 0 || d.replies >= d.repliesNeeded)
}

func (d *display) addReply() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.replies++
}

// queryAgain asks once more: should a reply have been lost, nobody is kept waiting for it for ever.
func (d *display) queryAgain() tea.Cmd {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.frameWritten {
		return nil
	}
	d.queries++
	return tea.Raw(deviceQuery)
}

// displayFile is the display as a file, which is how the program finds out about the size and the colours of a terminal.
type displayFile struct {
	*os.File
	display *display
}

// Write hands on what the renderer draws, in a goroutine of its own.
func (c displayFile) Write(p []byte) (int, error) {
	defer guard.Catch()
	return c.display.Write(p)
}

// noConnectionPopup stands for the screen that says why there is no connection.
type noConnectionPopup struct{}

// currentPopup is what appeared by itself on the screen: a question, the loss of the connection, or nothing. Behind the help
// and in a window that is too small neither is seen.
func (r *root) currentPopup() any {
	switch {
	case r.tooSmall() || r.showHelp:
		return nil
	case r.dialog != nil:
		return r.dialog
	case r.noConnection != nil: // also while it is tried again, which is no news
		return noConnectionPopup{}
	}
	return nil
}

// expectPopup waits for what appeared since the last frame to reach the screen.
func (r *root) expectPopup() {
	now := r.currentPopup()
	if now == r.popup {
		return
	}
	if r.popup = now; now == nil {
		r.display.expectFrame("")
		return
	}
	r.popupCount++
	r.display.expectFrame(r.windowTitle())
}

// plainTitle is what may name the window: a terminal can be asked for its title, and types it then. So nothing of a name that
// others chose is in it but what ids are made of.
var plainTitle = regexp.MustCompile(`^(?:[A-Za-z0-9 ._/:@-]|` + regexp.QuoteMeta(signs.Within) + `)+$`)

// windowTitle is that of the window: where a person is, and that something is waited for. What appeared by itself has one of its
// own each time.
func (r *root) windowTitle() string {
	switch r.popup.(type) {
	case *ui.Dialog:
		return fmt.Sprintf("whopulls: question %d", r.popupCount)
	case noConnectionPopup:
		return fmt.Sprintf("whopulls: no connection (%d)", r.popupCount)
	}
	title := "whopulls"
	if where := ansi.Strip(r.top().Breadcrumb()); plainTitle.MatchString(where) {
		title += ": " + r.Styles.Signs.Text(where)
	}
	if r.isWaiting() {
		title += " (waiting for the grant)"
	}
	return title
}

// isEarlyKey reports whether a key was pressed before what it would answer was on the screen.
func (r *root) isEarlyKey() bool { return r.popup != nil && !r.display.frameSeen() }

// countReply counts what the terminal said about itself.
func (r *root) countReply(msg tea.Msg) bool {
	_, ok := msg.(uv.PrimaryDeviceAttributesEvent)
	if ok {
		r.display.addReply()
	}
	return ok
}

// The smallest window that the program draws in.
const (
	minWidth  = 60
	minHeight = 15
)

func (r *root) tooSmall() bool { return r.width < minWidth || r.height < minHeight }

func (r *root) tooSmallView() string {
	text := "whopulls draws who pulls and who runs, and needs a window of at least 60 by 15 for it. Make this one larger, or press ctrl+c and use lines: whopulls --accessible"
	return strings.Join(cells.Wrap(text, r.width), "\n")
}
