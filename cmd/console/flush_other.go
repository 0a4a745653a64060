//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package console

// flushInput does nothing if it is not known how to drop what was typed.
func flushInput(uintptr) {}
