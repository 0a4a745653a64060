package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"whopulls/gcp"
	"whopulls/gcp/gcloud"
)

const (
	flagLogHTTP    = "log-http"
	verbosityDebug = "debug"
)

// logsCalls tells whether calls are to be logged: the flag decides, else --verbosity=debug or core/log_http ask for it.
func (r *request) logsCalls(f *flags, flagGiven bool) (bool, error) {
	if flagGiven {
		return f.logHTTP, nil
	}
	set, err := r.config.Bool(gcloud.LogHTTP)
	return set || f.verbosity == verbosityDebug, misconfigured(err)
}

// logCalls gives the target its log, where one is wanted.
func (r *request) logCalls(f *flags, flagGiven bool, s streams) error {
	wanted, err := r.logsCalls(f, flagGiven)
	if wanted {
		r.target.calls = &callLog{s}
	}
	return err
}

// callLog writes a line for each attempt of a call to standard error.
type callLog struct{ to streams }

func (l *callLog) write(c gcp.Call) { l.to.notes().line(text(callLine(c))) }

func callLine(c gcp.Call) string {
	words := []string{"CALL:", c.Protocol, c.Method}
	if c.Resource != "" {
		words = append(words, c.Resource)
	}
	if c.Page != "" {
		words = append(words, "page="+c.Page)
	}
	return strings.Join(append(words, c.Status, c.Took.Round(100*time.Microsecond).String(), fmt.Sprint("attempt ", c.Attempt)), " ")
}

// screenNeedsStderr refuses to log onto the terminal that the app draws on.
func (p *program) screenNeedsStderr(r request) error {
	if r.target.calls == nil || !p.io.ErrTerminal {
		return nil
	}
	return usage("the log of calls goes to standard error, which is the terminal that the app draws on",
		"send it elsewhere: whopulls --log-http 2>calls.log", "or leave out what asks for it: --log-http, --verbosity=debug or "+string(gcloud.LogHTTP))
}

// whole lets one write after the other through, so that lines of those who write side by side stay whole.
type whole struct {
	mu sync.Mutex
	w  io.Writer
}

// Write passes the bytes on when nobody else is writing.
func (w *whole) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(b)
}
