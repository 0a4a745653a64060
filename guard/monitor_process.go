package guard

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// maxCrashText limits what is kept of a crash, in bytes.
const maxCrashText = 1 << 20

// Monitor is the main function of a monitor; ran reports whether this process is one. It waits until the program has ended. Where
// that was no end in order, it gives the terminal back. It writes the report of a crash, and says what happened.
func Monitor(say func(command string, f Fall) int) (code int, ran bool) {
	value, ok := os.LookupEnv(monitorVariable)
	if !ok {
		return 0, false
	}
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP) // it ends with the program
	stayInBackground()
	var task monitorTask
	if json.Unmarshal([]byte(value), &task) != nil {
		return 0, true
	}
	w := watcher{restore: func() bool {
		ours := task.Terminal.isLeft()
		if ours { // the modes come first: a shell takes over those that it finds when the process has ended
			task.Terminal.restore()
		}
		return ours
	}}
	w.watch(os.Stdin)
	if w.inOrder {
		return 0, true
	}
	f := Fall{PID: task.PID, Crashed: true, Killed: len(w.crash) == 0}
	if !f.Killed {
		f.Report, f.Failure = task.crashReport(string(w.crash)).write(task.Folder, time.Now())
	}
	if !w.restored { // somebody else has the terminal
		return 0, true
	}
	_, _ = io.WriteString(os.Stdout, leaveScreen)
	return say(task.Command, f), true
}

// crashReport is the report of what the runtime wrote.
func (t monitorTask) crashReport(crash string) report {
	said, stack, _ := strings.Cut(crash, "\n\ngoroutine ")
	return report{version: t.Version, command: t.Command, said: redact(said), stack: "goroutine " + stack}
}

// watcher is what a monitor finds out about the end of the program.
type watcher struct {
	restore  func() bool // reports whether the terminal was left to be given back
	lent     bool
	inOrder  bool
	restored bool
	crash    []byte // what the runtime wrote; empty: the process was killed
}

// watch reads what the program and the runtime write, up to the end of the process.
func (w *watcher) watch(from io.Reader) {
	in := bufio.NewReader(from)
	for {
		what, err := in.ReadByte()
		switch {
		case err == nil && what == goodbye:
			w.inOrder = true
			return
		case err == nil && (what == lent || what == drawing):
			w.lent = what == lent
			continue
		}
		w.restored = !w.lent && w.restore()
		if err == nil {
			_ = in.UnreadByte() // it is the last that was read
			w.crash, _ = io.ReadAll(io.LimitReader(in, maxCrashText))
			_, _ = io.Copy(io.Discard, in)
		}
		return
	}
}
