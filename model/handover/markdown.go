package handover

import (
	"strings"

	"whopulls/model"
)

// markdownSpecial are the characters that Markdown gives a meaning to.
const markdownSpecial = "\\`*_[]<>|~&"

// EscapeMarkdown escapes a text for Markdown and keeps it on one line.
func EscapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range model.OneLine(text) {
		if strings.ContainsRune(markdownSpecial, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// MarkdownCode shows a name as code where it can be, in a table too.
func MarkdownCode(name string) string {
	if name = model.OneLine(name); strings.ContainsAny(name, "`|") || strings.TrimSpace(name) == "" {
		return EscapeMarkdown(name)
	}
	return "`" + name + "`"
}

// MarkdownScript puts the lines of a shell script between more backticks than any of them holds.
func MarkdownScript(script []string) string {
	lines := make([]string, len(script))
	for i, line := range script {
		lines[i] = model.OneLine(line)
	}
	text, fence := strings.Join(lines, "\n"), "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + "sh\n" + text + "\n" + fence
}
