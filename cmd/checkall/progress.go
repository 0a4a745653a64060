package checkall

import (
	"fmt"
	"time"

	"whopulls/cmd/console"
)

// progress says on standard error how many workloads are checked, in one line that is rewritten.
type progress struct {
	notes *console.Printer // nil: nothing is said
	guard func(write func())
	last  time.Time
}

// progressInterval is how often the line is rewritten.
const progressInterval = 200 * time.Millisecond

// newProgress says nothing where the verdicts themselves show how far it is, nor where a line can't be rewritten.
func (c *Check) newProgress() *progress {
	if c.table != nil || !c.Streams.ErrTerminal || c.Streams.AppendOnly() || c.Request.HidesWarnings() || c.Request.Quiet || c.Request.Target.CallLog != nil {
		return &progress{}
	}
	return &progress{notes: c.Streams.ErrPrinter(), guard: c.Progress, last: time.Now()}
}

func (p *progress) show(done, all int) {
	if p.notes == nil || time.Since(p.last) < progressInterval {
		return
	}
	p.last = time.Now()
	p.guard(func() { p.notes.Overwrite(fmt.Sprintf("%d of %d checked … (ctrl+c ends it)", done, all)) })
}

func (p *progress) end() {
	if p.notes != nil {
		p.guard(p.notes.Erase)
	}
}
