package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const head = `NOTICE

whopulls is under the Apache License 2.0: see LICENSE. Its binaries contain the
Go modules that are listed here. Each is under its own licence; the texts follow
the list.

The source code of a module: go mod download -json MODULE@VERSION

make notice writes this file from the modules that a release links.
`

// write writes the list of modules, then each text once with those that it is of.
func write(w io.Writer, modules []licensed, apacheText string) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	p("%s", head)
	for _, m := range modules {
		p("\n%s\n    %s\n", m.name(), strings.Join(m.licences, " and "))
	}
	for _, g := range grouped(modules, apacheText) {
		p("\n%s\n%s\n", strings.Repeat("=", 80), upperFirst(g.title))
		for _, name := range g.of {
			p("    %s\n", name)
		}
		p("\n%s\n", g.body)
	}
}

// name is the module's path with its version, where it has one.
func (m module) name() string { return strings.TrimSpace(m.path + " " + m.version) }

// group is a text with the names of the modules that have it.
type group struct {
	text
	of []string
}

// grouped are the texts of all modules, the Apache License first, the others by their titles.
func grouped(modules []licensed, apacheText string) []group {
	all := []group{{text: text{apache, apacheText}}}
	for _, m := range modules {
		if slices.Contains(m.licences, apache) {
			all[0].of = append(all[0].of, m.name())
		}
		for _, t := range m.texts {
			i := slices.IndexFunc(all, func(g group) bool { return g.text == t })
			if i < 0 {
				i, all = len(all), append(all, group{text: t})
			}
			if !slices.Contains(all[i].of, m.name()) {
				all[i].of = append(all[i].of, m.name())
			}
		}
	}
	slices.SortStableFunc(all[1:], func(a, b group) int { return strings.Compare(a.title, b.title) })
	return all
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
