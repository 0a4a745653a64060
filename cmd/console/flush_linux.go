package console

import "golang.org/x/sys/unix"

// flushInput drops what was typed at a terminal and not read, also a line that is not ended yet (tcflush(3)). Where it
// can't, the terminal is gone, which the reading finds out.
func flushInput(terminal uintptr) { _ = unix.IoctlSetInt(int(terminal), unix.TCFLSH, unix.TCIFLUSH) }
