package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
)

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
		{"", "-", "-", false, false, true, "*"}, // set and empty: half written
		{"", " ", " ", false, false, true, "*"},
		{file, "no", "false", false, false, false, ""},
		{"", "1", "true", false, false, true, "*"},
	} {
		t.Run(fmt.Sprintf("file %t, read-only %q, production %q, flag %t %t", test.settings != "", test.readOnly, test.production, test.flagGiven, test.flag), func(t *testing.T) {
			variables := map[string]string{}
			for name, value := range map[string]string{"WHOPULLS_READ_ONLY": test.readOnly, "WHOPULLS_PRODUCTION": test.production} {
				if value != "" {
					variables[name] = strings.TrimPrefix(value, "-")
				}
			}
			s := console.Streams{Settings: test.settings, Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}
			var r options.Session
			if err := r.ApplyGuards(test.flag, test.flagGiven, s); err != nil || r.ReadOnly != test.want || r.Production != test.pattern {
				t.Errorf("%+v: read-only %v, production %q, %v", test, r.ReadOnly, r.Production, err)
			}
		})
	}
}

type twoLineHint struct{ error }

func (twoLineHint) Hint() string {
	return "sign in with: gcloud auth login\nor continue with --sandbox"
}

// Each line of an error's advice is an entry of its own.
func TestHintsAreLines(t *testing.T) {
	f := connect.AsUserError(twoLineHint{os.ErrPermission})
	if !reflect.DeepEqual(f.Hints, []string{"sign in with: gcloud auth login", "or continue with --sandbox"}) {
		t.Errorf("%q", f.Hints)
	}
}
