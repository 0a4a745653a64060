//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package guard

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// modes are those of the terminal at standard input; nil: it is not a terminal.
type modes struct{ Input *unix.Termios }

// readModes reads them before a full-screen program changes them.
func readModes() modes {
	input, err := unix.IoctlGetTermios(int(os.Stdin.Fd()), getModes)
	if err != nil {
		return modes{}
	}
	return modes{input}
}

// restore sets them again, at standard output: the input of a monitor is another. Where it can't, the terminal is gone.
func (m modes) restore() {
	if m.Input != nil {
		_ = unix.IoctlSetTermios(int(os.Stdout.Fd()), setModes, m.Input)
	}
}

// stayInBackground lets a process write to the terminal and set its modes that is not in the foreground any more (tcsetattr(3)).
func stayInBackground() { signal.Ignore(unix.SIGTTOU) }
