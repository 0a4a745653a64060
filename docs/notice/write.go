package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

const noticeHead = `NOTICE

whopulls is under the Apache License 2.0: see LICENSE. Its binaries contain the
Go modules that are listed here. Each is under its own licence; the texts follow
the list.

The source code of a module: go mod download -json MODULE@VERSION

make notice writes this file from the modules that a release links.
`

// writeNotice writes the list of modules, then each text once with the names of its modules.
func writeNotice(w io.Writer, modules []licensedModule, apacheText string) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	p("%s", noticeHead)
	for _, m := range modules {
		p("\n%s\n    %s\n", m.name(), strings.Join(m.licences, " and "))
	}
	for _, g := range groupTexts(modules, apacheText) {
		p("\n%s\n%s\n", strings.Repeat("=", 80), upperFirst(g.title))
		for _, name := range g.modules {
			p("    %s\n", name)
		}
		p("\n%s\n", g.body)
	}
}

// name is the module's path with its version, where it has one.
func (m module) name() string { return strings.TrimSpace(m.path + " " + m.version) }

// textGroup is a text with the names of the modules that have it.
type textGroup struct {
	licenceText
	modules []string
}

// groupTexts groups the texts of all modules: the Apache License first, the others by title.
func groupTexts(modules []licensedModule, apacheText string) []textGroup {
	all := []textGroup{{licenceText: licenceText{apache, apacheText}}}
	for _, m := range modules {
		if slices.Contains(m.licences, apache) {
			all[0].modules = append(all[0].modules, m.name())
		}
		for _, t := range m.texts {
			i := slices.IndexFunc(all, func(g textGroup) bool { return g.licenceText == t })
			if i < 0 {
				i, all = len(all), append(all, textGroup{licenceText: t})
			}
			if !slices.Contains(all[i].modules, m.name()) {
				all[i].modules = append(all[i].modules, m.name())
			}
		}
	}
	slices.SortStableFunc(all[1:], func(a, b textGroup) int { return strings.Compare(a.title, b.title) })
	return all
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
