package completion

import "syscall"

// detachedProcess is DETACHED_PROCESS of CreateProcess: no console, neither the shell's nor a new one.
const detachedProcess = 0x8

// detached keeps a process from the shell's console and its ctrl+c.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | detachedProcess}
}
