package gcp

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

// hinted is one of the errors above with its cause and the way out.
type hinted struct {
	is   error
	why  string
	next []model.Advice
}

// Error says what happened and why.
func (e *hinted) Error() string { return e.is.Error() + ": " + e.why }

// Unwrap lets errors.Is find the sentinel.
func (e *hinted) Unwrap() error { return e.is }

// Hint says what to do next, a thing in each line.
func (e *hinted) Hint() string { return strings.Join(model.AdviceLines(e.next), "\n") }

// Nexts says the same, with the commands apart.
func (e *hinted) Nexts() []model.Advice { return e.next }

// SignIn tells whether only a new sign-in helps.
func (e *hinted) SignIn() bool { return errors.Is(e.is, ErrNotSignedIn) }

// notSignedIn: what helps here comes before the ways out that are always there.
func notSignedIn(why string, next model.Advice) error {
	ways := signin.WaysOut()
	if next != (model.Advice{}) && !slices.Contains(ways, next) {
		ways = append([]model.Advice{next}, ways[len(ways)-1])
	}
	return &hinted{ErrNotSignedIn, why, ways}
}

// unreachable: what helps is known where signing in failed; else Google's or the network's own words tell.
func unreachable(t trouble, err error) error {
	return &hinted{ErrUnreachable, t.message, []model.Advice{cmp.Or(t.signIn, signin.NetworkAdvice(err.Error()))}}
}

// otherUniverse: elsewhere service agents and image hosts have names that nobody documents (iam-facts 1.3), and a wrong
// name would be a wrong verdict.
func otherUniverse(domain string) error {
	return &hinted{errors.New("the universe " + clean(domain) + " is not supported"),
		"how Cloud Run's service agents are called is known for " + defaultUniverse + " only",
		[]model.Advice{{Words: "choose another configuration (--configuration), or take core/universe_domain away"}}}
}

// broken gives the error that says no call can be answered, or nil when err belongs to its one call alone.
func broken(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	t := troubleOf(err)
	switch {
	case t.unreachable():
		return unreachable(t, err)
	case t.unauthenticated():
		return notSignedIn(t.message, t.signIn)
	}
	return nil
}
