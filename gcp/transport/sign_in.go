package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"whopulls/gcp/signin"
	"whopulls/text"
)

// LazySignIn signs in once, when the first call or the caller of Get needs it.
type LazySignIn struct {
	once    sync.Once
	signIn  func(context.Context) (*signin.Account, error)
	account *signin.Account
	err     error
}

// NewLazySignIn prepares a sign-in over the network that logs its calls.
func NewLazySignIn(n Network, o signin.Options, log func(Call)) *LazySignIn {
	return &LazySignIn{signIn: func(ctx context.Context) (*signin.Account, error) {
		account, _, err := SignIn(ctx, n, o, log)
		return account, err
	}}
}

// Get returns the account, after signing in if nobody did yet.
func (s *LazySignIn) Get(ctx context.Context) (*signin.Account, error) {
	s.once.Do(func() { s.account, s.err = s.signIn(ctx) })
	return s.account, s.err
}

// SignIn signs in over the network and logs its calls. The attempts say which credentials were tried, also when
// it fails: then with ErrNotSignedIn or ErrUnreachable.
func SignIn(ctx context.Context, n Network, o signin.Options, log func(Call)) (*signin.Account, []signin.Attempt, error) {
	transport := n.transport()
	o.Universe, o.Client = n.Universe, &http.Client{Transport: NewTraffic(GoogleTiming, log).WrapREST(overrideTransport{transport, n})}
	defer transport.CloseIdleConnections()
	account, attempts, err := signin.SignIn(WithCallOptions(ctx, CallOptions{ReadOnly: true}), o)
	var failed *signin.Error
	if errors.As(err, &failed) {
		kind := ErrNotSignedIn
		if failed.Unreachable {
			kind = ErrUnreachable
		}
		return nil, attempts, &connectionError{kind, text.CleanTrim(failed.Why), failed.Next}
	}
	return account, attempts, err
}
