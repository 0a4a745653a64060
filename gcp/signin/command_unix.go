//go:build unix

package signin

import (
	"os/exec"
	"syscall"
)

// isolateProcess lets the end of the command reach what it started too: gcloud is a script that starts Python.
func isolateProcess(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
