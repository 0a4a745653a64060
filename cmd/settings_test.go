package cmd

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/tui"
	"whopulls/tui/ui"
)

func TestSettings(t *testing.T) {
	keys := func(given map[string][]string) ui.Keys {
		k, err := ui.ParseKeys(given)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	none := keys(nil)
	job := model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}
	for _, test := range []struct {
		name, content string
		want          settings
		trouble       string // a part of the error, empty for none
	}{
		{"empty", "", settings{keys: none}, ""},
		{"comments alone", "# nothing yet\n", settings{keys: none}, ""},
		{"both guards", "read-only: true\nproduction: '*-prod'\n", settings{readOnly: true, production: "*-prod", keys: none}, ""},
		{"a guard without a value", "read-only:\n", settings{readOnly: true, keys: none}, ""},
		{"a guard that is null", "read-only: ~\nproduction: null\n", settings{readOnly: true, production: "*", keys: none}, ""},
		{"a guard with a comment alone", "read-only: # for now\nproduction: # all\n", settings{readOnly: true, production: "*", keys: none}, ""},
		{"a guard with a tag", "read-only: !!bool true\n", settings{readOnly: true, keys: none}, ""},
		{"a guard with a tag of another kind", "read-only: !!str false\nproduction: !!null\n", settings{readOnly: true, production: "*", keys: none}, ""},
		{"a guard with an anchor", "read-only: &a true\nproduction: &b x-*\n", settings{readOnly: true, production: "x-*", keys: none}, ""},
		{"guards that are off", "read-only: false\nproduction: false\n", settings{keys: none}, ""},
		{"production is true", "production: true\n", settings{production: "*", keys: none}, ""},
		{"production of an empty text", "production: ''\n", settings{production: "*", keys: none}, ""},
		{"production over two lines", "production: >-\n  *-prod\n", settings{production: "*-prod", keys: none}, ""},
		{"production is a number", "production: 12\n", settings{production: "12", keys: none}, ""},
		{"a mapping for a guard", "\nread-only: {on: true}\n", settings{}, "settings.yaml:2: read-only: "},
		{"a quoted word", "read-only: 'false'\n", settings{}, `settings.yaml:1: read-only: "false" is neither`},
		{"a word for a guard", "\nread-only: perhaps\n", settings{}, "settings.yaml:2: read-only: "},
		{"a byte order mark", "\ufeffread-only: true\r\n", settings{readOnly: true, keys: none}, ""},
		{"no key for an action", "keys: {quit: null}\n", settings{}, "settings.yaml: keys: "},
		{"a misspelt key", "\nread_only: true\n", settings{}, "settings.yaml:2: "},
		{"no boolean", "theme: dark\nread-only: yes\n", settings{}, `settings.yaml:2: read-only: "yes" is neither true nor false`},
		{"a list for a boolean", "read-only: [true]\n", settings{}, `settings.yaml:1: read-only: "[" is neither`},
		{"several patterns", "read-only: true\r\nproduction: [a, b]\r\ntheme: dark\r\n", settings{}, "settings.yaml:2: production: it is one pattern"},
		{"a nested theme", "theme:\n  dark: true\n", settings{}, "theme: it is one word"},
		{"keys of a letter", "\nkeys: c\n", settings{}, "settings.yaml:2: keys: it holds actions"},
		{"a list of keys", "keys: [c]\n", settings{}, "settings.yaml:1: keys: it holds actions"},
		{"recent of a word", "recent: x\n", settings{}, "settings.yaml:1: recent: it holds a list"},
		{"recent of lists", "{theme: dark, recent: [{project: [a]}]}\n", settings{}, "settings.yaml:1: recent: it holds a list"},
		{"a word", "nonsense\n", settings{}, "settings.yaml:1: the file holds keys with their values"},
		{"no pattern", "\nproduction: '['\n", settings{}, "settings.yaml:2: production is no pattern"},
		{"a list", "- read-only\n", settings{}, "settings.yaml:1: "},
		{"no YAML", "read-only: [\n", settings{}, "settings.yaml"},
		{"twice", "read-only: true\nread-only: false\n", settings{}, "settings.yaml:2: "},
		{"two documents", "read-only: false\n---\nread-only: true\n", settings{}, "more than one document"},
		{"control characters", "\x1b[31m: true\n", settings{}, "settings.yaml"},
		{"a theme", "theme: light\n", settings{theme: ui.ThemeLight, keys: none}, ""},
		{"no theme", "\ntheme: solarized\n", settings{}, `settings.yaml:2: theme: "solarized" is no theme; the themes are terminal dark light mono`},
		{"an empty theme", "theme:\n", settings{keys: none}, ""},
		{"keys", "keys: {copy: c, reread: [r, f5]}\n", settings{keys: keys(map[string][]string{"copy": {"c"}, "reread": {"r", "f5"}})}, ""},
		{"a digit", "keys:\n  copy: 1\n  skip: true\n", settings{}, `settings.yaml:3: keys: skip: "true" is no key`},
		{"no action", "keys:\n  # as in vi\n  yank: y\n", settings{}, "settings.yaml:3: keys: yank: there is no such action"},
		{"no such key", "keys:\n  copy: [y, f99]\n", settings{}, `settings.yaml:2: keys: copy: "f99" is no key`},
		{"two on one key", "keys:\n  copy: r\n", settings{}, "settings.yaml:2: keys: copy: r is the key of reread too (screen: map)"},
		{"no key at all", "keys:\n  copy: []\n", settings{}, "settings.yaml:2: keys: copy: it has no key"},
		{"a key left empty", "keys:\n  copy: [~]\n", settings{}, "settings.yaml:2: "},
		{"keys of keys", "keys:\n  copy: {a: b}\n", settings{}, "settings.yaml:2: "},
		{"recent", "recent:\n- {project: myproject-a, job: myjob, region: asia-northeast1}\n- project: myproject-c\n",
			settings{keys: none, recent: []tui.Recent{{Project: "myproject-a", Workload: &job}, {Project: "myproject-c"}}}, ""},
		{"recent without a region", "recent:\n- project: myproject-c\n- {project: myproject-a, job: myjob}\n", settings{}, "settings.yaml:3: recent: "},
		{"recent of nothing", "recent: [{}]\n", settings{}, "settings.yaml:1: recent: "},
	} {
		file := filepath.Join(t.TempDir(), "settings.yaml")
		if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readSettings(file)
		if test.trouble == "" && (err != nil || !reflect.DeepEqual(got, test.want)) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		if test.trouble != "" && (err == nil || !strings.Contains(err.Error(), test.trouble) || asUserError(err).Status != console.StatusUsage) {
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
		{"", "-", "-", false, false, true, "*"}, // set and empty: half written
		{"", " ", " ", false, false, true, "*"},
		{file, "no", "false", false, false, false, ""},
		{"", "1", "true", false, false, true, "*"},
	} {
		variables := map[string]string{}
		for name, value := range map[string]string{"WHOPULLS_READ_ONLY": test.readOnly, "WHOPULLS_PRODUCTION": test.production} {
			if value != "" {
				variables[name] = strings.TrimPrefix(value, "-")
			}
		}
		s := console.Streams{Settings: test.settings, Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}
		var r request
		if err := r.applyGuards(&flags{readOnly: test.flag}, test.flagGiven, s); err != nil || r.readOnly != test.want || r.production != test.pattern {
			t.Errorf("%+v: read-only %v, production %q, %v", test, r.readOnly, r.production, err)
		}
	}
}

type twoLineHint struct{ error }

func (twoLineHint) Hint() string { return "sign in with: gcloud auth login\nor go on with --sandbox" }

// Each line of an error's advice is an entry of its own.
func TestHintsAreLines(t *testing.T) {
	f := asUserError(twoLineHint{os.ErrPermission})
	if !reflect.DeepEqual(f.Hints, []string{"sign in with: gcloud auth login", "or go on with --sandbox"}) {
		t.Errorf("%q", f.Hints)
	}
}

// The theme mono has no colours on the command line either, but keeps bold and faint.
func TestMonoPrints(t *testing.T) {
	for _, mono := range []bool{false, true} {
		var out strings.Builder
		console.Streams{Out: &out, OutTerminal: true, Mono: mono, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter().Line(console.Bad.Text("x"))
		if got := out.String(); strings.Contains(got, "31") == mono || !strings.Contains(got, "\x1b[1") {
			t.Errorf("mono %v: %q", mono, got)
		}
	}
}
