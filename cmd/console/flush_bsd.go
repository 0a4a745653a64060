//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package console

import "golang.org/x/sys/unix"

// flushInput drops what was typed at a terminal and not read, also a line that is not ended yet (tty(4)). Where it can't,
// the terminal is gone, which the reading finds out.
func flushInput(terminal uintptr) {
	const input = 1 // FREAD
	_ = unix.IoctlSetPointerInt(int(terminal), unix.TIOCFLUSH, input)
}
