// Package guard ends the program in order when a part of it panics. Goroutines start through it. A panic in a bare one ends the
// process at once: nobody restores the terminal, and nobody waits for a change under way.
//
// A fall is such an end. The terminal is restored, changes under way are waited for, and a report without secrets is written.
package guard

import (
	"context"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Program says what a fall needs to know about the program that runs.
type Program struct {
	Version string
	Folder  string             // of the reports; empty: none is written
	Command func() string      // what runs, without its arguments; nil: that is not said
	Say     func(f Fall) int   // says what happened, and gives the exit code
	Now     func() time.Time   // nil: the clock
	Exit    func(exitCode int) // nil: os.Exit
	Screen  io.Writer          // nil: standard output
	// Monitored has a process of its own watch the program while it draws on the terminal: its main function calls Monitor first.
	Monitored bool
}

// Fall is how a panic ended the program.
type Fall struct {
	PID      int    // of the process that fell
	Report   string // the file; empty: there is none
	Failure  error  // why there is none
	Finished int    // changes that were under way and came to their end
	Open     int    // changes that were under way, and whose end is not known
	Crashed  bool   // the process ended at once: what was under way is not known
	Killed   bool   // from outside, and so without a report
}

// running is the program that runs.
type running struct {
	Program
	cancel  context.CancelFunc
	ended   chan struct{} // closed when its main function came to its end
	falling atomic.Bool
	writes  writes
	monitor monitor

	mu    sync.Mutex
	drawn *drawn // nil: nothing is drawn on the terminal
}

// current is the program that runs. Goroutines of any package find it here; in tests of a package there is none.
var current atomic.Pointer[running]

// Run runs the main function of a program. A panic in it, or in a goroutine that the guard started, is a fall.
func Run(ctx context.Context, p Program, main func(context.Context) int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &running{Program: p, cancel: cancel, ended: make(chan struct{})}
	current.Store(r)
	defer func() {
		close(r.ended)
		if v := recover(); v != nil {
			r.fall(v, debug.Stack())
		}
		if r.falling.Load() {
			forever() // who fell ends the process
		}
	}()
	return main(ctx)
}

// Go runs a function in a goroutine of its own. A panic there is a fall.
func Go(f func()) { go Func(f)() }

// Func gives a function to hand to what starts goroutines, such as a sync.WaitGroup. A panic in it is a fall.
func Func(f func()) func() {
	r := current.Load()
	return func() {
		defer func() { r.take(recover()) }()
		f()
	}
}

// Task is Func for an errgroup.
func Task(f func() error) func() error {
	r := current.Load()
	return func() error {
		defer func() { r.take(recover()) }()
		return f()
	}
}

// Catch is deferred where a panic must be a fall, and nothing else can be done.
func Catch() { current.Load().take(recover()) }

// take takes a panic. Where no program runs it lets the panic through.
func (r *running) take(v any) {
	switch {
	case v == nil:
	case r == nil:
		panic(v)
	default:
		r.fall(v, debug.Stack())
	}
}

// Falling reports whether the program ends because of a panic. What is read by then may be incomplete.
func Falling() bool {
	r := current.Load()
	return r != nil && r.falling.Load()
}

// command is what runs.
func (r *running) command() string {
	if r.Command == nil {
		return ""
	}
	return r.Command()
}

// forever keeps a goroutine from doing anything more.
func forever() { select {} }
