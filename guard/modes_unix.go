//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package guard

import (
	"os"

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

// restore sets them again. Where it can't, the terminal is gone.
func (m modes) restore() {
	if m.Input != nil {
		_ = unix.IoctlSetTermios(int(os.Stdin.Fd()), setModes, m.Input)
	}
}
