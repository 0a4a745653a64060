// Package connect opens the Google Cloud that a command talks to. It is Google's, a running sandbox, or a
// sandbox that lives as long as the command. It also reads the errors that come from there, for the exit code
// and the hints.
package connect

import (
	"context"
	"errors"
	"fmt"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/files"
	"whopulls/gcp"
	"whopulls/gcp/sandbox"
	"whopulls/guard"
)

// Connection is an open cloud, with the sandbox that lives as long as it where one was asked for.
type Connection struct {
	*gcp.Cloud
	server  *sandbox.Server // nil if somebody else serves
	journal *files.Scratch  // of its journal, removed with it; nil: the user's own
}

// Open opens the target. A sandbox of our own is started first and stopped by Close.
func Open(ctx context.Context, t options.Target, userAgent string) (*Connection, error) {
	o := DialOptions(t, userAgent)
	c := &Connection{}
	if t.World != "" {
		var err error
		if c.server, err = StartSandbox(sandbox.Options{}, t.World); err != nil {
			return nil, markLocal(err)
		}
		guard.Go(files.SweepScratch)
		c.journal = files.NewScratch("state")
		o.Sandbox, o.JournalFolder, o.MakeJournalFolder = c.server.Addr(), c.journal.Path, c.journal.Make
	}
	var err error
	if c.Cloud, err = gcp.Dial(ctx, o); err != nil {
		return nil, errors.Join(markLocal(err), c.stopSandbox())
	}
	return c, nil
}

// DialOptions is the target in the words of gcp.
func DialOptions(t options.Target, userAgent string) gcp.Options {
	o := gcp.Options{Sandbox: t.Address, Account: t.Account, QuotaProject: t.QuotaProject, UserAgent: userAgent, CacheFolder: t.CacheFolder(), JournalFolder: options.StateFolder(),
		SignIn: t.Google.SignIn, Network: t.Google.Network, NoQuotaProject: t.Google.OwnQuota, Project: t.Google.Project, LazySignIn: t.LazySignIn, OnRetry: t.OnRetry}
	if t.Countdown != nil {
		o.WaitForQuota = t.Countdown.Wait
	}
	if t.CallLog != nil {
		o.LogCall = t.CallLog.Record
	}
	return o
}

// StartSandbox serves a world, built in or from a file.
func StartSandbox(o sandbox.Options, world string) (*sandbox.Server, error) {
	var err error
	if o.World, err = sandbox.Load(world); err != nil {
		return nil, console.WithHint(fmt.Errorf("the world %s can't be used: %w", world, err), "whopulls sandbox worlds "+options.DefaultWorld+" prints one that works, to begin from")
	}
	return sandbox.Start(o)
}

// Close gives the connections back before the sandbox goes.
func (c *Connection) Close() error { return errors.Join(c.Cloud.Close(), c.stopSandbox()) }

func (c *Connection) stopSandbox() error {
	if c.server == nil {
		return nil
	}
	err := c.server.Close()
	if c.journal != nil {
		err = errors.Join(err, c.journal.Remove())
	}
	return err
}
