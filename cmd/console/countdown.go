package console

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Countdown shows on standard error how long a wait for the quota of deny policies still takes. On a terminal it is one
// line, rewritten each second and erased at the end; elsewhere it is written once.
type Countdown struct {
	notes    *Printer
	Silent   bool // write nothing
	Terminal bool
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time

	mu     sync.Mutex // of what is written
	active bool
}

// NewCountdown makes a countdown. It redraws its line only where redraws says that nothing else writes to the terminal.
func NewCountdown(s Streams, silent, redraws bool) *Countdown {
	return &Countdown{notes: s.ErrPrinter(), Silent: silent, Terminal: s.ErrTerminal && !s.AppendOnly() && redraws, now: time.Now, after: time.After}
}

// Wait ends at the given time, or with the context's error before.
func (c *Countdown) Wait(ctx context.Context, until time.Time) error {
	c.begin(until)
	defer c.end()
	for {
		left := until.Sub(c.now())
		if left <= 0 {
			return nil
		}
		c.tick(left)
		select {
		case <-c.after(min(left, time.Second)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (c *Countdown) begin(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = true
	if !c.Silent && !c.Terminal {
		c.notes.Line(Text("The quota of deny policy reads, 5 a minute for a project, is used up; --strict waits for it until " +
			until.UTC().Format("15:04:05") + " UTC."))
	}
}

// tick shows the seconds that are left, rounded up: at zero the wait is over.
func (c *Countdown) tick(left time.Duration) {
	if c.Silent || !c.Terminal {
		return
	}
	seconds := int((left + time.Second - 1) / time.Second)
	line := fmt.Sprintf("The quota of deny policy reads is used up; it continues in %d s (ctrl+c stops it) …", seconds)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notes.Overwrite(line)
}

func (c *Countdown) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = false
	if !c.Silent && c.Terminal {
		c.notes.Erase()
	}
}

// WriteUnlessActive writes another note, unless it would land in the middle of the countdown's line.
func (c *Countdown) WriteUnlessActive(write func()) {
	if c == nil {
		write()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.active || c.Silent {
		write()
	}
}
