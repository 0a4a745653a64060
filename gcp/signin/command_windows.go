package signin

import (
	"os/exec"
	"syscall"
)

// noWindow is CREATE_NO_WINDOW of CreateProcess.
const noWindow = 0x08000000

// isolateProcess keeps the command from opening a console window where whopulls itself has none.
func isolateProcess(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{CreationFlags: noWindow} }
