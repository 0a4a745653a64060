package cmd

import (
	"slices"
	"strings"
	"testing"
)

func TestFlagsAreOrderedBehindTheCommand(t *testing.T) {
	for args, want := range map[string]string{
		"":                                   "",
		"--sandbox":                          "--sandbox",
		"--sandbox stale list":               "stale list --sandbox",
		"--sandbox stale list --status=idle": "stale list --sandbox --status=idle",
		"--format=json check --sandbox":      "check --format=json --sandbox",
		"--format json check":                "check --format json",
		"--project check check":              "check --project check",
		"--strict -q plan":                   "plan --strict -q",
		"stale --sandbox list":               "stale list --sandbox",
		"--nonsense check":                   "check --nonsense",
		"--sandbox stale":                    "stale",
		"--sandbox stale lst":                "stale lst",
		"--help stale":                       "stale --help",
		"--sandbox help check":               "help check",
		"--sandbox article":                  "--sandbox article",
		"--quiet undo abcdefghij":            "undo --quiet abcdefghij",
		"-- check":                           "-- check",
		"--project":                          "--project",
		"explain --sandbox check":            "explain --sandbox check",
	} {
		t.Run(args, func(t *testing.T) {
			if got := strings.Join(commandFirst(newRoot(&program{}), strings.Fields(args)), " "); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestCompletionAfterFlagsBeforeTheCommand(t *testing.T) {
	for _, c := range []struct {
		name       string
		args, want []string
	}{
		{"a command of a group", []string{"--sandbox", "stale", "re"}, []string{"remove\tRemove bindings that no longer serve anyone"}},
		{"a value", []string{"--project=myproject-a", "check", "--worker-pool", "po"}, []string{"poller\tasia-northeast1"}},
		{"the value of a flag before the command", []string{"--project", "myproject-b"}, []string{"myproject-b\tMyproject B"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (&cliRun{cloud: article()}).complete(c.args...); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
