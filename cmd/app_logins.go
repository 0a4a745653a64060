package cmd

import (
	"context"
	"slices"

	"whopulls/cmd/options"
	"whopulls/gcp/gcloud"
	"whopulls/tui"
)

// logins are the ways to call Google that the app offers: gcloud's configurations, and the accounts that it has credentials for.
// In a sandbox gcloud's files don't count.
func (p *program) logins(r options.Session, opened *connections) tui.Logins {
	if r.Target.IsSandbox() {
		return tui.Logins{}
	}
	return tui.Logins{
		List: func() []tui.Login { return listLogins(r.Config) },
		Connect: func(ctx context.Context, l tui.Login) (tui.Cloud, error) {
			t, err := p.loginTarget(r.Cloud, r.Target, l)
			if err != nil {
				return nil, err
			}
			return p.connectApp(ctx, r, t, opened)
		},
	}
}

// listLogins reads gcloud's folder as it is now. What is active was decided when the program began.
func listLogins(c *gcloud.Configuration) (logins []tui.Login) {
	accounts, projects := c.ByConfiguration(gcloud.Account), c.ByConfiguration(gcloud.Project)
	for _, name := range c.Names() {
		logins = append(logins, tui.Login{Configuration: name, Account: accounts[name], Project: projects[name], Active: name == c.Name})
	}
	for _, account := range c.Accounts() {
		logins = append(logins, tui.Login{Account: account})
	}
	return logins
}

// loginTarget is Google as --configuration or --account would reach it. A variable or a flag that names another caller steps back:
// this one was chosen by hand.
func (p *program) loginTarget(f options.CloudFlags, begun options.Target, l tui.Login) (options.Target, error) {
	f.Impersonate, f.Account = "", l.Account
	if l.Configuration != "" {
		f.Configuration = l.Configuration
	}
	t, _, err := f.ResolveTarget(p.io, "", "")
	t.Countdown, t.CallLog, t.OnRetry = begun.Countdown, begun.CallLog, begun.OnRetry
	return t, err
}

// undoCommand takes an entry or a run back by the login that made it; nil: the one that the program began with.
func undoCommand(r options.Session, id string, by *tui.Login) []string {
	if by == nil {
		return r.UndoCommand(id)
	}
	chosen := map[string]string{"account": by.Account, options.FlagImpersonate: ""}
	if by.Configuration != "" {
		chosen["configuration"] = by.Configuration
	}
	command := slices.DeleteFunc(r.UndoCommand(id), func(word string) bool {
		_, replaced := chosen[options.FlagName(word)]
		return replaced
	})
	for _, name := range []string{"configuration", "account"} {
		if value := chosen[name]; value != "" {
			command = append(command, "--"+name+"="+value)
		}
	}
	return command
}
