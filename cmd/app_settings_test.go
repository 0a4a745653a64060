package cmd

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
)

// settingsProgram is a program with variables and a settings file, which need not be there.
func settingsProgram(t *testing.T, content string, variables map[string]string) *program {
	t.Helper()
	file := filepath.Join(t.TempDir(), "whopulls", "settings.yaml")
	if content != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &program{io: console.Streams{Settings: file, Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}}
}

// The editor is VISUAL or EDITOR with its arguments, and never one that nobody named.
func TestTheEditorOfTheSettings(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		want      []string // before the file; nil: none
	}{
		{"EDITOR", map[string]string{"EDITOR": "vi"}, []string{"vi"}},
		{"VISUAL goes before it", map[string]string{"EDITOR": "vi", "VISUAL": "nano"}, []string{"nano"}},
		{"with arguments", map[string]string{"VISUAL": " code  --wait "}, []string{"code", "--wait"}},
		{"none", nil, nil},
		{"of blanks", map[string]string{"EDITOR": " "}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := settingsProgram(t, "", test.variables)
			c, err := p.settingsEditor(t.Context())
			if test.want == nil {
				if err == nil || !strings.Contains(model.ErrorWithHint(err), p.io.Settings) {
					t.Errorf("%v, %v", c, err)
				}
				return
			}
			if err != nil || !slices.Equal(c.Args, append(test.want, p.io.Settings)) {
				t.Errorf("%v, %v", c, err)
			}
			if _, err := os.Stat(filepath.Dir(p.io.Settings)); err != nil {
				t.Error("the folder was not made")
			}
			if _, err := os.Stat(p.io.Settings); err == nil {
				t.Error("the file was made")
			}
		})
	}
}

// Settings that are read again stay below the flags and variables that the program began with.
func TestSettingsReadAgainStayBelowFlags(t *testing.T) {
	for _, test := range []struct {
		name      string
		flags     []string
		variables map[string]string
		readOnly  bool
		origin    string
	}{
		{"the file", nil, nil, true, "settings file"},
		{"a flag", []string{"--read-only=false"}, nil, false, "--read-only"},
		{"a variable", nil, map[string]string{"WHOPULLS_READ_ONLY": "false"}, false, "WHOPULLS_READ_ONLY"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := settingsProgram(t, "", test.variables)
			var o rootOptions
			root := &cobra.Command{}
			o.add(root)
			if err := root.Flags().Parse(test.flags); err != nil {
				t.Fatal(err)
			}
			r, err := o.parse(options.CommandLine{Streams: p.io, Flags: root.Flags()})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Dir(p.io.Settings), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(p.io.Settings, []byte("read-only: true\ntheme: dark\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			read, err := p.preferences(r.Session)
			if err != nil {
				t.Fatal(err)
			}
			if read.ReadOnly != test.readOnly || read.Theme != "dark" || read.List[0].Name != "read-only" || read.List[0].Origin != test.origin {
				t.Errorf("%+v", read)
			}
			if err := os.WriteFile(p.io.Settings, []byte("theme: x\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := p.preferences(r.Session); err == nil {
				t.Error("a broken file is taken")
			}
		})
	}
}
