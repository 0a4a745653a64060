package console

import "golang.org/x/sys/windows"

// flushInput drops what was typed at a console and not read. Where it can't, the console is gone, which the reading finds
// out.
func flushInput(terminal uintptr) { _ = windows.FlushConsoleInputBuffer(windows.Handle(terminal)) }
