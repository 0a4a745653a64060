package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Each setting says what it is and why: the flag or variable, the file, or nothing.
func TestSettingsInForce(t *testing.T) {
	for _, test := range []struct {
		name, content string
		over          map[string]string
		want          string
	}{
		{"nothing is set", "", nil,
			"read-only false (default)\nproduction only what is labelled so (default)\ntheme auto (default)\naccessible auto (default)\nascii auto (default)\nmouse on (default)\nlanguage auto (default)\nkeys as they come (default)\nrecent 0 projects (default)"},
		{"the file sets all", "read-only: true\r\nproduction: '*-prod'\r\ntheme: dark\r\nmouse: off\r\nlanguage: ja\r\nkeys: {reread: [r, f5], copy: c}\r\nrecent:\r\n- project: myproject-a\r\n", nil,
			"read-only true (settings file)\nproduction *-prod (settings file)\ntheme dark (settings file)\naccessible auto (default)\nascii auto (default)\nmouse off (settings file)\nlanguage ja (settings file)\nkeys copy: c, reread: r f5 (settings file)\nrecent 1 project (settings file)"},
		{"a flag and a variable", "read-only: true\nproduction: a\n", map[string]string{"read-only": "--read-only", "production": "WHOPULLS_PRODUCTION"},
			"read-only true (--read-only)\nproduction a (WHOPULLS_PRODUCTION)\ntheme auto (default)\naccessible auto (default)\nascii auto (default)\nmouse on (default)\nlanguage auto (default)\nkeys as they come (default)\nrecent 0 projects (default)"},
		{"plain mode", "accessible: never\n", map[string]string{"accessible": "ACCESSIBLE"},
			"read-only false (default)\nproduction only what is labelled so (default)\ntheme auto (default)\naccessible never (ACCESSIBLE)\nascii auto (default)\nmouse on (default)\nlanguage auto (default)\nkeys as they come (default)\nrecent 0 projects (default)"},
		{"a key with the default's value", "theme: terminal\n", nil,
			"read-only false (default)\nproduction only what is labelled so (default)\ntheme terminal (settings file)\naccessible auto (default)\nascii auto (default)\nmouse on (default)\nlanguage auto (default)\nkeys as they come (default)\nrecent 0 projects (default)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "settings.yaml")
			if test.content != "" {
				if err := os.WriteFile(file, []byte(test.content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s, err := Read(file)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, v := range InForce(file, s, test.over) {
				lines = append(lines, v.Name+" "+v.Text+" ("+v.Origin+")")
			}
			if got := strings.Join(lines, "\n"); got != test.want {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// The list has every key that the file may have.
func TestSettingsInForceAreAll(t *testing.T) {
	listed := map[string]bool{}
	for _, v := range InForce("", Settings{}, nil) {
		listed[v.Name] = true
	}
	shape := reflect.TypeFor[document]()
	for n := range shape.NumField() {
		if key := shape.Field(n).Tag.Get("yaml"); !listed[key] {
			t.Errorf("%s is not listed", key)
		}
	}
	if len(listed) != shape.NumField() {
		t.Errorf("%d are listed, and the file has %d", len(listed), shape.NumField())
	}
}
