//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package guard

import "golang.org/x/sys/unix"

// The requests for a terminal's modes (tty(4)).
const (
	getModes = unix.TIOCGETA
	setModes = unix.TIOCSETA
)
