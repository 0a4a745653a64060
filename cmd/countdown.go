package cmd

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// countdown tells on standard error how long a wait for the quota of deny policies still takes: on a terminal in one line
// that is written anew each second and is gone in the end, elsewhere once.
type countdown struct {
	notes    *printer
	silent   bool // tell nothing
	terminal bool
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time

	mu     sync.Mutex // of what is written
	active bool
}

// newCountdown makes the one of a command. --quiet and a low --verbosity silence it, as they do notes.
func (p *program) newCountdown(r request) *countdown {
	p.activeCountdown = &countdown{notes: p.io.errPrinter(), silent: r.quiet || hidesWarnings(r.verbosity), terminal: p.io.ErrTerminal && !p.io.appendOnly() && r.target.callLog == nil,
		now: time.Now, after: time.After}
	return p.activeCountdown
}

// wait ends at the given time, or with the context's error before.
func (c *countdown) wait(ctx context.Context, until time.Time) error {
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

func (c *countdown) begin(until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = true
	if !c.silent && !c.terminal {
		c.notes.line(text("The quota of deny policy reads, 5 a minute for a project, is used up; --strict waits for it until " +
			until.UTC().Format("15:04:05") + " UTC."))
	}
}

const eraseLine = "\r\x1b[K"

// tick shows the seconds that are left, rounded up: at zero it goes on.
func (c *countdown) tick(left time.Duration) {
	if c.silent || !c.terminal {
		return
	}
	seconds := int((left + time.Second - 1) / time.Second)
	line := fmt.Sprintf("The quota of deny policy reads is used up; it goes on in %d s (ctrl+c ends it) …", seconds)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notes.write(eraseLine + c.notes.render([]span{text(ansi.Truncate(line, c.notes.width-1, "…"))}))
}

func (c *countdown) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = false
	if !c.silent && c.terminal {
		c.notes.write(eraseLine)
	}
}

// writeUnlessActive writes a note of somebody else's, if it would not land in the middle of the countdown's line.
func (c *countdown) writeUnlessActive(write func()) {
	if c == nil {
		write()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.active || c.silent {
		write()
	}
}
