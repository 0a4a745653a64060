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

// restore sets them again, at the console itself: the input of a monitor is another. Where it can't, the console is gone.
func (m modes) restore() {
	setMode("CONIN$", m.Input)
	setMode("CONOUT$", m.Output)
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

// stayInBackground has nothing to do: a console has no foreground.
func stayInBackground() {}
