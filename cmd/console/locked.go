package console

import (
	"io"
	"sync"
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
