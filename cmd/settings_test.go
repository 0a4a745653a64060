package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettings(t *testing.T) {
	for _, test := range []struct {
		name, content string
		want          settings
		trouble       string // a part of the error, empty for none
	}{
		{"empty", "", settings{}, ""},
		{"comments alone", "# nothing yet\n", settings{}, ""},
		{"both", "read-only: true\nproduction: '*-prod'\n", settings{true, "*-prod"}, ""},
		{"a misspelt key", "\nread_only: true\n", settings{}, "settings.yaml:2: "},
		{"no boolean", "read-only: perhaps\n", settings{}, "settings.yaml:1: "},
		{"no pattern", "production: '['\n", settings{}, "production is no pattern"},
		{"a list", "- read-only\n", settings{}, "settings.yaml:1: "},
		{"no YAML", "read-only: [\n", settings{}, "settings.yaml"},
		{"twice", "read-only: true\nread-only: false\n", settings{}, "settings.yaml:2: "},
		{"two documents", "read-only: false\n---\nread-only: true\n", settings{}, "more than one document"},
		{"control characters", "\x1b[31m: true\n", settings{}, "settings.yaml"},
	} {
		file := filepath.Join(t.TempDir(), "settings.yaml")
		if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readSettings(file)
		if test.trouble == "" && (err != nil || got != test.want) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		if test.trouble != "" && (err == nil || !strings.Contains(err.Error(), test.trouble) || failureOf(err).status != statusUsage) {
			t.Errorf("%s: %v, want %q", test.name, err, test.trouble)
		}
	}
	if _, err := readSettings(filepath.Join(t.TempDir(), "settings.yaml")); err != nil {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := readSettings(t.TempDir()); err == nil {
		t.Error("a folder is taken for a file")
	}
}

// A flag comes before the variable, and that before the settings.
func TestWhatKeepsChangesAway(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("read-only: true\nproduction: '*-prod'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		settings, readOnly, production string
		flagGiven, flag                bool
		want                           bool
		pattern                        string
	}{
		{"", "", "", false, false, false, ""},
		{file, "", "", false, false, true, "*-prod"},
		{file, "off", "live-*", false, false, false, "live-*"},
		{file, "", "", true, false, false, "*-prod"},
		{"", "YES", "", false, false, true, ""},
		{"", "true", "", true, false, false, ""},
		{file, "false", "", true, true, true, "*-prod"},
	} {
		variables := map[string]string{"WHOPULLS_READ_ONLY": test.readOnly, "WHOPULLS_PRODUCTION": test.production}
		s := streams{Settings: test.settings, Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}
		var r request
		if err := r.guards(&flags{readOnly: test.flag}, test.flagGiven, s); err != nil || r.readOnly != test.want || r.production != test.pattern {
			t.Errorf("%+v: read-only %v, production %q, %v", test, r.readOnly, r.production, err)
		}
	}
}
