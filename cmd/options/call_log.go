package options

import (
	"fmt"
	"strings"
	"time"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/transport"
)

// The words that ask for the log of calls.
const (
	FlagLogHTTP    = "log-http"
	verbosityDebug = "debug"
)

// wantsCallLog reports whether calls are to be logged: the flag decides, else --verbosity=debug or core/log_http ask for it.
func (r *Session) wantsCallLog(flag, flagGiven bool) (bool, error) {
	if flagGiven {
		return flag, nil
	}
	set, err := r.Config.Bool(gcloud.LogHTTP)
	return set || r.Verbosity == verbosityDebug, configFailure(err)
}

// SetCallLog gives the target its log, where one is wanted.
func (r *Session) SetCallLog(flag, flagGiven bool, s console.Streams) error {
	wanted, err := r.wantsCallLog(flag, flagGiven)
	if wanted {
		r.Target.CallLog = &callLog{s}
	}
	return err
}

// callLog writes a line for each attempt of a call to standard error.
type callLog struct{ streams console.Streams }

// Record writes the line of an attempt.
func (l *callLog) Record(c transport.Call) { l.streams.ErrPrinter().Line(console.Text(formatCall(c))) }

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
