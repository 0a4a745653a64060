package guard

import "golang.org/x/sys/unix"

// The requests for a terminal's modes (ioctl_tty(2)).
const (
	getModes = unix.TCGETS
	setModes = unix.TCSETS
)
