//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// terminal is an emulated terminal with a program on it.
type terminal struct {
	pty     *os.File
	command *exec.Cmd
	fed     sync.WaitGroup

	mu     sync.Mutex
	screen *vt.Emulator
}

// open starts a program on a terminal of that size. Its settings, its journal and its cache are in a folder of its own, and
// it sees no account of this machine.
func open(ctx context.Context, width, height int, look look, home, program string, args ...string) (*terminal, error) {
	t := &terminal{screen: vt.NewEmulator(width, height), command: exec.CommandContext(ctx, program, args...)}
	t.screen.SetDefaultBackgroundColor(look.background)
	t.screen.SetDefaultForegroundColor(look.foreground)
	t.command.Env = []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=" + home,
		"PATH=" + home, "CLOUDSDK_CONFIG=" + home, "XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home, "XDG_CACHE_HOME=" + home}
	t.command.Dir = home
	var err error
	t.pty, err = pty.StartWithSize(t.command, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
	if err != nil {
		return nil, err
	}
	t.fed.Go(func() { _, _ = io.Copy(t.pty, t.screen) }) // what the terminal answers to questions
	t.fed.Go(func() { _, _ = io.Copy(display{t}, t.pty) })
	return t, nil
}

// display writes to the emulator under the terminal's lock.
type display struct{ t *terminal }

func (d display) Write(p []byte) (int, error) {
	d.t.mu.Lock()
	defer d.t.mu.Unlock()
	return d.t.screen.Write(p)
}

// close ends the program.
func (t *terminal) close() error {
	killed := t.command.Process.Kill()
	_ = t.command.Wait() // it was killed
	err := errors.Join(killed, t.pty.Close())
	if replies, ok := t.screen.InputPipe().(io.Closer); ok {
		err = errors.Join(err, replies.Close())
	}
	t.fed.Wait()
	return err
}

// write presses keys.
func (t *terminal) write(keys string) error {
	_, err := io.WriteString(t.pty, keys)
	return err
}

// quiet is how long a screen must not change before it counts as drawn.
const quiet = 400 * time.Millisecond

// waitFor waits until the screen holds all texts and rests.
func (t *terminal) waitFor(ctx context.Context, texts []string) (cells, error) {
	var last string
	since := time.Now()
	for {
		now := t.cells()
		if text := now.String(); text != last {
			last, since = text, time.Now()
		}
		if holdsAll(last, texts) && time.Since(since) >= quiet {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the screen never showed %q:\n%s", texts, last)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func holdsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// cells are the rows of a screen; a wide character has one cell, and the place behind it none.
type cells [][]uv.Cell

func (t *terminal) cells() cells {
	t.mu.Lock()
	defer t.mu.Unlock()
	rows := make(cells, t.screen.Height())
	for y := range rows {
		for x := 0; x < t.screen.Width(); {
			cell := t.screen.CellAt(x, y)
			if cell == nil || cell.Width == 0 {
				cell = &uv.EmptyCell
			}
			rows[y] = append(rows[y], *cell)
			x += cell.Width
		}
	}
	return rows
}

func (c cells) String() string {
	var b strings.Builder
	for _, row := range c {
		for _, cell := range row {
			b.WriteString(cell.Content)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
