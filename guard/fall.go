package guard

import (
	"os"
	"time"
)

const (
	// orderly is how long the main function has to come to its end after a panic elsewhere.
	orderly = time.Second
	// patience is how long changes under way have. What takes longer stays open in the journal, which each start looks at.
	patience = 5 * time.Second
)

// fall ends the process. The main function is canceled first, as by a signal: it restores the terminal and removes what is
// temporary. Where it does not come to its end, the terminal is restored without it.
func (r *running) fall(v any, stack []byte) {
	if r.falling.Swap(true) {
		forever() // another goroutine fell before
	}
	underWay := r.writes.count()
	r.cancel()
	waitFor(r.ended, orderly)
	r.restoreTerminal()
	waitFor(r.writes.idle(), patience)
	waitFor(r.ended, orderly) // it says what those changes came to
	f := Fall{PID: os.Getpid(), Open: r.writes.count()}
	f.Finished = max(0, underWay-f.Open)
	f.Report, f.Failure = r.writeReport(v, stack, f)
	r.exit(f)
}

// exit says what happened, and ends the process even where that can't be said.
func (r *running) exit(f Fall) {
	exit, code := r.Exit, 1
	if exit == nil {
		exit = os.Exit
	}
	defer func() {
		_ = recover() // the fall itself has been recorded
		exit(code)
	}()
	code = r.Say(f)
}

// waitFor waits until a channel is closed, but not for ever. It reports whether it was closed in time.
func waitFor(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}
