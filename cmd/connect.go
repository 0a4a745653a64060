package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"

	"whopulls/gcp"
	"whopulls/gcp/sandbox"
)

// connection is an open cloud, with the sandbox that lives as long as it where one was asked for.
type connection struct {
	*gcp.Cloud
	server *sandbox.Server // nil when somebody else serves
	state  string          // the temporary folder of its journal; empty: the user's own
}

// connect opens the target. A sandbox of our own is started first and stopped by Close.
func connect(ctx context.Context, t target, userAgent string) (*connection, error) {
	to := t.toDial(userAgent)
	c := &connection{}
	if t.world != "" {
		var err error
		if c.server, err = startWorld(sandbox.Options{}, t.world); err != nil {
			return nil, err
		}
		to.Sandbox = c.server.Addr()
		if c.state, err = os.MkdirTemp("", "whopulls-state-"); err != nil {
			return nil, errors.Join(err, c.stop())
		}
		to.JournalFolder = c.state
	}
	var err error
	if c.Cloud, err = gcp.Dial(ctx, to); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// toDial is the target in the words of gcp.
func (t target) toDial(userAgent string) gcp.Options {
	to := gcp.Options{Sandbox: t.address, Account: t.account, QuotaProject: t.billing, UserAgent: userAgent, CacheFolder: cacheFolder(t), JournalFolder: stateFolder(),
		SignIn: t.google.signIn, Network: t.google.network, NoQuotaProject: t.google.ownQuota, Project: t.google.project, LazySignIn: t.later}
	if t.waits != nil {
		to.WaitForQuota = t.waits.wait
	}
	if t.calls != nil {
		to.LogCall = t.calls.write
	}
	return to
}

// startWorld serves a world, built in or from a file.
func startWorld(o sandbox.Options, world string) (*sandbox.Server, error) {
	var err error
	if o.World, err = sandbox.Load(world); err != nil {
		return nil, hinted{fmt.Errorf("the world %s can't be used: %w", world, err), "whopulls sandbox worlds " + defaultWorld + " prints one that works, to begin from"}
	}
	return sandbox.Start(o)
}

// kept gives the lists as they were last read whole.
func (c *connection) kept() lists { return c.CachedLists() }

// Close gives the connections back before the sandbox goes.
func (c *connection) Close() error { return errors.Join(c.Cloud.Close(), c.stop()) }

func (c *connection) stop() error {
	if c.server == nil {
		return nil
	}
	err := c.server.Close()
	if c.state != "" {
		err = errors.Join(err, os.RemoveAll(c.state))
	}
	return err
}

// dialCloud is how the commands open the target.
func dialCloud(ctx context.Context, t target, userAgent string) (cloud, error) {
	c, err := connect(ctx, t, userAgent)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// cloudStatus reads the errors of the cloud that have a code of their own.
func cloudStatus(err error) status {
	switch {
	case errors.Is(err, gcp.ErrNotSignedIn):
		return statusNotSignedIn
	case errors.Is(err, gcp.ErrUnreachable):
		return statusUnreachable
	}
	return statusError
}
