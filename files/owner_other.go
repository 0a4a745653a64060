//go:build !unix

package files

import "io/fs"

const nonblocking = 0

// sameOwner reports true: on this system only a privileged user can create a link.
func sameOwner(fs.FileInfo, fs.FileInfo) bool { return true }

// isOwn reports true: the folder for temporary files is each user's own.
func isOwn(fs.FileInfo) bool { return true }
