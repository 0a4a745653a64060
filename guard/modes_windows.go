package guard

import (
	"os"

	"golang.org/x/sys/windows"
)

// modes are those of the console, for input and for output; nil: it is not a console.
type modes struct{ Input, Output *uint32 }

// readModes reads them before a full-screen program changes them.
func readModes() modes { return modes{modeOf(os.Stdin), modeOf(os.Stdout)} }

func modeOf(f *os.File) *uint32 {
	var mode uint32
	if windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) != nil {
		return nil
	}
	return &mode
}

// restore sets them again. Where it can't, the console is gone.
func (m modes) restore() {
	if m.Input != nil {
		_ = windows.SetConsoleMode(windows.Handle(os.Stdin.Fd()), *m.Input)
	}
	if m.Output != nil {
		_ = windows.SetConsoleMode(windows.Handle(os.Stdout.Fd()), *m.Output)
	}
}
