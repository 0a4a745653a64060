//go:build linux

// Package pty is for tests: a terminal whose other end the test holds. It knows what a program left switched on.
package pty

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"golang.org/x/sys/unix"
)

// Terminal is a terminal of this system, with an emulator in the place of a window.
type Terminal struct {
	t      *testing.T
	window *os.File // the test's end
	line   *os.File // the program's end

	mu     sync.Mutex
	screen *vt.Emulator
	other  map[ansi.Mode]bool // the modes that are not as in a new terminal
}

// Open opens a terminal of that size.
func Open(t *testing.T, width, height int) *Terminal {
	t.Helper()
	window, line, err := open(width, height)
	if err != nil {
		t.Skipf("there is no terminal here: %v", err)
	}
	p := &Terminal{t: t, window: window, line: line, screen: vt.NewEmulator(width, height), other: map[ansi.Mode]bool{}}
	p.screen.SetCallbacks(vt.Callbacks{EnableMode: func(m ansi.Mode) { p.note(m, true) }, DisableMode: func(m ansi.Mode) { p.note(m, false) }})
	go p.draw()
	go func() { _, _ = io.Copy(window, p.screen) }() // what a terminal replies
	t.Cleanup(func() {
		p.HangUp()
		_ = line.Close()
		if replies, ok := p.screen.InputPipe().(io.Closer); ok {
			_ = replies.Close()
		}
	})
	return p
}

// open gives both ends of a new terminal (pts(4)). Closing the window does not wait for a read, since it doesn't block.
func open(width, height int) (window, line *os.File, err error) {
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	window = os.NewFile(uintptr(fd), "/dev/ptmx")
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(width), Row: uint16(height)})
	}
	if err == nil {
		line, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	return window, line, err
}

// usual are the modes that a new terminal has on: a line that is too long continues, and the cursor is seen.
var usual = []ansi.Mode{ansi.ModeAutoWrap, ansi.ModeTextCursorEnable}

// note notes that a mode was switched.
func (p *Terminal) note(m ansi.Mode, on bool) {
	if p.other[m] = true; on == slices.Contains(usual, m) {
		delete(p.other, m)
	}
}

// draw draws what the program writes.
func (p *Terminal) draw() {
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.window.Read(buffer)
		p.mu.Lock()
		_, _ = p.screen.Write(buffer[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Start starts a program with this as its terminal.
func (p *Terminal) Start(c *exec.Cmd) {
	p.t.Helper()
	c.Stdin, c.Stdout, c.Stderr = p.line, p.line, p.line
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// Type types a text, as a keyboard sends it.
func (p *Terminal) Type(text string) {
	p.t.Helper()
	if _, err := p.window.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

// Screen gives what is to be seen.
func (p *Terminal) Screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := strings.Split(p.screen.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// Shows waits until the screen holds all texts, and two looks at it are equal: one could fall into the middle of a drawing.
func (p *Terminal) Shows(texts ...string) string {
	p.t.Helper()
	before := ""
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		screen := p.Screen()
		missing := slices.IndexFunc(texts, func(text string) bool { return !strings.Contains(screen, text) })
		if missing < 0 && screen == before {
			return screen
		}
		before = screen
		if time.Now().After(deadline) {
			p.t.Fatalf("the screen never showed and kept %q:\n%s", texts, screen)
		}
	}
}

// AltScreen reports whether the alternate screen is shown.
func (p *Terminal) AltScreen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.IsAltScreen()
}

// Switched names the modes that are not as in a new terminal: the mouse, bracketed paste and the like.
func (p *Terminal) Switched() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := []string{}
	for m := range p.other {
		names = append(names, fmt.Sprint(m))
	}
	if p.screen.CursorHidden() {
		names = append(names, "hidden cursor")
	}
	slices.Sort(names)
	return names
}

// Modes are those of the terminal's line, as another program reads them.
func (p *Terminal) Modes() string {
	p.t.Helper()
	c := exec.CommandContext(p.t.Context(), "stty", "-g")
	c.Stdin = p.line
	out, err := c.Output()
	if err != nil {
		p.t.Fatalf("stty: %v", err)
	}
	return string(bytes.TrimSpace(out))
}

// HangUp closes the window, as a lost connection does.
func (p *Terminal) HangUp() { _ = p.window.Close() }
