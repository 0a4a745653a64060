//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package cmd

// forgetTyped does nothing where it is not known how to drop what was typed.
func forgetTyped(uintptr) {}
