package gcp

import (
	"context"
	"errors"
	"net/http"
	"time"

	"whopulls/gcp/journal"
	"whopulls/model"
)

// Target says which cloud is meant and who calls. The zero value is Google with Application Default Credentials.
type Target struct {
	Sandbox      string       // HOST:PORT of a sandbox; empty: Google's own endpoints
	Account      model.Member // with a sandbox: the member that calls; empty: the sandbox's own caller
	QuotaProject string       // x-goog-user-project; empty: none beyond what the credentials themselves carry
	UserAgent    string
	Journal      string // the folder of the journal; without one nothing can be changed
	Cache        string // a folder where facts that change rarely are kept for other commands; empty: in memory only

	// Wait waits until the quota of deny policies is free again, which a strict question does, or until ctx ends; it may
	// tell somebody meanwhile, and nothing of it remains when Read returns. Nil waits without a word.
	Wait func(ctx context.Context, until time.Time) error

	// Log hears of every attempt of a call when it ended, of several at the same time. Nil: nobody.
	Log func(Call)
}

// Cloud is a way to one Google Cloud, Google's or a sandbox's. It is safe for use by several goroutines.
type Cloud struct {
	clients *clients
	rest    *http.Client
	pace    pace
	caller  model.Fact[model.Member]
	differs string
	world   string
	origin  string
	kept    *cache
	targets *targets
	journal string // its folder
	run     string // of the changes that name none
	wait    func(ctx context.Context, until time.Time) error
}

// Dial makes a Cloud. Connections open when they are first used, so that it returns fast; a sandbox is asked who it is.
// Without credentials it answers ErrNotSignedIn, without a sandbox at the address ErrUnreachable; both carry a Hint.
func Dial(ctx context.Context, t Target) (*Cloud, error) {
	if t.Sandbox != "" {
		return dialSandbox(ctx, t, sandboxPace)
	}
	return dialGoogle(ctx, t, googlePace)
}

func dialSandbox(ctx context.Context, t Target, p pace) (*Cloud, error) {
	w := toSandbox(t, newTraffic(p, t.Log))
	info, err := introduction(ctx, w.rest, t.Sandbox)
	if err != nil {
		w.rest.CloseIdleConnections()
		return nil, err
	}
	if t.Account != "" {
		info.Caller = string(t.Account)
	}
	c, err := newCloud(ctx, w, t, p)
	if err != nil {
		return nil, err
	}
	c.caller = model.Known(model.Member(clean(info.Caller)))
	c.world, c.origin = clean(info.World), "sandbox:"+clean(info.ID)
	return c, nil
}

func dialGoogle(ctx context.Context, t Target, p pace) (*Cloud, error) {
	w, err := toGoogle(ctx, t, newTraffic(p, t.Log))
	if err != nil {
		return nil, err
	}
	c, err := newCloud(ctx, w, t, p)
	if err != nil {
		return nil, err
	}
	c.origin = "google:googleapis.com"
	c.caller = model.Unread[model.Member](model.Gap{
		Reason: "who is signed in could not be read; name the deployer with --deployer"})
	return c, nil
}

func newCloud(ctx context.Context, w way, t Target, p pace) (*Cloud, error) {
	clients, err := newClients(ctx, w)
	if err != nil {
		w.rest.CloseIdleConnections()
		return nil, err
	}
	c := &Cloud{clients: clients, rest: w.rest, pace: p, kept: newCache(t.Cache), wait: t.Wait, targets: &targets{}, journal: t.Journal, run: journal.NewID()}
	if c.wait == nil {
		c.wait = waitUntil
	}
	return c, nil
}

// Close gives every connection back. Calls under way fail.
func (c *Cloud) Close() error {
	var errs []error
	for _, closes := range c.clients.closers {
		errs = append(errs, closes())
	}
	c.rest.CloseIdleConnections()
	return errors.Join(errs...)
}

// Caller is who calls, or why that is not known.
func (c *Cloud) Caller() model.Fact[model.Member] { return c.caller }

// Differs is the account that flag, environment or configuration name where the credentials are another's; empty where
// they agree, or where it is not known.
func (c *Cloud) Differs() string { return c.differs }

// World is the name of the sandbox's world, empty at Google.
func (c *Cloud) World() string { return c.world }

// Origin tells one cloud from another for as long as it lives: google:UNIVERSE or sandbox:ID.
func (c *Cloud) Origin() string { return c.origin }
