package main

import (
	"io"
	"strings"

	"whopulls/cmd"
)

const referenceHead = `<!-- Made from the program's help by make docs; edit that instead. -->

# Command reference

What each command's ` + "`--help`" + ` says, on one page.

| command | what it does |
|---|---|
`

// referenceWidth is the width of the help.
const referenceWidth = 80

// writeReference writes all commands as one page of Markdown.
func writeReference(w io.Writer, pages []page) {
	writef(w, "%s", referenceHead)
	for _, p := range pages {
		writef(w, "| [%s](#%s) | %s |\n", p.path, manName(p.path), escapeMarkdown(p.short))
	}
	for _, p := range pages {
		writeSection(w, p)
	}
}

func writeSection(w io.Writer, p page) {
	writef(w, "\n## %s\n\n%s.\n\n%s", p.path, escapeMarkdown(p.short), fence("", strings.Join(p.synopsis, "\n")))
	for _, b := range p.description {
		switch {
		case b.kind == heading:
			writef(w, "\n#### %s\n", escapeMarkdown(b.text))
		case b.kind == verbatim:
			writef(w, "\n%s", fence("", b.text))
		case b.text != p.short+".":
			writef(w, "\n%s\n", escapeMarkdown(b.text))
		}
	}
	if p.exit != "" {
		writef(w, "\n**Exit code:** %s\n", escapeMarkdown(p.exit))
	}
	if p.examples != "" {
		writef(w, "\n**Examples**\n\n%s", fence("sh", p.examples))
	}
	if p.flags.HasAvailableFlags() {
		writef(w, "\n**Flags**\n\n%s", fence("", dedent(cmd.FlagUsages(p.flags, referenceWidth))))
	}
}

func fence(language, text string) string { return "```" + language + "\n" + text + "\n```\n" }

// escapeMarkdown escapes what Markdown would read as markup.
func escapeMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `<`, `\<`, `[`, `\[`, `|`, `\|`).Replace(text)
}
