package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestNoticeIsCurrent(t *testing.T) {
	committed, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	text, err := notice(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, committed) {
		t.Error("NOTICE is not what the release links: run make notice")
	}
}

// NOTICE lists what only one system links, and nothing that only tests link.
func TestNoticeHasTheModulesOfTheRelease(t *testing.T) {
	text, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	for name, wanted := range map[string]bool{
		"github.com/inconshreveable/mousetrap": true, // Windows alone
		"github.com/spf13/cobra":               true,
		goToolchain:                            true,
		"github.com/rogpeppe/go-internal":      false,
		"github.com/google/licensecheck":       false,
	} {
		t.Run(name, func(t *testing.T) {
			if got := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `( v\S+)?$`).Match(text); got != wanted {
				t.Errorf("%s is listed: %v", name, got)
			}
		})
	}
	if n := strings.Count(string(text), "TERMS AND CONDITIONS FOR USE, REPRODUCTION"); n != 1 {
		t.Errorf("the Apache License stands there %d times", n)
	}
}

const iscText = `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
`

// writeModule writes a module with the given files; its linked packages are the folders named.
func writeModule(t *testing.T, files map[string]string, packages ...string) module {
	t.Helper()
	m := module{path: "example.com/m", version: "v1.0.0", folder: t.TempDir()}
	for name, text := range files {
		file := filepath.Join(m.folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range packages {
		m.packages = append(m.packages, filepath.Join(m.folder, filepath.FromSlash(p)))
	}
	return m
}

func TestRead(t *testing.T) {
	terms, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.Replace(string(terms), "Copyright [yyyy] [name of copyright owner]", "Copyright 2021 Ann Author", 1)
	if filled == string(terms) {
		t.Fatal("the appendix of LICENSE is another one")
	}
	permissive := "Copyright 2020 Bob\n\n" + iscText
	for _, c := range []struct {
		about    string
		files    map[string]string
		packages []string
		licences []string
		texts    []licenceText
	}{
		{"a licence", map[string]string{"LICENSE": permissive}, []string{"."}, []string{"ISC"}, []licenceText{{"ISC", normalize(permissive)}}},
		{"other line endings and blanks", map[string]string{"LICENCE.txt": "\r\n" + strings.ReplaceAll(permissive, "\n", " \r\n")}, []string{"a/b"},
			[]string{"ISC"}, []licenceText{{"ISC", normalize(permissive)}}},
		{"the Apache License adds no text of its own", map[string]string{"LICENSE": string(terms)}, []string{"."}, []string{apache}, nil},
		{"but its copyright line", map[string]string{"LICENSE": filled}, []string{"."}, []string{apache}, []licenceText{{apache, "Copyright 2021 Ann Author"}}},
		{"and what follows it", map[string]string{"LICENSE": string(terms) + "\n" + permissive}, []string{"."}, []string{apache, "ISC"},
			[]licenceText{{apache + " and ISC", normalize(permissive)}}},
		{"a notice and a patent grant", map[string]string{"LICENSE": string(terms), "NOTICE.txt": "By Ann.\n", "PATENTS": "Granted.\n"}, []string{"."},
			[]string{apache}, []licenceText{{"notice", "By Ann."}, {"additional patent grant", "Granted."}}},
		{"a part that is another's", map[string]string{"LICENSE": string(terms), "a/LICENSE": permissive, "b/LICENSE": "not linked"}, []string{"a/c", "."},
			[]string{apache, "ISC"}, []licenceText{{"ISC", normalize(permissive)}}},
		{"source and documents of such a name", map[string]string{"LICENSE": permissive, "license.go": "package m", "LICENSE.docs": "others", "licenses/x": "x"},
			[]string{"."}, []string{"ISC"}, []licenceText{{"ISC", normalize(permissive)}}},
	} {
		t.Run(c.about, func(t *testing.T) {
			l, err := readLicences(writeModule(t, c.files, c.packages...))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(l.licences, c.licences) || !slices.Equal(l.texts, c.texts) {
				t.Errorf("the licences are %q with %q", l.licences, l.texts)
			}
		})
	}
}

// A module without a known licence is an error: a person has to look.
func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		about, says string
		files       map[string]string
	}{
		{"no file", "no licence was found", map[string]string{"README.md": "free"}},
		{"words that are no licence", "no known licence", map[string]string{"LICENSE": "Do what you like."}},
		{"a licence with other conditions", "not one of the accepted licences", map[string]string{
			"LICENSE": "This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License " +
				"as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.\n"}},
		{"a notice alone", "no licence was found", map[string]string{"NOTICE": "By Ann."}},
	} {
		t.Run(c.about, func(t *testing.T) {
			if l, err := readLicences(writeModule(t, c.files, ".")); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("the error is %v, with %q", err, l.licences)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{nil, {"a", "b"}, {"NOTICE"}} {
		t.Run(fmt.Sprint(args), func(t *testing.T) {
			if err := run(t.Context(), args); err == nil {
				t.Errorf("%q was taken", args)
			}
		})
	}
	if left, _ := os.ReadDir("."); len(left) > 0 {
		t.Errorf("%s was written", left[0].Name())
	}
}
