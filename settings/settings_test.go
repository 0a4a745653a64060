package settings

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	language "whopulls/model/words"
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
		want          Settings
		trouble       string // a part of the error, empty for none
	}{
		{"empty", "", Settings{Keys: none}, ""},
		{"comments alone", "# nothing yet\n", Settings{Keys: none}, ""},
		{"both guards", "read-only: true\nproduction: '*-prod'\n", Settings{ReadOnly: true, Production: "*-prod", Keys: none}, ""},
		{"a guard without a value", "read-only:\n", Settings{ReadOnly: true, Keys: none}, ""},
		{"a guard that is null", "read-only: ~\nproduction: null\n", Settings{ReadOnly: true, Production: "*", Keys: none}, ""},
		{"a guard with a comment alone", "read-only: # for now\nproduction: # all\n", Settings{ReadOnly: true, Production: "*", Keys: none}, ""},
		{"a guard with a tag", "read-only: !!bool true\n", Settings{ReadOnly: true, Keys: none}, ""},
		{"a guard with a tag of another kind", "read-only: !!str false\nproduction: !!null\n", Settings{ReadOnly: true, Production: "*", Keys: none}, ""},
		{"a guard with an anchor", "read-only: &a true\nproduction: &b x-*\n", Settings{ReadOnly: true, Production: "x-*", Keys: none}, ""},
		{"guards that are off", "read-only: false\nproduction: false\n", Settings{Keys: none}, ""},
		{"production is true", "production: true\n", Settings{Production: "*", Keys: none}, ""},
		{"production of an empty text", "production: ''\n", Settings{Production: "*", Keys: none}, ""},
		{"production over two lines", "production: >-\n  *-prod\n", Settings{Production: "*-prod", Keys: none}, ""},
		{"production is a number", "production: 12\n", Settings{Production: "12", Keys: none}, ""},
		{"a mapping for a guard", "\nread-only: {on: true}\n", Settings{}, "settings.yaml:2: read-only: "},
		{"a quoted word", "read-only: 'false'\n", Settings{}, `settings.yaml:1: read-only: "false" is neither`},
		{"a word for a guard", "\nread-only: perhaps\n", Settings{}, "settings.yaml:2: read-only: "},
		{"a byte order mark", "\ufeffread-only: true\r\n", Settings{ReadOnly: true, Keys: none}, ""},
		{"no key for an action", "keys: {quit: null}\n", Settings{}, "settings.yaml: keys: "},
		{"a misspelt key", "\nread_only: true\n", Settings{}, "settings.yaml:2: "},
		{"no boolean", "theme: dark\nread-only: yes\n", Settings{}, `settings.yaml:2: read-only: "yes" is neither true nor false`},
		{"a list for a boolean", "read-only: [true]\n", Settings{}, `settings.yaml:1: read-only: "[" is neither`},
		{"several patterns", "read-only: true\r\nproduction: [a, b]\r\ntheme: dark\r\n", Settings{}, "settings.yaml:2: production: it is one pattern"},
		{"a nested theme", "theme:\n  dark: true\n", Settings{}, "theme: it is one word"},
		{"keys of a letter", "\nkeys: c\n", Settings{}, "settings.yaml:2: keys: it holds actions"},
		{"a list of keys", "keys: [c]\n", Settings{}, "settings.yaml:1: keys: it holds actions"},
		{"recent of a word", "recent: x\n", Settings{}, "settings.yaml:1: recent: it holds a list"},
		{"recent of lists", "{theme: dark, recent: [{project: [a]}]}\n", Settings{}, "settings.yaml:1: recent: it holds a list"},
		{"a word", "nonsense\n", Settings{}, "settings.yaml:1: the file holds keys with their values"},
		{"no pattern", "\nproduction: '['\n", Settings{}, "settings.yaml:2: production is no pattern"},
		{"a list", "- read-only\n", Settings{}, "settings.yaml:1: "},
		{"no YAML", "read-only: [\n", Settings{}, "settings.yaml"},
		{"twice", "read-only: true\nread-only: false\n", Settings{}, "settings.yaml:2: "},
		{"two documents", "read-only: false\n---\nread-only: true\n", Settings{}, "more than one document"},
		{"control characters", "\x1b[31m: true\n", Settings{}, "settings.yaml"},
		{"a theme", "theme: light\n", Settings{Theme: ui.ThemeLight, Keys: none}, ""},
		{"signs in ASCII", "ascii: always\n", Settings{ASCII: Always, Keys: none}, ""},
		{"no such signs", "ascii: yes\n", Settings{}, "settings.yaml:1: ascii: \"yes\" is not known; it is auto, always or never"},
		{"no theme", "\ntheme: solarized\n", Settings{}, `settings.yaml:2: theme: "solarized" is no theme; the themes are auto terminal dark light mono`},
		{"the mouse", "mouse: off\n", Settings{MouseOff: true, Keys: none}, ""},
		{"the mouse as it comes", "mouse: on\n", Settings{Keys: none}, ""},
		{"another mouse", "\nmouse: false\n", Settings{}, `settings.yaml:2: mouse: "false" is not known; it is on or off`},
		{"a nested mouse", "mouse: {left: off}\n", Settings{}, "mouse: it is one word: on or off"},
		{"a language", "language: ja\n", Settings{Language: language.Japanese, Keys: none}, ""},
		{"the language of the locale", "language: auto\n", Settings{Keys: none}, ""},
		{"another language", "\nlanguage: fr\n", Settings{}, `settings.yaml:2: language: "fr" is not known; it is auto, en or ja`},
		{"two languages", "language: [en, ja]\n", Settings{}, "language: it is one word: auto, en or ja"},
		{"an empty theme", "theme:\n", Settings{Keys: none}, ""},
		{"keys", "keys: {copy: c, reread: [r, f5]}\n", Settings{Keys: keys(map[string][]string{"copy": {"c"}, "reread": {"r", "f5"}})}, ""},
		{"a digit", "keys:\n  copy: 1\n  skip: true\n", Settings{}, `settings.yaml:3: keys: skip: "true" is no key`},
		{"no action", "keys:\n  # as in vi\n  yank: y\n", Settings{}, "settings.yaml:3: keys: yank: there is no such action"},
		{"no such key", "keys:\n  copy: [y, f99]\n", Settings{}, `settings.yaml:2: keys: copy: "f99" is no key`},
		{"two on one key", "keys:\n  copy: r\n", Settings{}, "settings.yaml:2: keys: copy: r is the key of reread too (screen: map)"},
		{"no key at all", "keys:\n  copy: []\n", Settings{}, "settings.yaml:2: keys: copy: it has no key"},
		{"a key left empty", "keys:\n  copy: [~]\n", Settings{}, "settings.yaml:2: "},
		{"keys of keys", "keys:\n  copy: {a: b}\n", Settings{}, "settings.yaml:2: "},
		{"recent", "recent:\n- {project: myproject-a, job: myjob, region: asia-northeast1}\n- project: myproject-c\n",
			Settings{Keys: none, Recent: []tui.Recent{{Project: "myproject-a", Workload: &job}, {Project: "myproject-c"}}}, ""},
		{"recent with an answer", "recent: [{project: myproject-a, job: myjob, region: asia-northeast1, verdict: missing, checks: 2, checked: \"2026-01-14T06:30:00+09:00\"}]\n",
			Settings{Keys: none, Recent: []tui.Recent{{Project: "myproject-a", Workload: &job, Last: tui.Answer{Verdict: model.Missing, Count: 2, Time: time.Date(2026, 1, 13, 21, 30, 0, 0, time.UTC)}}}}, ""},
		{"an answer of another word", "recent: [{project: myproject-a, job: myjob, region: asia-northeast1, verdict: maybe, checked: \"2026-01-14T06:30:00Z\"}]\n", Settings{}, `settings.yaml:1: recent: verdict: "maybe" is not granted, missing`},
		{"an answer without its time", "\nrecent: [{project: myproject-a, job: myjob, region: asia-northeast1, verdict: missing}]\n", Settings{}, `settings.yaml:2: recent: checked: "" is no time`},
		{"an answer about no workload", "recent: [{project: myproject-a, verdict: missing, checked: \"2026-01-14T06:30:00Z\"}]\n", Settings{}, "settings.yaml:1: recent: a verdict needs its service"},
		{"an answer of less than nothing", "recent: [{project: myproject-a, job: myjob, region: asia-northeast1, verdict: missing, checks: -1, checked: \"2026-01-14T06:30:00Z\"}]\n", Settings{}, "settings.yaml:1: recent: checks: -1 is no count"},
		{"recent without a region", "recent:\n- project: myproject-c\n- {project: myproject-a, job: myjob}\n", Settings{}, "settings.yaml:3: recent: "},
		{"recent of nothing", "recent: [{}]\n", Settings{}, "settings.yaml:1: recent: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "settings.yaml")
			if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Read(file)
			var wrong *Error
			if test.trouble == "" && (err != nil || !reflect.DeepEqual(got, test.want)) {
				t.Errorf("%+v, %v", got, err)
			}
			if test.trouble != "" && (err == nil || !strings.Contains(err.Error(), test.trouble) || !errors.As(err, &wrong)) {
				t.Errorf("%v, want %q", err, test.trouble)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "settings.yaml")); err != nil {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("a folder is taken for a file")
	}
}
