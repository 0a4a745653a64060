//go:build unix

package journal

import (
	"io/fs"
	"os"
	"syscall"
)

// ownedByUser reports whether the folder belongs to the user: nobody else's mode is changed, not even by root.
func ownedByUser(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
