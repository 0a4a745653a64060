package main

import (
	"os"
	"strings"
)

// words splits a line as testscript does: at spaces, outside single quotes, where two quotes are one. Outside of quotes it
// expands variables first, and a # begins a comment.
func (s *script) words(line string) []string {
	w := splitter{}
	for quoted := false; ; quoted = !quoted {
		part, after, found := strings.Cut(line, "'")
		switch {
		case quoted:
			w.word.WriteString(part)
			for strings.HasPrefix(after, "'") { // two quotes are one
				part, after, found = strings.Cut(after[1:], "'")
				w.word.WriteString("'" + part)
			}
		default:
			if comment := w.comment(part); comment >= 0 {
				part, found = part[:comment], false
			}
			w.split(os.Expand(part, s.value))
		}
		if !found {
			w.end()
			return w.words
		}
		w.started = true
		line = after
	}
}

// splitter collects words.
type splitter struct {
	words   []string
	word    strings.Builder
	started bool // even an empty word in quotes is one
}

// comment gives where a comment begins in an unquoted part; -1 where none does.
func (w *splitter) comment(part string) int {
	at := strings.Index(part, "#")
	if at == 0 && w.started || at > 0 && !isSpace(rune(part[at-1])) {
		return -1
	}
	return at
}

// split adds an unquoted part.
func (w *splitter) split(part string) {
	for _, r := range part {
		if isSpace(r) {
			w.end()
			continue
		}
		w.word.WriteRune(r)
		w.started = true
	}
}

// end ends the current word.
func (w *splitter) end() {
	if w.started {
		w.words = append(w.words, w.word.String())
	}
	w.word.Reset()
	w.started = false
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' }
