package console

import (
	"errors"
	"strings"

	"whopulls/model"
)

// Status is how a command ended, as one word. A verdict is the status of a command that answered.
type Status string

// The statuses that are no verdict.
const (
	StatusError       Status = "error"
	StatusUnreachable Status = "unreachable"
	StatusNotFound    Status = "not-found"
	StatusUsage       Status = "usage"
	StatusDone        Status = "done"
	StatusIncomplete  Status = "incomplete" // a step was skipped, not allowed or refused
	StatusNotSignedIn Status = "not-signed-in"
	StatusStale       Status = "stale" // something can be removed or replaced
	StatusInterrupted Status = "interrupted"
)

// ExitCodes is the table of exit codes. Every command ends in one of these statuses.
var ExitCodes = map[Status]int{
	Status(model.Granted): 0,
	StatusDone:            0,
	StatusError:           1,
	StatusUnreachable:     1,
	StatusNotFound:        1,
	StatusUsage:           2,
	Status(model.Missing): 3,
	Status(model.Denied):  3,
	StatusIncomplete:      3,
	StatusStale:           3,
	StatusNotSignedIn:     4,
	Status(model.Unknown): 5,
	StatusInterrupted:     130,
}

// ExitError is the error of a command that did its work and said all there is to say; only the exit code is left.
type ExitError struct{ Status Status }

func (e ExitError) Error() string { return string(e.Status) }

// Code is the exit code of a status.
func (s Status) Code() int { return ExitCodes[s] }

// Exit turns a status into what a command returns.
func Exit(s Status) error {
	if ExitCodes[s] == 0 {
		return nil
	}
	return ExitError{s}
}

// Error is an error for people: what happened, how it counts, what to do next.
type Error struct {
	Status  Status
	Message string
	Hints   []string
	Steps   []model.Outcome // what grant had done before it was stopped
	Cause   error
}

func (f *Error) Error() string { return f.Message }
func (f *Error) Unwrap() error { return f.Cause }

// UsageError is a failure of the command line itself, found before anything was asked of anybody.
func UsageError(message string, hints ...string) *Error {
	return &Error{Status: StatusUsage, Message: message, Hints: hints}
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

// WithHint adds to an error what to do next.
func WithHint(err error, hint string) error { return hintedError{err, hint} }

// MessageAndHints gives what an error says and what to do next. An error offers hints by a method Hint, a line each.
func MessageAndHints(err error) (message string, hints []string) {
	var own *Error
	if errors.As(err, &own) {
		return own.Message, own.Hints
	}
	var hinter interface{ Hint() string }
	if errors.As(err, &hinter) && hinter.Hint() != "" {
		hints = strings.Split(hinter.Hint(), "\n")
	}
	return err.Error(), hints
}
