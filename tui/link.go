package tui

import (
	"context"
	"errors"
	"sync"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// connect opens a connection.
type connect func(ctx context.Context) (Cloud, error)

// attempt is one opening of a connection. It goes on while the first screen is already there.
type attempt struct {
	connect connect
	renewed bool // not the first one
	sandbox bool // the one that was chosen in place of the cloud asked for
	once    sync.Once
	ready   chan struct{}
	cloud   Cloud
	err     error
}

func newAttempt(c connect) *attempt { return &attempt{connect: c, ready: make(chan struct{})} }

// link is the connection that the screens use: the latest attempt. After a failure a fresh one takes its place, and
// whoever waits for the older one gets the older one's answer.
type link struct {
	mu     sync.Mutex
	latest *attempt
}

func newLink(c connect) *link { return &link{latest: newAttempt(c)} }

func (l *link) now() *attempt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.latest
}

func (l *link) use(a *attempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.latest = a
}

// linkedMsg says that a connection stands, or why it does not.
type linkedMsg struct {
	attempt *attempt
	err     error
}

// relinkMsg asks for another connection: to the cloud that was asked for, or to the sandbox in its place.
type relinkMsg struct{ sandbox bool }

// open connects once; further calls wait for the same answer.
func (e *env) open() tea.Msg {
	a := e.link.now()
	a.once.Do(func() {
		a.cloud, a.err = a.connect(e.ctx)
		close(a.ready)
	})
	<-a.ready
	return linkedMsg{a, a.err}
}

// cloud waits for the connection.
func (e *env) cloud(ctx context.Context) (Cloud, error) {
	a := e.link.now()
	select {
	case <-a.ready:
		return a.cloud, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// connected gives the cloud if the connection stands already, else nil.
func (e *env) connected() Cloud {
	a := e.link.now()
	select {
	case <-a.ready:
		return a.cloud
	default:
		return nil
	}
}

// again reads once more what ended with err. Where nobody is signed in any more, that takes a fresh connection first.
func (e *env) again(err error, read func() tea.Cmd) tea.Cmd {
	if needsSignIn(err) {
		return func() tea.Msg { return relinkMsg{} }
	}
	return read()
}

// needsSignIn tells whether an error ends only with a new sign-in.
func needsSignIn(err error) bool {
	var told interface{ SignIn() bool }
	return errors.As(err, &told) && told.SignIn()
}

// relink opens another connection. Until it stands, why there was none is still on the screen.
func (r *root) relink(sandbox bool) tea.Cmd {
	a := newAttempt(r.opts.Connect)
	if sandbox {
		a = newAttempt(r.opts.Sandbox)
		a.sandbox = true
	}
	a.renewed = true
	if r.lost != nil {
		r.lost.trying = true
	}
	r.link.use(a)
	return r.open
}

// linked goes on where the lack of a connection had stopped everything. The sandbox has projects of its own, so there
// the way begins anew.
func (r *root) linked(msg linkedMsg) tea.Cmd {
	switch {
	case msg.attempt != r.link.now() || errors.Is(msg.err, context.Canceled):
		return nil
	case msg.err != nil:
		r.lost = &lostScreen{env: r.env, err: msg.err}
		return nil
	case msg.attempt.sandbox:
		return r.restart()
	}
	r.lost = nil
	if msg.attempt.renewed {
		return r.resume()
	}
	return nil
}

// restart begins at the first list, with nothing picked.
func (r *root) restart() tea.Cmd {
	for _, s := range r.stack {
		s.close()
	}
	r.lost, r.recent = nil, nil
	r.opts.Question = model.Question{Strict: r.opts.Question.Strict}
	r.stack = firstScreens(r.env)
	return r.top().init()
}
