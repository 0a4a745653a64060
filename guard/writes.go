package guard

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// writes counts the changes under way.
type writes struct {
	mu       sync.Mutex
	underWay int
	cutOff   int           // by a panic of their own
	waiting  chan struct{} // closed when none is under way any more; nil: nobody waits
	pipes    chan os.Signal
}

// Write makes n changes together. A fall waits for what has begun, and nothing new begins in one.
func Write(n int, change func()) {
	r := current.Load()
	if r == nil {
		change()
		return
	}
	if !r.writes.begin(n, r.falling.Load) {
		forever()
	}
	whole := false
	defer func() { r.writes.end(n, whole) }()
	change()
	whole = true
}

// begin counts changes that begin, unless the program is falling.
func (w *writes) begin(n int, falling func() bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if falling() {
		return false
	}
	if w.underWay == 0 {
		w.pipes = make(chan os.Signal, 1)
		signal.Notify(w.pipes, syscall.SIGPIPE) // nobody reads what is printed: that must not end the process now
	}
	w.underWay += n
	return true
}

func (w *writes) end(n int, whole bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.underWay -= n; !whole {
		w.cutOff += n
	}
	if w.underWay > 0 {
		return
	}
	signal.Stop(w.pipes)
	if w.waiting != nil {
		close(w.waiting)
		w.waiting = nil
	}
}

// count gives the changes that have begun and are not known to have ended well.
func (w *writes) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.underWay + w.cutOff
}

// idle gives a channel that is closed when no change is under way.
func (w *writes) idle() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	done := make(chan struct{})
	if w.underWay == 0 {
		close(done)
	} else {
		w.waiting = done
	}
	return done
}
