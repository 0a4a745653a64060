package pasted

import "strings"

// shellReader takes a line apart as a POSIX shell does, as far as commands that people paste need it.
type shellReader struct {
	commands [][]string
	words    []string
	word     strings.Builder
	inWord   bool // also after quotes that hold nothing
	skip     bool // the next word is the file of a redirection
}

// splitShell gives the words of each command of a line. A quote that is not closed ends with the line.
func splitShell(line string) [][]string {
	var s shellReader
	for rest := line; rest != ""; {
		rest = rest[s.take(rest):]
	}
	s.endCommand()
	return append(s.commands, nil)[:max(len(s.commands), 1)]
}

// take reads the next piece, and gives its length.
func (s *shellReader) take(rest string) int {
	switch c := rest[0]; {
	case c == '\'' || c == '"':
		return s.takeQuoted(rest)
	case strings.HasPrefix(rest, "$("):
		return s.takeSubstitution(rest)
	case c == '\\' && len(rest) > 1:
		s.add(rest[1:2])
		return 2
	case c == ' ' || c == '\t':
		s.endWord()
	case c == '#' && !s.inWord:
		return len(rest)
	case c == '|' || c == ';' || c == '&':
		s.endCommand()
	case s.startsRedirection(c):
		target := strings.TrimLeft(rest, "<>&0123456789")
		s.word.Reset()
		s.inWord, s.skip = false, !strings.Contains(rest[:len(rest)-len(target)], "&")
		return len(rest) - len(target)
	default:
		s.add(rest[:1])
	}
	return 1
}

// startsRedirection reports whether a sign sends input or output elsewhere. Within a word it marks a placeholder.
func (s *shellReader) startsRedirection(sign byte) bool {
	return (sign == '>' || sign == '<') && strings.Trim(s.word.String(), "0123456789") == ""
}

func (s *shellReader) add(text string) {
	s.word.WriteString(text)
	s.inWord = true
}

// takeQuoted reads what stands in quotes.
func (s *shellReader) takeQuoted(rest string) int {
	end := strings.IndexByte(rest[1:], rest[0])
	if end < 0 {
		s.add(rest[1:])
		return len(rest)
	}
	s.add(rest[1 : end+1])
	return end + 2
}

// takeSubstitution reads $(…), whose blanks end no word.
func (s *shellReader) takeSubstitution(rest string) int {
	depth := 0
	for i, r := range rest {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.add(rest[:i+1])
				return i + 1
			}
		}
	}
	s.add(rest)
	return len(rest)
}

func (s *shellReader) endWord() {
	if s.inWord && !s.skip {
		s.words = append(s.words, s.word.String())
	}
	if s.inWord {
		s.skip = false
	}
	s.word.Reset()
	s.inWord = false
}

func (s *shellReader) endCommand() {
	s.endWord()
	if len(s.words) > 0 {
		s.commands = append(s.commands, s.words)
	}
	s.words, s.skip = nil, false
}
