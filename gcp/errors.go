package gcp

import (
	"context"
	"errors"
)

// What keeps every call from being answered. The errors that wrap them have a method Hint() string that says what to
// do next.
var (
	ErrNotSignedIn = errors.New("not signed in")
	ErrUnreachable = errors.New("Google Cloud can't be reached")
)

// hinted is one of the errors above with its cause and the way out.
type hinted struct {
	is   error
	why  string
	next string
}

// Error says what happened and why.
func (e *hinted) Error() string { return e.is.Error() + ": " + e.why }

// Unwrap lets errors.Is find the sentinel.
func (e *hinted) Unwrap() error { return e.is }

// Hint says what to do next.
func (e *hinted) Hint() string { return e.next }

// SignIn tells whether only a new sign-in helps.
func (e *hinted) SignIn() bool { return errors.Is(e.is, ErrNotSignedIn) }

func notSignedIn(why string) error {
	return &hinted{ErrNotSignedIn, why,
		"sign in with: gcloud auth application-default login; or try everything without an account with --sandbox"}
}

func unreachable(why string) error {
	return &hinted{ErrUnreachable, why, "check the network and the proxy settings, then try again"}
}

// broken gives the error that says no call can be answered, or nil when err belongs to its one call alone.
func broken(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	t := troubleOf(err)
	switch {
	case t.unreachable():
		return unreachable(t.message)
	case t.unauthenticated():
		return notSignedIn(t.message)
	}
	return nil
}
