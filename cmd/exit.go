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

// exitStatus is the error of a command that did its work and said all there is to say; only the exit code is left.
type exitStatus struct{ status status }

func (e exitStatus) Error() string { return string(e.status) }

// exitWith turns a status into what a command returns.
func exitWith(s status) error {
	if exitCodes[s] == 0 {
		return nil
	}
	return exitStatus{s}
}

// userError is an error for people: what happened, how it counts, what to do next.
type userError struct {
	status  status
	message string
	hints   []string
	steps   []model.Outcome // what grant had done before it was stopped
	cause   error
}

func (f *userError) Error() string { return f.message }
func (f *userError) Unwrap() error { return f.cause }

// usageError is a failure of the command line itself, found before anything was asked of anybody.
func usageError(message string, hints ...string) *userError {
	return &userError{status: statusUsage, message: message, hints: hints}
}

// hintedError is an error with what to do next, a line for each way.
type hintedError struct {
	error
	hint string
}

// Unwrap gives the error.
func (h hintedError) Unwrap() error { return h.error }

// Hint gives the next step.
func (h hintedError) Hint() string { return h.hint }

// asUserError reads any error as a failure.
func asUserError(err error) *userError {
	var f *userError
	if errors.As(err, &f) {
		return f
	}
	f = &userError{status: statusOf(err), message: err.Error(), cause: err}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		f.hints = strings.Split(hinter.Hint(), "\n")
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
	return statusOfCloudError(err)
}
