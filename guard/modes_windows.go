package guard

import (
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// terminal is the console before it was changed: its modes for input and for output; nil: it is not a console.
type terminal struct{ Input, Output *uint32 }

// readTerminal reads it before a full-screen program changes it.
func readTerminal() terminal { return terminal{modeOf(os.Stdin), modeOf(os.Stdout)} }

func modeOf(f *os.File) *uint32 {
	var mode uint32
	if windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) != nil {
		return nil
	}
	return &mode
}

// restore sets the modes again, at the console itself: the input of a monitor is another. Where it can't, the console is gone.
func (t terminal) restore() {
	setMode("CONIN$", t.Input)
	setMode("CONOUT$", t.Output)
}

func setMode(console string, mode *uint32) {
	if mode == nil {
		return
	}
	if f, err := os.OpenFile(console, os.O_RDWR, 0); err == nil {
		_ = windows.SetConsoleMode(windows.Handle(f.Fd()), *mode)
		_ = f.Close()
	}
}

// isLeft has nobody to ask: a console has no foreground.
func (terminal) isLeft() bool { return true }

// stayInBackground has nothing to do, for the same reason.
func stayInBackground() {}

// ofItsOwnGroup keeps ctrl+break from a monitor.
func ofItsOwnGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}
