package cmd

import (
	"context"
	"errors"
	"strings"

	"whopulls/model"
)

// status is how a command ended, as one word. A verdict is the status of a command that answered.
type status string

// The statuses that are no verdict.
const (
	statusError       status = "error"
	statusUnreachable status = "unreachable"
	statusNotFound    status = "not-found"
	statusUsage       status = "usage"
	statusDone        status = "done"
	statusIncomplete  status = "incomplete" // a step was skipped, not allowed or refused
	statusNotSignedIn status = "not-signed-in"
	statusStale       status = "stale" // something can be removed or replaced
	statusInterrupted status = "interrupted"
)

// exitCodes is the table of exit codes. Every command ends in one of these statuses.
var exitCodes = map[status]int{
	status(model.Granted): 0,
	statusDone:            0,
	statusError:           1,
	statusUnreachable:     1,
	statusNotFound:        1,
	statusUsage:           2,
	status(model.Missing): 3,
	status(model.Denied):  3,
	statusIncomplete:      3,
	statusStale:           3,
	statusNotSignedIn:     4,
	status(model.Unknown): 5,
	statusInterrupted:     130,
}

// ending is the error of a command that did its work and said all there is to say; only the exit code is left.
type ending struct{ status status }

func (e ending) Error() string { return string(e.status) }

// endWith turns a status into what a command returns.
func endWith(s status) error {
	if exitCodes[s] == 0 {
		return nil
	}
	return ending{s}
}

// failure is an error for people: what happened, how it counts, what to do next.
type failure struct {
	status  status
	message string
	hints   []string
	steps   []model.Outcome // what grant had done before it was stopped
	cause   error
}

func (f *failure) Error() string { return f.message }
func (f *failure) Unwrap() error { return f.cause }

// usage is a failure of the command line itself, found before anything was asked of anybody.
func usage(message string, hints ...string) *failure {
	return &failure{status: statusUsage, message: message, hints: hints}
}

// hinted is an error with what to do next, a line for each way.
type hinted struct {
	error
	next string
}

// Unwrap gives the error.
func (h hinted) Unwrap() error { return h.error }

// Hint gives the next step.
func (h hinted) Hint() string { return h.next }

// failureOf reads any error as a failure.
func failureOf(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	f = &failure{status: statusOf(err), message: err.Error(), cause: err}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		f.hints = strings.Split(hinted.Hint(), "\n")
	}
	if f.status == statusInterrupted {
		f.message = "interrupted"
	}
	return f
}

func statusOf(err error) status {
	var input *model.InputError
	switch {
	case errors.As(err, &input):
		return statusUsage
	case errors.Is(err, context.Canceled):
		return statusInterrupted
	}
	return cloudStatus(err)
}
