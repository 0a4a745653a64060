package console

import (
	"io"
	"sync"
	"sync/atomic"

	"whopulls/guard"
)

// Serialize lets one write after the other through to w, so that lines of those who write at the same time stay whole.
func Serialize(w io.Writer) io.Writer { return &lockedWriter{w: w} }

// lockedWriter is a writer with a lock.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write passes the bytes on when nobody else is writing.
func (w *lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(b)
}

// UntilFall lets writes through to w until the program falls. What is printed after a panic elsewhere may be incomplete.
func UntilFall(w io.Writer) *FallingWriter { return &FallingWriter{w: w} }

// FallingWriter is a writer that says nothing in a fall.
type FallingWriter struct {
	w       io.Writer
	written atomic.Bool
}

// Write passes the bytes on.
func (w *FallingWriter) Write(b []byte) (int, error) {
	if guard.Falling() {
		return len(b), nil
	}
	w.written.Store(true)
	return w.w.Write(b)
}

// Written reports whether anything was passed on.
func (w *FallingWriter) Written() bool { return w.written.Load() }
