package transport

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"whopulls/gcp/signin"
	"whopulls/model"
)

// What keeps every call from being answered. The errors that wrap them have a method Hint() string that says what to
// do next.
var (
	ErrNotSignedIn = errors.New("not signed in")
	ErrUnreachable = errors.New("Google Cloud can't be reached")
)

// connectionError is one of the errors above with its cause and the way out.
type connectionError struct {
	kind      error
	reason    string
	nextSteps []model.Advice
}

// Error says what happened and why.
func (e *connectionError) Error() string { return e.kind.Error() + ": " + e.reason }

// Unwrap lets errors.Is find the sentinel.
func (e *connectionError) Unwrap() error { return e.kind }

// Hint says what to do next, a thing in each line.
func (e *connectionError) Hint() string { return strings.Join(model.AdviceLines(e.nextSteps), "\n") }

// Nexts says the same, with the commands apart.
func (e *connectionError) Nexts() []model.Advice { return e.nextSteps }

// SignIn tells whether only a new sign-in helps.
func (e *connectionError) SignIn() bool { return errors.Is(e.kind, ErrNotSignedIn) }

// notSignedInError: what helps here comes before the ways out that are always there.
func notSignedInError(why string, next model.Advice) error {
	nextSteps := signin.NextSteps()
	if next != (model.Advice{}) && !slices.Contains(nextSteps, next) {
		nextSteps = append([]model.Advice{next}, nextSteps[len(nextSteps)-1])
	}
	return &connectionError{ErrNotSignedIn, why, nextSteps}
}

// unreachableError: what helps is known where signing in failed; else Google's or the network's own words tell.
func unreachableError(t APIError, err error) error {
	return &connectionError{ErrUnreachable, t.Message, []model.Advice{cmp.Or(t.signInStep, signin.NetworkAdvice(err.Error()))}}
}

// UnsupportedUniverseError: elsewhere service agents and image hosts have names that nobody documents (iam-facts 1.3), and a wrong
// name would be a wrong verdict.
func UnsupportedUniverseError(domain string) error {
	return &connectionError{errors.New("the universe " + clean(domain) + " is not supported"),
		"how Cloud Run's service agents are called is known for " + DefaultUniverse + " only",
		[]model.Advice{{Words: "choose another configuration (--configuration), or take core/universe_domain away"}}}
}

// AsConnectionError gives the error that says no call can be answered, or nil when err belongs to its one call alone.
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
