//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package guard

import "syscall"

// terminal is not known for this system.
type terminal struct{}

func readTerminal() terminal { return terminal{} }

func (terminal) restore() {}

func (terminal) isLeft() bool { return true }

func stayInBackground() {}

func ofItsOwnGroup() *syscall.SysProcAttr { return nil }
