package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/files"
	"whopulls/gcp/gcloud"
	"whopulls/gcp/journal"
	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/settings"
	"whopulls/tui"
	"whopulls/tui/ui"

	"al.essio.dev/pkg/shellescape"
)

// runApp runs the app in the whole terminal, or as a numbered menu where a screen must not be drawn.
func (p *program) runApp(ctx context.Context, r options.Request, flags options.QuestionFlags) error {
	if p.io.AppendOnly() && p.io.ErrTerminal && !r.Quiet && r.WhyNotInteractive(p.io) == "" {
		return p.runPlainMenu(ctx, r, flags)
	}
	if why := whyNoApp(r.Session, p.io); why != "" {
		return console.UsageError(why, "without one use whopulls check, whopulls plan or whopulls grant", "whopulls --help shows them all")
	}
	return p.runFullScreen(ctx, r, "")
}

// sandboxConnector opens the sandbox to look around in.
func (p *program) sandboxConnector(r options.Session, opened *connections) func(context.Context) (tui.Cloud, error) {
	target := options.Target{World: options.DefaultWorld, Countdown: r.Target.Countdown, OnRetry: r.Target.OnRetry}
	return func(ctx context.Context) (tui.Cloud, error) { return p.connectApp(ctx, r, target, opened) }
}

// sandboxProjects counts the projects of the sandbox that the app offers.
func sandboxProjects() int {
	w, err := sandbox.Load(options.DefaultWorld)
	if err != nil {
		return 0
	}
	active := 0
	for _, project := range w.Projects {
		if project.State != "DELETE_REQUESTED" { // the list of projects leaves it out
			active++
		}
	}
	return active
}

// whyNoApp says why neither a screen can be drawn nor a person be asked in lines; empty if a screen can.
func whyNoApp(r options.Session, s console.Streams) string {
	if s.AppendOnly() {
		return "the app in plain mode (" + r.Plain.SetBy + ") asks its questions in lines, and " + whyNoLines(r, s)
	}
	const needs = "the app needs a terminal: "
	switch {
	case !s.InTerminal && !s.OutTerminal:
		return needs + "standard input and standard output are not terminals"
	case !s.InTerminal:
		return needs + "standard input is not a terminal"
	case !s.OutTerminal:
		return needs + "standard output is not a terminal"
	}
	return ""
}

// whyNoLines says why nobody can be asked in lines.
func whyNoLines(r options.Session, s console.Streams) string {
	switch why := r.WhyNotInteractive(s); {
	case why != "":
		return why
	case r.Quiet:
		return "--quiet forbids questions: leave it out"
	}
	return "standard error is not a terminal to ask on"
}

// runFullScreen runs the app, on the screen that answers a text where there is one.
func (p *program) runFullScreen(ctx context.Context, r options.Request, text string) error {
	if err := p.refuseLogOnScreen(r.Session); err != nil {
		return err
	}
	var opened connections
	retries := &tui.Retries{}
	r.Target.OnRetry = func(again transport.Retry) func() { return retries.Begin(tui.Retry(again)) }
	setup := tui.Options{
		Connect:  func(ctx context.Context) (tui.Cloud, error) { return p.connectApp(ctx, r.Session, r.Target, &opened) },
		Question: r.Question, Pasted: text, Plan: r.Plan, Title: r.Target.SandboxName(), ReadOnly: r.ReadOnly, Production: r.Production, NewRunID: journal.NewID, RenderRegistry: p.renderRegistry,
		Theme: r.Settings.Theme, Signs: r.Settings.ASCII.Signs(p.io.Lookup), AskWidth: r.Settings.ASCII.AsksWidth(p.io.Lookup), MouseOff: r.Settings.MouseOff, Keys: r.Settings.Keys, Language: r.Language(p.io), Links: takesLinks(p.io.Env("TERM")), Logins: p.logins(r.Session, &opened), Settings: p.appSettings(r.Session),
		Render: p.renderer(r, &opened), Folder: workingFolder(),
		Retries: retries,
	}
	if r.Target.World == "" { // what a sandbox of our own held is gone by then
		setup.UndoCommand = func(id string, by *tui.Login) string { return shellescape.QuoteCommand(undoCommand(r.Session, id, by)) }
	}
	if !r.Target.IsSandbox() { // inside a sandbox no other one is offered
		setup.ConnectSandbox, setup.SandboxProjects = p.sandboxConnector(r.Session, &opened), sandboxProjects
		setup.CurrentProject = r.Config.Text(gcloud.Project)
		setup.Recent = r.Settings.Recent
		setup.SaveRecent = func(recent tui.Recent) {
			_ = settings.SaveRecent(p.io.Settings, options.StateFolder(), recent) // the next list has one line less to offer, and that is all
		}
	}
	if p.adjust != nil {
		p.adjust(&setup)
	}
	err := tui.Run(ctx, setup)
	if errors.Is(err, tui.ErrInterrupted) { // the user left, and has seen what was changed
		err = console.Exit(console.StatusInterrupted)
	}
	return errors.Join(err, opened.Close())
}

