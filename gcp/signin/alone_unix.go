//go:build unix

package signin

import (
	"os/exec"
	"syscall"
)

// alone lets the end of the command reach what it started too: gcloud is a script that starts Python.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
