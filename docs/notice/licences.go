package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// apache is the licence whose text stands in NOTICE once, for all modules under it.
const apache = "Apache-2.0"

// acceptedLicences are the licences whose conditions NOTICE meets. It ships with every binary and has their
// texts and copyright notices in full. It says where the source code is (MPL-2.0, section 3.2). Any other
// licence is an error: a person decides whether NOTICE meets its conditions.
var acceptedLicences = []string{apache, "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unicode-DFS-2016"}

// legalFile matches the names of files that must ship with a binary, or should.
var legalFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|patents)([-_.].*)?$`)

// ignoredFile matches files with such names that are not about linked code: Go source, and documents of the module.
var ignoredFile = regexp.MustCompile(`(?i)\.(go|docs)$`)

// licensedModule is a module with the licences found in it.
type licensedModule struct {
	module
	licences []string // SPDX identifiers
	texts    []licenceText
}

// licenceText is a module's own text about its licence. The body is empty if the file is just the Apache
// License.
type licenceText struct {
	title, body string
}

// readLicences reads the files in the folders of the linked packages and in the folders above them, up to the module's.
func readLicences(m module) (licensedModule, error) {
	l := licensedModule{module: m}
	for _, name := range legalFiles(m) {
		data, err := os.ReadFile(filepath.Join(m.folder, name))
		if err != nil {
			return l, err
		}
		if err := l.addFile(name, string(data)); err != nil {
			return l, err
		}
	}
	if len(l.licences) == 0 {
		return l, fmt.Errorf("%s %s: no licence was found in %s", m.path, m.version, m.folder)
	}
	slices.Sort(l.licences)
	return l, nil
}

// legalFiles gives the names of a module's legal files, relative to its folder, the top ones first.
func legalFiles(m module) []string {
	seen := map[string]bool{}
	for _, folder := range m.packages {
		for ; ; folder = filepath.Dir(folder) {
			entries, _ := os.ReadDir(folder)
			for _, e := range entries {
				name, err := filepath.Rel(m.folder, filepath.Join(folder, e.Name()))
				if err == nil && e.Type().IsRegular() && legalFile.MatchString(e.Name()) && !ignoredFile.MatchString(e.Name()) {
					seen[filepath.ToSlash(name)] = true
				}
			}
			if len(folder) <= len(m.folder) {
				break
			}
		}
	}
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := strings.Count(a, "/") - strings.Count(b, "/"); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return names
}

// addFile adds a file. A licence must be known and accepted; any other file is copied as it is.
func (l *licensedModule) addFile(name, data string) error {
	base := strings.ToLower(filepath.Base(name))
	switch {
	case strings.HasPrefix(base, "patents"):
		l.texts = append(l.texts, licenceText{"additional patent grant", normalize(data)})
		return nil
	case strings.HasPrefix(base, "notice"), strings.HasPrefix(base, "copyright"):
		l.texts = append(l.texts, licenceText{"notice", normalize(data)})
		return nil
	}
	matches := licensecheck.Scan([]byte(data)).Match
	var ids []string
	for _, m := range matches {
		if !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	for _, id := range ids {
		if !slices.Contains(acceptedLicences, id) {
			return fmt.Errorf("%s %s: %s holds %s, which is not one of the accepted licences", l.path, l.version, name, id)
		}
		if !slices.Contains(l.licences, id) {
			l.licences = append(l.licences, id)
		}
	}
	if len(ids) == 0 {
		return fmt.Errorf("%s %s: %s holds no known licence", l.path, l.version, name)
	}
	if body := normalize(stripApache(data, matches)); body != "" {
		l.texts = append(l.texts, licenceText{strings.Join(ids, " and "), body})
	}
	return nil
}

// minApacheLength is less than the terms of the Apache License have, and more than a reference to them has.
const minApacheLength = 5000

// copyrightLine matches the lines that fill in the appendix of the Apache License. Lines in brackets are its template.
var copyrightLine = regexp.MustCompile(`(?m)^\s*(Copyright (?:\(c\)|©)? ?[^\[\]{}\n]*\d{4}.*)$`)

// stripApache removes the terms of the Apache License from a file, and leaves what the module adds to them.
func stripApache(data string, matches []licensecheck.Match) string {
	var rest strings.Builder
	at := 0
	for _, m := range matches {
		if m.ID != apache || m.End-m.Start < minApacheLength {
			continue
		}
		rest.WriteString(data[at:m.Start])
		for _, c := range copyrightLine.FindAllStringSubmatch(data[m.Start:m.End], -1) {
			rest.WriteString(c[1] + "\n")
		}
		at = m.End
	}
	return rest.String() + data[at:]
}

// normalize makes texts equal that differ only in line endings, trailing blanks or blank lines around them.
func normalize(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
