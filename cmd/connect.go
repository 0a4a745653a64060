package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"

	"whopulls/cmd/completion"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/settings"
)

// connection is an open cloud, with the sandbox that lives as long as it where one was asked for.
type connection struct {
	*gcp.Cloud
	server        *sandbox.Server // nil if somebody else serves
	journalFolder string          // the temporary folder of its journal; empty: the user's own
}

// connect opens the target. A sandbox of our own is started first and stopped by Close.
func connect(ctx context.Context, t options.Target, userAgent string) (*connection, error) {
	o := dialOptions(t, userAgent)
	c := &connection{}
	if t.World != "" {
		var err error
		if c.server, err = startSandbox(sandbox.Options{}, t.World); err != nil {
			return nil, err
		}
		o.Sandbox = c.server.Addr()
		if c.journalFolder, err = os.MkdirTemp("", "whopulls-state-"); err != nil {
			return nil, errors.Join(err, c.stopSandbox())
		}
		o.JournalFolder = c.journalFolder
	}
	var err error
	if c.Cloud, err = gcp.Dial(ctx, o); err != nil {
		return nil, errors.Join(err, c.stopSandbox())
	}
	return c, nil
}

// dialOptions is the target in the words of gcp.
func dialOptions(t options.Target, userAgent string) gcp.Options {
	o := gcp.Options{Sandbox: t.Address, Account: t.Account, QuotaProject: t.QuotaProject, UserAgent: userAgent, CacheFolder: t.CacheFolder(), JournalFolder: options.StateFolder(),
		SignIn: t.Google.SignIn, Network: t.Google.Network, NoQuotaProject: t.Google.OwnQuota, Project: t.Google.Project, LazySignIn: t.LazySignIn}
	if t.Countdown != nil {
		o.WaitForQuota = t.Countdown.Wait
	}
	if t.CallLog != nil {
		o.LogCall = t.CallLog.Record
	}
	return o
}

// startSandbox serves a world, built in or from a file.
func startSandbox(o sandbox.Options, world string) (*sandbox.Server, error) {
	var err error
	if o.World, err = sandbox.Load(world); err != nil {
		return nil, console.WithHint(fmt.Errorf("the world %s can't be used: %w", world, err), "whopulls sandbox worlds "+options.DefaultWorld+" prints one that works, to begin from")
	}
	return sandbox.Start(o)
}

// CachedLists gives the lists as they were last read whole.
func (c *connection) CachedLists() completion.Lister { return c.Cloud.CachedLists() }

// Close gives the connections back before the sandbox goes.
func (c *connection) Close() error { return errors.Join(c.Cloud.Close(), c.stopSandbox()) }

func (c *connection) stopSandbox() error {
	if c.server == nil {
		return nil
	}
	err := c.server.Close()
	if c.journalFolder != "" {
		err = errors.Join(err, os.RemoveAll(c.journalFolder))
	}
	return err
}

// dialCloud is how the commands open the target.
func dialCloud(ctx context.Context, t options.Target, userAgent string) (cloud, error) {
	c, err := connect(ctx, t, userAgent)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// statusOfCloudError reads the errors of the cloud that have a code of their own.
func statusOfCloudError(err error) console.Status {
	switch {
	case errors.Is(err, transport.ErrNotSignedIn):
		return console.StatusNotSignedIn
	case errors.Is(err, transport.ErrUnreachable):
		return console.StatusUnreachable
	}
	return console.StatusError
}

// asUserError reads any error as a failure.
func asUserError(err error) *console.Error {
	var f *console.Error
	if errors.As(err, &f) {
		return f
	}
	f = &console.Error{Status: statusOf(err), Cause: err}
	f.Message, f.Hints = console.MessageAndHints(err)
	if f.Status == console.StatusInterrupted {
		f.Message = "interrupted"
	}
	return f
}

func statusOf(err error) console.Status {
	var input *model.InputError
	var wrongSettings *settings.Error
	switch {
	case errors.As(err, &input), errors.As(err, &wrongSettings):
		return console.StatusUsage
	case errors.Is(err, context.Canceled):
		return console.StatusInterrupted
	}
	return statusOfCloudError(err)
}
