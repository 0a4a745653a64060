package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/transport"
)

const (
	flagLogHTTP    = "log-http"
	verbosityDebug = "debug"
)

// wantsCallLog reports whether calls are to be logged: the flag decides, else --verbosity=debug or core/log_http ask for it.
func (r *session) wantsCallLog(flag, flagGiven bool) (bool, error) {
	if flagGiven {
		return flag, nil
	}
	set, err := r.config.Bool(gcloud.LogHTTP)
	return set || r.verbosity == verbosityDebug, configFailure(err)
}

// setCallLog gives the target its log, where one is wanted.
func (r *session) setCallLog(flag, flagGiven bool, s console.Streams) error {
	wanted, err := r.wantsCallLog(flag, flagGiven)
	if wanted {
		r.target.callLog = &callLog{s}
	}
	return err
}

// callLog writes a line for each attempt of a call to standard error.
type callLog struct{ streams console.Streams }

func (l *callLog) write(c transport.Call) { l.streams.ErrPrinter().Line(console.Text(formatCall(c))) }

func formatCall(c transport.Call) string {
	parts := []string{"CALL:", c.Protocol, c.Method}
	if c.Resource != "" {
		parts = append(parts, c.Resource)
	}
	if c.Page != "" {
		parts = append(parts, "page="+c.Page)
	}
	return strings.Join(append(parts, c.Status, c.Took.Round(100*time.Microsecond).String(), fmt.Sprint("attempt ", c.Attempt)), " ")
}

// refuseLogOnScreen refuses to log onto the terminal that the app draws on.
func (p *program) refuseLogOnScreen(r session) error {
	if r.target.callLog == nil || !p.io.ErrTerminal {
		return nil
	}
	return console.UsageError("the log of calls goes to standard error, which is the terminal that the app draws on",
		"send it elsewhere: whopulls --log-http 2>calls.log", "or leave out what asks for it: --log-http, --verbosity=debug or "+string(gcloud.LogHTTP))
}

// lockedWriter lets one write after the other through, so that lines of those who write side by side stay whole.
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
