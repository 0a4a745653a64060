package tui

import (
	"context"
	"errors"
	"sync"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/assetsearch"
	"whopulls/tui/pick"
	"whopulls/tui/seen"
)

// connectFunc opens a connection.
type connectFunc func(ctx context.Context) (Cloud, error)

// dialAttempt is one opening of a connection. It continues while the first screen is already there.
type dialAttempt struct {
	connect     connectFunc
	isReconnect bool // not the first one
	sandbox     bool // the one that was chosen instead of the cloud asked for
	once        sync.Once
	ready       chan struct{}
	cloud       Cloud
	seen        *seen.Index // what its lists brought; another connection may see other things
	finder      *assetsearch.Finder
	settled     string // what a killed program left open, and what was found
	err         error
}

func newDialAttempt(c connectFunc) *dialAttempt {
	a := &dialAttempt{connect: c, ready: make(chan struct{}), seen: seen.New()}
	a.finder = assetsearch.New(func(ctx context.Context) (assetsearch.Cloud, error) { return a.await(ctx) }, a.seen.Found)
	return a
}

// connector is the connection that the screens use: the latest attempt. After a failure a fresh one takes its place, and
// a caller that waits for the older one gets the older one's answer.
type connector struct {
	mu          sync.Mutex
	lastAttempt *dialAttempt
}

func newConnector(c connectFunc) *connector { return &connector{lastAttempt: newDialAttempt(c)} }

func (l *connector) current() *dialAttempt {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lastAttempt
}

func (l *connector) replace(a *dialAttempt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lastAttempt = a
}

// connectedMsg says that a connection stands, or why it does not.
type connectedMsg struct {
	attempt *dialAttempt
	err     error
}

// dial connects once; further calls wait for the same answer.
func (e *app) dial() tea.Msg {
	a := e.connector.current()
	a.once.Do(func() {
		if a.cloud, a.err = a.connect(e.Context); a.err == nil {
			a.settled = settledText(a.cloud)
			a.cloud = notedCloud{a.cloud, a.seen}
		}
		close(a.ready)
	})
	<-a.ready
	return connectedMsg{a, a.err}
}

// awaitCloud waits for the connection.
func (e *app) awaitCloud(ctx context.Context) (Cloud, error) {
	return e.connector.current().await(ctx)
}

// await waits for the outcome of an attempt.
func (a *dialAttempt) await(ctx context.Context) (Cloud, error) {
	select {
	case <-a.ready:
		return a.cloud, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// cloudIfConnected gives the cloud if the connection stands already, else nil.
func (e *app) cloudIfConnected() Cloud {
	a := e.connector.current()
	select {
	case <-a.ready:
		return a.cloud
	default:
		return nil
	}
}

// reconnect opens another connection. Until it stands, why there was none is still on the screen.
func (r *root) reconnect(sandbox bool) tea.Cmd {
	a := newDialAttempt(r.opts.Connect)
	if sandbox {
		a = newDialAttempt(r.opts.ConnectSandbox)
		a.sandbox = true
	}
	a.isReconnect = true
	if r.noConnection != nil {
		r.noConnection.Reconnecting = true
	}
	r.closePalette() // it shows what the other connection brought
	r.connector.replace(a)
	return r.dial
}

// handleConnected continues where the lack of a connection had stopped everything. The sandbox has projects of its own, so there
// the way begins again.
func (r *root) handleConnected(msg connectedMsg) tea.Cmd {
	switch {
	case msg.attempt != r.connector.current() || errors.Is(msg.err, context.Canceled):
		return nil
	case msg.err != nil:
		r.closePalette()
		r.noConnection = r.openOffline(msg.err)
		r.keepOpened(!msg.attempt.isReconnect)
		return nil
	case msg.attempt.sandbox:
		r.recent, r.kept = nil, nil
		return tea.Batch(r.restart(), r.readHistory)
	}
	r.noConnection = nil
	if msg.attempt.settled != "" {
		r.say(msg.attempt.settled)
	}
	switch {
	case r.kept != nil:
		return tea.Batch(r.openKept(), r.readHistory)
	case msg.attempt.isReconnect:
		return tea.Batch(r.Resume(), r.readHistory)
	}
	return r.readHistory
}

// restart begins at the first list, with nothing picked.
func (r *root) restart() tea.Cmd {
	for _, s := range r.stack {
		s.Close()
	}
	r.watched = nil // it is about another cloud, or what another account sees
	r.noConnection = nil
	r.opts.Question = model.Question{Strict: r.opts.Question.Strict}
	r.stack = pick.FirstScreens(r.picking(), r.opts.Question)
	return r.top().Init()
}
