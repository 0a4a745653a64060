package model

import "strings"

// special are the characters that Markdown gives a meaning to.
const special = "\\`*_[]<>|~&"

// Marked escapes a text for Markdown and keeps it on one line.
func Marked(words string) string {
	var b strings.Builder
	for _, r := range OneLine(words) {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// MarkedName shows a name as code where it can be, in a table too.
func MarkedName(name string) string {
	if name = OneLine(name); strings.ContainsAny(name, "`|") || strings.TrimSpace(name) == "" {
		return Marked(name)
	}
	return "`" + name + "`"
}

// MarkedScript puts the lines of a shell script between more backticks than any of them holds.
func MarkedScript(script []string) string {
	lines := make([]string, len(script))
	for i, line := range script {
		lines[i] = OneLine(line)
	}
	text, fence := strings.Join(lines, "\n"), "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "sh\n" + text + "\n" + fence
}
