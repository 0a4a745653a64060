package transport

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"whopulls/gcp/signin"
	"whopulls/model"
	"whopulls/text"
)

// The causes for which no call is answered. The errors that wrap them have a method Hint() string that says what to do
// next.
var (
	ErrNotSignedIn = errors.New("not signed in")
	ErrUnreachable = errors.New("Google Cloud can't be reached")
)

// connectionError is one of the errors above with its reason and what helps.
type connectionError struct {
	kind      error
	reason    string
	nextSteps []model.Advice
}

// Error says what happened and why.
func (e *connectionError) Error() string { return e.kind.Error() + ": " + e.reason }

// Unwrap lets errors.Is find the sentinel.
func (e *connectionError) Unwrap() error { return e.kind }

// Hint says what to do next, one step a line.
func (e *connectionError) Hint() string { return strings.Join(model.AdviceLines(e.nextSteps), "\n") }

// Nexts says the same, with commands and words apart.
func (e *connectionError) Nexts() []model.Advice { return e.nextSteps }

// SignIn reports whether only a new sign-in helps.
func (e *connectionError) SignIn() bool { return errors.Is(e.kind, ErrNotSignedIn) }

// notSignedInError puts the step that helps here before the one that always works: the sandbox.
func notSignedInError(why string, next model.Advice) error {
	nextSteps := signin.NextSteps()
	if next != (model.Advice{}) && !slices.Contains(nextSteps, next) {
		nextSteps = append([]model.Advice{next}, nextSteps[len(nextSteps)-1])
	}
	return &connectionError{ErrNotSignedIn, why, nextSteps}
}

// unreachableError takes its advice from the failed sign-in, if there was one, else from the text of the error.
func unreachableError(t APIError, err error) error {
	return &connectionError{ErrUnreachable, t.Message, []model.Advice{cmp.Or(t.signInStep, signin.NetworkAdvice(err.Error()))}}
}

// UnsupportedUniverseError refuses another universe. There, the names of service agents and image hosts are not
// documented (iam-facts 1.3), and a wrong name would give a wrong verdict.
func UnsupportedUniverseError(domain string) error {
	return &connectionError{errors.New("the universe " + text.CleanTrim(domain) + " is not supported"),
		"the names of Cloud Run's service agents are known for " + DefaultUniverse + " only",
		[]model.Advice{{Words: "choose another configuration (--configuration), or take core/universe_domain away", InApp: "choose another configuration ({palette}), or take core/universe_domain away"}}}
}

// AsConnectionError returns the error that concerns all calls, or nil if err concerns only its own call.
func AsConnectionError(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	t := ParseError(err)
	switch {
	case t.IsUnreachable():
		return unreachableError(t, err)
	case t.isUnauthenticated():
		return notSignedInError(t.Message, t.signInStep)
	}
	return nil
}
