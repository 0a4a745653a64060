//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
)

// nonblocking keeps the opening of a pipe from waiting for its other end.
const nonblocking = syscall.O_NONBLOCK

// sameOwner reports whether two files belong to one user.
func sameOwner(a, b fs.FileInfo) bool {
	left, ok := a.Sys().(*syscall.Stat_t)
	right, also := b.Sys().(*syscall.Stat_t)
	return ok && also && left.Uid == right.Uid
}

// isOwn reports whether a file belongs to the user of this process.
func isOwn(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}
