package guard

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// monitorVariable makes a process the monitor of another one, and says what it needs for that.
	monitorVariable = "WHOPULLS_MONITORS"
	// monitorDelay keeps the monitor's start out of the app's first frames.
	monitorDelay = 300 * time.Millisecond
)

// What the program tells its monitor, a byte each. The runtime writes a crash, which is text, to the same pipe.
const (
	goodbye = iota // nothing is left to do
	lent           // another program has the terminal
	drawing        // the program draws on it again
)

// monitorTask is what a monitor knows about the program.
type monitorTask struct {
	Version, Folder, Command string
	PID                      int      // of its process
	Terminal                 terminal // before the app changed it
}

// monitor is the way to the process that watches this one.
type monitor struct {
	mu   sync.Mutex
	pipe *os.File // nil: it does not run
	last byte     // the last message to it
}

// tell tells the monitor something, now or when it starts.
func (m *monitor) tell(what byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = what
	m.send()
}

func (m *monitor) send() {
	if m.pipe != nil {
		_, _ = m.pipe.Write([]byte{m.last}) // nobody reads it: then nobody watches
	}
}

// start starts a process that outlives this one. After a panic in a goroutine of a library, an error of the runtime or SIGKILL,
// no code of ours runs (debug.SetCrashOutput). Without a monitor such an end leaves the terminal as it is.
func (m *monitor) start(task monitorTask) {
	m.mu.Lock()
	defer m.mu.Unlock()
	self, err := os.Executable()
	if err != nil {
		return
	}
	value, err := json.Marshal(task)
	if err != nil {
		return
	}
	read, write, err := os.Pipe()
	if err != nil {
		return
	}
	defer func() { _ = read.Close() }() // the monitor has its own
	c := exec.CommandContext(context.Background(), self)
	c.Env = append(os.Environ(), monitorVariable+"="+string(value))
	c.Stdin, c.Stdout, c.Stderr = read, os.Stdout, os.Stderr
	c.SysProcAttr = ofItsOwnGroup()
	if debug.SetCrashOutput(write, debug.CrashOptions{}) != nil || c.Start() != nil {
		_, _ = debug.SetCrashOutput(nil, debug.CrashOptions{}), write.Close()
		return
	}
	Go(func() { _ = c.Wait() })
	m.pipe = write
	m.send()
}

// stop ends the monitor: the terminal has been given back.
func (m *monitor) stop() {
	m.tell(goodbye)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.pipe != nil {
		_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
		_ = m.pipe.Close()
		m.pipe = nil
	}
}

// LendTerminal is called before another program gets the terminal for a while. From then on it is not for a monitor to give back.
func LendTerminal() { tellMonitor(lent) }

// TakeTerminal is called when the terminal is drawn on again.
func TakeTerminal() { tellMonitor(drawing) }

func tellMonitor(what byte) {
	if r := current.Load(); r != nil {
		r.monitor.tell(what)
	}
}

// watch starts the monitor once the app has drawn its first frames.
func (r *running) watch(before terminal) (stop func()) {
	if !r.Monitored {
		return func() {}
	}
	r.monitor.tell(drawing)
	ended, started := make(chan struct{}), make(chan struct{})
	Go(func() {
		defer close(started)
		if !waitFor(ended, monitorDelay) {
			r.monitor.start(monitorTask{r.Version, r.Folder, r.command(), os.Getpid(), before})
		}
	})
	return sync.OnceFunc(func() {
		close(ended)
		<-started
		r.monitor.stop()
	})
}
