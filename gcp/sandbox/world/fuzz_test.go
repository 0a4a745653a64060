package world

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No text makes a world panic; what is wrong with it is reported with the file and a line.
func FuzzParse(f *testing.F) {
	for _, text := range oddYAML {
		f.Add("caller: user:dev@example.com\n" + text + "\n")
	}
	files, err := filepath.Glob("../../testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := Parse("w.yaml", []byte(text))
		if (w == nil) == (err == nil) {
			t.Fatalf("neither a world nor an error, or both: %v", err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "w.yaml:") {
			t.Errorf("it says no place: %v", err)
		}
	})
}

// oddYAML are values of YAML that a world has no use for.
var oddYAML = []string{"projects: !!foo", "projects: !!set {a}", "projects: !!map {a: b}", "projects: ! x", "projects: !<x> []", "projects: [! {id: x}]",
	"projects: !!timestamp x", "title: !!binary x", "title: !!int x", "projects: &a [*a]", "projects: [&a {<<: *a}]", "projects: *a", "? [a]\n: b", "- a",
	"projects: [{id: &a x, number: *a, policy: {bindings: &b [{role: r, members: []}]}}, {policy: {bindings: *b}}]", "projects: {a: b}",
	"projects: [[]]", "projects: [~]", "roles: [{name: ~}]", "generate: !!foo", "generate: {}", "organization: ~", "organization: []",
	"denyPolicies: [{rules: [{}]}]", "title: |\n  \x1b", "projects: - a", "!!foo title: x", "<<: 1", "groups: {a: [b]}", "assetIndex: {}"}

// A tag is refused with file, line and key. It made the decoder panic.
func TestTagsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"projects: !!foo\n":                   "w.yaml:2: projects: a tag has no meaning in a world; leave it out",
		"projects: !!set {a}\n":               "w.yaml:2: projects: a tag has no meaning in a world; leave it out",
		"projects: ! x\n":                     "w.yaml:2: projects: a tag has no meaning in a world; leave it out",
		"projects:\n  - id: !<x> my-project":  "w.yaml:3: projects[0].id: a tag has no meaning in a world; leave it out",
		"projects:\n  - !!map {id: a}":        "w.yaml:3: projects[0]: a tag has no meaning in a world; leave it out",
		"projects: &a [*a]\n":                 "w.yaml:2: this is not YAML: no anchor before it has the name of this alias",
		"title: " + strings.Repeat("[", 200):  "w.yaml:2: this is not YAML: it is nested too deep",
		"organization: {id: !!str \"1\"}\n":   "w.yaml:2: organization.id: a tag has no meaning in a world; leave it out",
		"projects: []\norganization: !!foo\n": "w.yaml:3: organization: a tag has no meaning in a world; leave it out",
	} {
		t.Run(text, func(t *testing.T) {
			if _, err := Parse("w.yaml", []byte("caller: user:dev@example.com\n"+text)); err == nil || err.Error() != want {
				t.Errorf("%q:\n got %v\nwant %s", text, err, want)
			}
		})
	}
	if _, err := Parse("w.yaml", []byte("!!foo {caller: x}\n")); err == nil || err.Error() != "w.yaml:1: the whole file: a tag has no meaning in a world; leave it out" {
		t.Error(err)
	}
}
