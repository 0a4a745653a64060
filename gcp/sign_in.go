package gcp

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"whopulls/gcp/signin"
)

// lazySignIn signs in once, when the first call needs it or somebody wants to know.
type lazySignIn struct {
	once    sync.Once
	signIn  func(context.Context) (*signin.Account, error)
	account *signin.Account
	err     error
}

func newLazySignIn(n Network, o signin.Options, log func(Call)) *lazySignIn {
	return &lazySignIn{signIn: func(ctx context.Context) (*signin.Account, error) {
		account, _, err := signInAtGoogle(ctx, n, o, log)
		return account, err
	}}
}

func (s *lazySignIn) get(ctx context.Context) (*signin.Account, error) {
	s.once.Do(func() { s.account, s.err = s.signIn(ctx) })
	return s.account, s.err
}

// signInAtGoogle signs in over the network and logs its calls. The attempts say which credentials were tried, also when
// it fails: then with ErrNotSignedIn or ErrUnreachable.
func signInAtGoogle(ctx context.Context, n Network, o signin.Options, log func(Call)) (*signin.Account, []signin.Attempt, error) {
	transport := n.transport()
	o.Universe, o.Client = n.Universe, &http.Client{Transport: newTraffic(googleCalls, log).wrapREST(overrideTransport{transport, n})}
	defer transport.CloseIdleConnections()
	account, attempts, err := signin.SignIn(withCallOptions(ctx, callOptions{ReadOnly: true}), o)
	var failed *signin.Error
	if errors.As(err, &failed) {
		kind := ErrNotSignedIn
		if failed.Unreachable {
			kind = ErrUnreachable
		}
		return nil, attempts, &connectionError{kind, clean(failed.Why), failed.Next}
	}
	return account, attempts, err
}