// takesLinks reports whether a terminal can be sent links (OSC 8). Those of consoles without windows may draw them as text; all
// others leave out what they do not know.
func takesLinks(terminal string) bool {
	return terminal != "" && !slices.Contains([]string{"dumb", "linux", "cons25", "vt100", "vt220"}, terminal)
}

// connectApp opens a connection that stays until the app ends.
func (p *program) connectApp(ctx context.Context, r options.Session, t options.Target, opened *connections) (tui.Cloud, error) {
	c, err := connect.Open(ctx, t, p.build.userAgent())
	if err != nil {
		return nil, err
	}
	opened.add(c)
	settled := settledCloud{Cloud: c}
	if !r.ReadOnly {
		// What can't be settled now stays open in the journal, and a change that can't be recorded is not made.
		settled.entries, _ = c.Reconcile(ctx)
	}
	return settled, nil
}

// renderer gives the app an answer as check and plan print it, with what the journal knows about it.
func (p *program) renderer(r options.Request, opened *connections) tui.RenderFunc {
	return func(format string, s model.Situation, d model.Diagnosis, plan model.Plan) (string, error) {
		a := assessment{view.Assessment{Situation: s, Diagnosis: d, Plan: plan, Options: r.Plan, Sandbox: r.Target.SandboxName()}, ""}
		if c := opened.latest(); c != nil {
			a.origin = c.Origin()
			a = p.withJournal(c, a)
		}
		return view.Rendered(options.Format(format), a.Assessment)
	}
}

// workingFolder is where the app writes files, as the command line does.
func workingFolder() ui.Folder {
	path, err := os.Getwd()
	if err != nil {
		return ui.Folder{}
	}
	return ui.Folder{Path: path, Create: func(name, content string) (string, error) { return files.Create(filepath.Join(path, name), content) }}
}

// settledCloud is a connection that found out how changes ended which a killed program had left open.
type settledCloud struct {
	tui.Cloud
	entries []ledger.Entry
}

// Settled are these changes.
func (c settledCloud) Settled() []ledger.Entry { return c.entries }

// connections are those that an app opened: a new sign-in takes a fresh one, and the older one may still be in use.
type connections struct {
	mu   sync.Mutex
	open []*connect.Connection
}

func (c *connections) add(conn *connect.Connection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, conn)
}

// latest is the connection that the app works with; nil: there is none yet.
func (c *connections) latest() *connect.Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) == 0 {
		return nil
	}
	return c.open[len(c.open)-1]
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

// refuseLogOnScreen refuses to log onto the terminal that the app draws on.
func (p *program) refuseLogOnScreen(r options.Session) error {
	if r.Target.CallLog == nil || !p.io.ErrTerminal {
		return nil
	}
	return console.UsageError("the log of calls goes to standard error, which is the terminal that the app draws on",
		"send it elsewhere: whopulls --log-http 2>calls.log", "or leave out what asks for it: --log-http, --verbosity=debug or "+string(gcloud.LogHTTP))
}
