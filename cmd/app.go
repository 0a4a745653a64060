package cmd

import (
	"context"
	"errors"
	"sync"

	"whopulls/cmd/console"
	"whopulls/cmd/view"
	"whopulls/gcp/journal"
	"whopulls/settings"
	"whopulls/tui"

	"al.essio.dev/pkg/shellescape"
)

// runApp runs the app in the whole terminal, or line by line where a screen must not be drawn.
func (p *program) runApp(ctx context.Context, r request) error {
	if p.io.AppendOnly() && p.io.ErrTerminal && !r.quiet && r.whyNotInteractive(p.io) == "" {
		return p.runLineByLine(ctx, r)
	}
	if why := r.whyNoApp(p.io); why != "" {
		return console.UsageError("the app needs a terminal: "+why,
			"without one use whopulls check, whopulls plan or whopulls grant", "whopulls --help shows them all")
	}
	return p.runFullScreen(ctx, r)
}

// whyNoApp says why neither a screen can be drawn nor a person be asked in lines; empty where a screen can.
func (r session) whyNoApp(s console.Streams) string {
	const inLines = "with TERM=dumb it goes in lines, and asks: "
	switch why := r.whyNotInteractive(s); {
	case s.IsDumb() && why != "":
		return inLines + why
	case s.IsDumb() && r.quiet:
		return inLines + "leave --quiet out"
	case s.IsDumb():
		return inLines + "standard error is no terminal to ask on"
	case !s.InTerminal && !s.OutTerminal:
		return "standard input and standard output are not terminals"
	case !s.InTerminal:
		return "standard input is not a terminal"
	case !s.OutTerminal:
		return "standard output is not a terminal"
	}
	return ""
}

// runLineByLine does what the app does, in lines: asks what is left open, shows how things stand, walks through what is missing.
func (p *program) runLineByLine(ctx context.Context, r request) error {
	r.command = "grant"
	return p.grantAfterShowing(ctx, r, grantFlags{}, func(f assessment) error {
		out := p.io.OutPrinter()
		view.Diagnosis(out, f.Assessment)
		out.Line()
		return out.Err
	})
}

func (p *program) runFullScreen(ctx context.Context, r request) error {
	if err := p.refuseLogOnScreen(r.session); err != nil {
		return err
	}
	var opened connections
	options := tui.Options{
		Connect: func(ctx context.Context) (tui.Cloud, error) { return p.connectApp(ctx, r.session, r.target, &opened) },
		ConnectSandbox: func(ctx context.Context) (tui.Cloud, error) {
			return p.connectApp(ctx, r.session, target{world: defaultWorld, countdown: r.target.countdown}, &opened)
		},
		Question: r.question, Plan: r.plan, Title: r.target.sandboxName(), ReadOnly: r.readOnly, Production: r.production, NewRunID: journal.NewID,
		Theme: r.settings.Theme, Keys: r.settings.Keys, Language: localeLanguage(p.io),
	}
	if r.target.world == "" { // what a sandbox of our own held is gone by then
		options.UndoCommand = func(entry string) string { return shellescape.QuoteCommand(undoCommand(r.session, entry)) }
	}
	if !r.target.isSandbox() {
		options.Recent = r.settings.Recent
		options.SaveRecent = func(recent tui.Recent) {
			_ = settings.SaveRecent(p.io.Settings, stateFolder(), recent) // the next list has one line less to offer, and that is all
		}
	}
	err := tui.Run(ctx, options)
	if errors.Is(err, tui.ErrInterrupted) { // the user left, and has seen what was changed
		err = console.Exit(console.StatusInterrupted)
	}
	return errors.Join(err, opened.Close())
}

// connectApp opens a connection that stays until the app ends.
func (p *program) connectApp(ctx context.Context, r session, t target, opened *connections) (tui.Cloud, error) {
	c, err := connect(ctx, t, p.build.userAgent())
	if err != nil {
		return nil, err
	}
	opened.add(c)
	if !r.readOnly {
		// What can't be settled now stays open in the journal, and a change that can't be recorded is not made.
		_, _ = c.Reconcile(ctx)
	}
	return c, nil
}

// connections are those that an app opened: a new sign-in takes a fresh one, and the older one may still be in use.
type connections struct {
	mu   sync.Mutex
	open []*connection
}

func (c *connections) add(conn *connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, conn)
}

// Close gives all of them back.
func (c *connections) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, conn := range c.open {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}
