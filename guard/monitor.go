package guard

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

const (
	// monitorVariable makes a process the monitor of another one, and says what it needs for that.
	monitorVariable = "WHOPULLS_MONITORS"
	// monitorDelay keeps the monitor's start out of the app's first frames.
	monitorDelay = 300 * time.Millisecond
	// maxCrashText limits what is kept of a crash, in bytes.
	maxCrashText = 1 << 20
)

// monitorTask is what a monitor knows about the program.
type monitorTask struct {
	Version, Folder, Command string
	PID                      int   // of its process
	Modes                    modes // of the terminal, before the app changed them
}

// startMonitor starts a process that outlives a crash of this one. After a panic in a goroutine of a library, or an error of the
// runtime, no code of ours runs (debug.SetCrashOutput). Without a monitor such a crash leaves the terminal as it is.
func (r *running) startMonitor(before modes) (stop func()) {
	nothing := func() {}
	self, err := os.Executable()
	if err != nil {
		return nothing
	}
	task, err := json.Marshal(monitorTask{r.Version, r.Folder, r.command(), os.Getpid(), before})
	if err != nil {
		return nothing
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nothing
	}
	defer func() { _, _ = read.Close(), write.Close() }() // the monitor and the runtime have their own
	c := exec.CommandContext(context.Background(), self)
	c.Env = append(os.Environ(), monitorVariable+"="+string(task))
	c.Stdin, c.Stdout, c.Stderr = read, os.Stdout, os.Stderr
	if c.Start() != nil || debug.SetCrashOutput(write, debug.CrashOptions{}) != nil {
		return nothing
	}
	Go(func() { _ = c.Wait() })
	return func() { _ = debug.SetCrashOutput(nil, debug.CrashOptions{}) } // the monitor ends when nobody can write to it
}

// Monitor is the main function of a monitor; ran reports whether this process is one. It waits until the program has ended. Where
// that was a crash, it gives the terminal back, writes the report, and says so.
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
	crash := awaitCrash(os.Stdin, task.Modes.restore)
	if len(crash) == 0 {
		return 0, true
	}
	giveBack(os.Stdout, task.Modes)
	said, stack, _ := strings.Cut(string(crash), "\n\ngoroutine ")
	f := Fall{PID: task.PID, Crashed: true}
	f.Report, f.Failure = report{version: task.Version, command: task.Command, said: redact(said), stack: "goroutine " + stack}.write(task.Folder, time.Now())
	return say(task.Command, f), true
}

// awaitCrash reads what the runtime writes about a crash, up to the end of the process. The terminal's modes are restored before
// that: a shell takes over those that it finds then.
func awaitCrash(from io.Reader, restore func()) []byte {
	var crash bytes.Buffer
	if _, err := io.CopyN(&crash, from, 1); err != nil {
		return nil
	}
	restore()
	_, _ = io.CopyN(&crash, from, maxCrashText) // it is shorter
	_, _ = io.Copy(io.Discard, from)
	return crash.Bytes()
}

// watch starts the monitor once the app has drawn its first frames.
func (r *running) watch(before modes) (stop func()) {
	if !r.Monitored {
		return func() {}
	}
	ended, started := make(chan struct{}), make(chan func(), 1)
	Go(func() {
		if waitFor(ended, monitorDelay) {
			started <- func() {}
			return
		}
		started <- r.startMonitor(before)
	})
	return func() {
		close(ended)
		(<-started)()
	}
}
