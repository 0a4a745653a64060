//go:build unix

package completion

import "syscall"

// detached gives a process a session of its own: neither the shell nor its ctrl+c has to do with it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
