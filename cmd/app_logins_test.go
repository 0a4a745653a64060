package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/tui"
)

// programWithGcloud is a program whose gcloud folder holds two configurations and the credentials of an account.
func programWithGcloud(t *testing.T, variables map[string]string) *program {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{
		"active_config":                                 "dev",
		"configurations/config_dev":                     "[core]\naccount = dev@example.com\nproject = dev-main\n",
		"configurations/config_work":                    "[core]\naccount = me@work.example\nproject = work-main\n",
		"configurations/config_bare":                    "[run]\nregion = r\n",
		"legacy_credentials/ops@example.com/adc.json":   "{}",
		"legacy_credentials/me@work.example/adc.json":   "{}",
		"legacy_credentials/half@example.com/readme.md": "",
	} {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &program{io: console.Streams{Gcloud: "/usr/bin/gcloud", Lookup: func(name string) (string, bool) {
		if name == "CLOUDSDK_CONFIG" {
			return folder, true
		}
		value, ok := variables[name]
		return value, ok
	}}}
}

// Each gcloud configuration is listed with what it holds, and each account that has credentials.
func TestLoginsThatAreOffered(t *testing.T) {
	p := programWithGcloud(t, nil)
	target, config, err := options.CloudFlags{}.ResolveTarget(p.io, "", "")
	if err != nil {
		t.Fatal(err)
	}
	logins := p.logins(options.Session{Target: target, Config: config}, nil).List()
	want := []tui.Login{{Configuration: "bare"}, {Configuration: "dev", Account: "dev@example.com", Project: "dev-main", Active: true},
		{Configuration: "work", Account: "me@work.example", Project: "work-main"}, {Account: "me@work.example"}, {Account: "ops@example.com"}}
	if fmt.Sprint(logins) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", logins, want)
	}
	if sandbox := p.logins(options.Session{Target: options.Target{World: "article"}, Config: config}, nil); sandbox.List != nil {
		t.Error("a sandbox offers gcloud's")
	}
}

// A chosen login calls as itself, whatever flags and variables said before.
func TestWhoCallsByALogin(t *testing.T) {
	for _, test := range []struct {
		name      string
		flags     options.CloudFlags
		variables map[string]string
		login     tui.Login
		account   string
		project   string // of the configuration that is read
	}{
		{"another configuration", options.CloudFlags{}, nil, tui.Login{Configuration: "work", Account: "me@work.example"}, "me@work.example", "work-main"},
		{"one without an account", options.CloudFlags{}, nil, tui.Login{Configuration: "bare"}, "", ""},
		{"over --account", options.CloudFlags{Account: "dev@example.com"}, nil, tui.Login{Configuration: "work", Account: "me@work.example"}, "me@work.example", "work-main"},
		{"over --configuration", options.CloudFlags{Configuration: "dev"}, nil, tui.Login{Configuration: "work", Account: "me@work.example"}, "me@work.example", "work-main"},
		{"over a variable", options.CloudFlags{}, map[string]string{"CLOUDSDK_CORE_ACCOUNT": "dev@example.com"}, tui.Login{Configuration: "work", Account: "me@work.example"}, "me@work.example", "work-main"},
		{"over an impersonated account", options.CloudFlags{Impersonate: "ci@p.iam.gserviceaccount.com"}, nil, tui.Login{Configuration: "work", Account: "me@work.example"}, "me@work.example", "work-main"},
		{"an account", options.CloudFlags{Configuration: "work"}, nil, tui.Login{Account: "ops@example.com"}, "ops@example.com", "work-main"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := programWithGcloud(t, test.variables)
			got, err := p.loginTarget(test.flags, options.Target{}, test.login)
			if err != nil {
				t.Fatal(err)
			}
			if got.Google.SignIn.Account != test.account || got.Google.Project != test.project || len(got.Google.SignIn.Impersonate) > 0 {
				t.Errorf("%+v", got.Google)
			}
		})
	}
}

// What another login changed is taken back by that one, whatever flags the program began with.
func TestUndoCommandOfALogin(t *testing.T) {
	begun := options.Session{RepeatFlags: []string{"--account=dev@example.com", "--configuration=dev", "--impersonate-service-account=sa@p.iam.gserviceaccount.com", "--billing-project=b"}}
	for name, row := range map[string]struct {
		by   *tui.Login
		want string
	}{
		"the first":       {nil, "whopulls undo abc --account=dev@example.com --configuration=dev --impersonate-service-account=sa@p.iam.gserviceaccount.com --billing-project=b"},
		"configuration":   {&tui.Login{Configuration: "work", Account: "me@work.example"}, "whopulls undo abc --billing-project=b --configuration=work --account=me@work.example"},
		"without account": {&tui.Login{Configuration: "bare"}, "whopulls undo abc --billing-project=b --configuration=bare"},
		"account alone":   {&tui.Login{Account: "ops@example.com"}, "whopulls undo abc --configuration=dev --billing-project=b --account=ops@example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(undoCommand(begun, "abc", row.by), " "); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}
