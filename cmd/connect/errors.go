package connect

import (
	"context"
	"errors"

	"whopulls/cmd/console"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/settings"
)

// localError is a failure on this machine, such as a world that can't be used. No connection was tried.
type localError struct{ error }

// Unwrap is the failure itself.
func (e localError) Unwrap() error { return e.error }

// Local reports that no connection failed. The app says so.
func (localError) Local() bool { return true }

// markLocal marks an error that comes neither from the network nor from a sign-in.
func markLocal(err error) error {
	if status := AsUserError(err).Status; status == console.StatusError || status == console.StatusUsage {
		return localError{err}
	}
	return err
}

// statusOfCloudError reads the errors of the cloud that have a code of their own.
func statusOfCloudError(err error) console.Status {
	switch {
	case errors.Is(err, transport.ErrNotSignedIn):
		return console.StatusNotSignedIn
	case errors.Is(err, transport.ErrUnreachable):
		return console.StatusUnreachable
	}
	return console.StatusError
}

// AsUserError reads any error as a failure.
func AsUserError(err error) *console.Error {
	var f *console.Error
	if errors.As(err, &f) {
		return f
	}
	f = &console.Error{Status: statusOf(err), Cause: err}
	f.Message, f.Hints = console.MessageAndHints(err)
	if f.Status == console.StatusInterrupted {
		f.Message = "interrupted"
	}
	return f
}

func statusOf(err error) console.Status {
	var input *model.InputError
	var wrongSettings *settings.Error
	switch {
	case errors.As(err, &input), errors.As(err, &wrongSettings):
		return console.StatusUsage
	case errors.Is(err, context.Canceled):
		return console.StatusInterrupted
	}
	return statusOfCloudError(err)
}
