package handover

import (
	"strings"

	"whopulls/text"
)

// markdownSpecial are the characters that Markdown gives a meaning to.
const markdownSpecial = "\\`*_[]<>|~&"

// EscapeMarkdown makes a text safe for Markdown, on one line.
func EscapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range text.Clean(s) {
		if strings.ContainsRune(markdownSpecial, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// MarkdownCode shows a name as code where it can be, in a table too.
func MarkdownCode(name string) string {
	if name = text.Clean(name); strings.ContainsAny(name, "`|") || strings.TrimSpace(name) == "" {
		return EscapeMarkdown(name)
	}
	return "`" + name + "`"
}

// MarkdownScript puts the lines of a shell script between more backticks than any of them holds.
func MarkdownScript(script []string) string {
	lines := make([]string, len(script))
	for i, line := range script {
		lines[i] = text.Clean(line)
	}
	body, fence := strings.Join(lines, "\n"), "```"
	for strings.Contains(body, fence) {
		fence += "`"
	}
	return fence + "sh\n" + body + "\n" + fence
}
