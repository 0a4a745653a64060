//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package guard

import (
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// terminal is the terminal at standard input before it was changed.
type terminal struct {
	Input  *unix.Termios // its modes; nil: it is not a terminal
	Groups []int         // the process groups of the program and of what started it, such as a shell
}

// readTerminal reads it before a full-screen program changes it.
func readTerminal() terminal {
	t := terminal{Groups: []int{unix.Getpgrp()}}
	if starter, err := unix.Getpgid(os.Getppid()); err == nil {
		t.Groups = append(t.Groups, starter)
	}
	if input, err := unix.IoctlGetTermios(int(os.Stdin.Fd()), getModes); err == nil {
		t.Input = input
	}
	return t
}

// restore sets the modes again, at standard output: the input of a monitor is another. Where it can't, the terminal is gone. Modes
// that are not raw any more were set by somebody else: a shell's editor of lines, for one, lets ctrl+c send a signal.
func (t terminal) restore() {
	const raw = unix.ECHO | unix.ICANON | unix.ISIG
	now, err := unix.IoctlGetTermios(int(os.Stdout.Fd()), getModes)
	if err == nil && now.Lflag&raw == 0 && t.Input != nil {
		_ = unix.IoctlSetTermios(int(os.Stdout.Fd()), setModes, t.Input)
	}
}

// isLeft reports whether nobody but the program and what started it has the terminal, now that the program has ended.
//
// It may be in front still, with others of its group. Its shell may have come first: that waits for a command, and draws no
// screen. A session that ended with the program has nobody in front (ENOTTY, tty_ioctl(4)). Any other group has its own screen.
func (t terminal) isLeft() bool {
	front, err := unix.IoctlGetInt(int(os.Stdout.Fd()), unix.TIOCGPGRP)
	return err != nil || slices.Contains(t.Groups, front) || errors.Is(unix.Kill(-front, 0), unix.ESRCH)
}

// stayInBackground lets a process write to the terminal and set its modes that is not in the foreground any more (tcsetattr(3)).
func stayInBackground() { signal.Ignore(unix.SIGTTOU) }

// ofItsOwnGroup keeps the signals to the program's group from a monitor: those that end it, and those that stop it.
func ofItsOwnGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
