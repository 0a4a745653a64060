package tui

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/palette"
)

// Login is a way to call Google: a gcloud configuration, or an account alone.
type Login struct {
	Configuration string // empty: the one in use
	Account       string // who calls; empty: the account that the configuration leads to
	Project       string // of the configuration
	Active        bool   // the program began with it
}

// Logins lists ways to call Google, and connects by one of them for this run alone. The zero value has none.
type Logins struct {
	List    func() []Login
	Connect func(ctx context.Context, l Login) (Cloud, error)
}

// name is what the login is called in a list.
func (l Login) name() string {
	if l.Configuration != "" {
		return text.Clean(l.Configuration)
	}
	return text.Clean(l.Account)
}

func isEmpty(s string) bool { return s == "" }

// entry is the login in the palette, off where it is in use.
func (l Login) entry(inUse bool) palette.Entry {
	e := palette.Entry{ID: "account " + l.Account, Section: palette.WorkAs, Kind: "account", Title: l.name(), Detail: "account"}
	if l.Configuration != "" {
		e.ID, e.Kind, e.Detail = "configuration "+l.Configuration, "configuration", text.Clean(strings.Join(slices.DeleteFunc([]string{l.Account, l.Project}, isEmpty), signs.Between))
	}
	if inUse {
		e.WhyOff = "in use"
	}
	return e
}

// loginsMsg brings the logins that there are.
type loginsMsg struct{ list []Login }

func (m loginsMsg) keep(r *root) { r.logins = m.list }

// readLogins reads what gcloud has, outside the loop: it is in files.
func (e *app) readLogins() tea.Msg {
	if e.opts.Logins.List == nil {
		return nil
	}
	return loginsMsg{e.opts.Logins.List()}
}

// inUse reports whether the present connection is by this login.
func (r *root) inUse(l Login) bool {
	switch {
	case r.connector.current().sandbox:
		return false
	case r.login == nil:
		return l.Active
	}
	return l.Configuration == r.login.Configuration && l.Account == r.login.Account
}

// loginEntries are the other ways to call Google.
func (r *root) loginEntries() (entries []palette.Entry) {
	for _, l := range r.logins {
		e := l.entry(r.inUse(l))
		e.Open = func() tea.Cmd { return r.workAs(l) }
		if r.Changing() {
			e.WhyOff = "a change is being made"
		}
		entries = append(entries, r.guarded(e))
	}
	return entries
}

// workAs calls Google by another login from now on, and begins at the first list: what was picked may not be there. Nothing of
// gcloud's is changed.
func (r *root) workAs(l Login) tea.Cmd {
	if r.connector.current().sandbox { // it had none
		r.recent = r.opts.Recent
	}
	r.login, r.opts.Title = &l, ""
	if l.Configuration != "" {
		r.opts.Title = "configuration " + l.Configuration
	}
	r.opts.Connect = func(ctx context.Context) (Cloud, error) { return r.opts.Logins.Connect(ctx, l) }
	r.changes.workAs(&l)
	r.connector.replace(newDialAttempt(r.opts.Connect))
	return tea.Batch(r.dial, r.restart())
}
