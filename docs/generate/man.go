package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/pflag"
)

// edition is the version that a manual describes, and its date.
type edition struct {
	version string
	date    time.Time
}

// writeManPage writes the man page of one command, in the macros that groff and mandoc share (man(7)).
func writeManPage(w io.Writer, e edition, p page) {
	writef(w, ".TH \"%s\" \"1\" \"%s\" \"whopulls %s\" \"whopulls manual\"\n",
		escapeRoff(strings.ToUpper(p.manName())), e.date.Format(time.DateOnly), escapeRoff(e.version))
	writef(w, ".SH NAME\n%s \\- %s\n", escapeRoff(p.manName()), escapeRoffLines(p.short))
	writeSynopsis(w, p)
	writef(w, ".SH DESCRIPTION\n")
	for i, b := range p.description {
		writeBlock(w, b, i == 0 || p.description[i-1].kind == heading)
	}
	writeCommands(w, p.commands)
	writeOptions(w, p.flags)
	if p.exit != "" {
		writef(w, ".SH EXIT STATUS\n")
		writeExit(w, p.exit)
	}
	if p.examples != "" {
		writef(w, ".SH EXAMPLES\n")
		writeVerbatim(w, p.examples)
	}
	writeSeeAlso(w, p)
}

func writeSynopsis(w io.Writer, p page) {
	writef(w, ".SH SYNOPSIS\n")
	for i, line := range p.synopsis {
		if i > 0 {
			writef(w, ".br\n")
		}
		rest := strings.TrimPrefix(line, p.path)
		writef(w, "\\fB%s\\fR%s\n", escapeRoff(p.path), italicizePlaceholders(escapeRoff(rest)))
	}
}

func writeBlock(w io.Writer, b block, first bool) {
	switch {
	case b.kind == heading:
		writef(w, ".SS %s\n", escapeRoff(b.text))
	case b.kind == verbatim:
		writeVerbatim(w, b.text)
	case first: // a section begins a paragraph by itself
		writef(w, "%s\n", escapeRoffLines(b.text))
	default:
		writef(w, ".PP\n%s\n", escapeRoffLines(b.text))
	}
}

// writeVerbatim writes lines as they are, without filling.
func writeVerbatim(w io.Writer, text string) {
	writef(w, ".RS 4\n.nf\n%s\n.fi\n.RE\n", escapeRoffLines(text))
}

func writeCommands(w io.Writer, commands []subcommand) {
	if len(commands) == 0 {
		return
	}
	writef(w, ".SH COMMANDS\n")
	for _, c := range commands {
		writef(w, ".TP\n\\fB%s\\fR(1)\n%s\n", escapeRoff(manName(c.path)), escapeRoffLines(c.short))
	}
}

func writeOptions(w io.Writer, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	writef(w, ".SH OPTIONS\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		value, about := pflag.UnquoteUsage(f)
		writef(w, ".TP\n%s\n%s", flagSyntax(f, value), escapeRoffLines(about))
		if given := defaultOf(f); given != "" {
			writef(w, " (default %s)", escapeRoff(given))
		}
		writef(w, "\n")
	})
}

// flagSyntax shows how a flag is typed.
func flagSyntax(f *pflag.Flag, value string) string {
	text := fmt.Sprintf("\\fB%s\\fR", escapeRoff("--"+f.Name))
	if f.Shorthand != "" {
		text = fmt.Sprintf("\\fB%s\\fR, %s", escapeRoff("-"+f.Shorthand), text)
	}
	switch {
	case value == "":
		return text
	case f.NoOptDefVal != "":
		return text + fmt.Sprintf("[=\\fI%s\\fR]", escapeRoff(value))
	}
	return text + fmt.Sprintf("=\\fI%s\\fR", escapeRoff(value))
}

// defaultOf gives a flag's default; empty if that is just off.
func defaultOf(f *pflag.Flag) string {
	if f.DefValue == "false" || f.DefValue == "0" || f.DefValue == "0s" || f.DefValue == "[]" {
		return ""
	}
	return f.DefValue
}

// writeExit writes what exit codes mean: the codes that the text lists as a list, the rest as it is.
func writeExit(w io.Writer, text string) {
	codes, rest := parseExitCodes(text)
	for _, c := range codes {
		writef(w, ".TP\n\\fB%s\\fR\n%s\n", c.code, escapeRoffLines(c.meaning))
	}
	if len(codes) > 0 && rest != "" {
		writef(w, ".PP\n")
	}
	if rest != "" {
		writef(w, "%s\n", escapeRoffLines(rest))
	}
}

type exitCode struct{ code, meaning string }

// parseExitCodes reads "0 granted, 3 missing, or denied, 1 error. More." as a list. A number after a comma begins an entry, and
// the first full stop ends the list. Any other text is all rest.
func parseExitCodes(text string) (codes []exitCode, rest string) {
	list, rest, _ := strings.Cut(strings.Join(strings.Fields(text), " ")+" ", ". ")
	words := strings.Fields(list)
	for i, word := range words {
		switch {
		case isCode(word) && (i == 0 || strings.HasSuffix(words[i-1], ",")):
			codes = append(codes, exitCode{code: word})
		case len(codes) == 0:
			return nil, text
		default:
			last := &codes[len(codes)-1]
			last.meaning = strings.TrimSpace(last.meaning + " " + word)
		}
	}
	for i := range codes {
		codes[i].meaning = strings.TrimSuffix(codes[i].meaning, ",")
	}
	if len(codes) == 1 && codes[0].meaning == "" {
		return nil, text
	}
	return codes, strings.TrimSpace(rest)
}

func isCode(word string) bool {
	return word != "" && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) < 0
}

func writeSeeAlso(w io.Writer, p page) {
	var names []string
	if p.parent != "" {
		names = append(names, p.parent)
	}
	for _, c := range p.commands {
		names = append(names, c.path)
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("\\fB%s\\fR(1)", escapeRoff(manName(name)))
	}
	writef(w, ".SH SEE ALSO\n%s\n", strings.Join(names, ",\n"))
}

// italicizePlaceholders sets the placeholders, which are words in capitals, in italics.
func italicizePlaceholders(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		if name := strings.Trim(word, "[]"); name != "" && name == strings.ToUpper(name) && unicode.IsLetter(rune(name[0])) {
			words[i] = strings.Replace(word, name, "\\fI"+name+"\\fR", 1)
		}
	}
	return strings.Join(words, " ")
}

// escapeRoff escapes a text, so that roff reads no request in it and sets no typographic signs. A command copied from the page
// must have the shell's own dashes and quotes.
func escapeRoff(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch sign := roffEscape(r); {
		case sign != "":
			b.WriteString(sign)
		case r > unicode.MaxASCII:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// roffEscape gives the roff name of a sign that has a meaning or a typographic form in roff; empty for all others.
func roffEscape(r rune) string {
	switch r {
	case '\\':
		return `\e`
	case '-':
		return `\-`
	case '\'':
		return `\(aq`
	case '`':
		return `\(ga`
	case '^':
		return `\(ha`
	case '~':
		return `\(ti`
	case '"':
		return `\(dq`
	}
	return ""
}

// escapeRoffLines escapes whole lines, where a dot at the beginning would make a line a request.
func escapeRoffLines(text string) string {
	lines := strings.Split(escapeRoff(text), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
