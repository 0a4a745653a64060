package cmd

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strings"
)

// answers reads a person's lines. The reading has a goroutine of its own, because a read from a terminal can't be
// interrupted and a signal must end the wait; it is left behind when the program ends.
type answers struct {
	from  io.Reader
	lines chan string
}

// next gives the next line, trimmed; open is false at the end of the input.
func (a *answers) next(ctx context.Context) (line string, open bool, err error) {
	if a.lines == nil {
		a.lines = make(chan string)
		go a.read()
	}
	select {
	case line, open = <-a.lines:
		return strings.TrimSpace(line), open, nil
	case <-ctx.Done():
		return "", true, ctx.Err()
	}
}

func (a *answers) read() {
	defer close(a.lines)
	for s := bufio.NewScanner(a.from); s.Scan(); {
		a.lines <- s.Text()
	}
}

// isWord tells whether an answer is one of these words, in letters of whatever case.
func isWord(answer string, words ...string) bool {
	return slices.Contains(words, strings.ToLower(answer))
}
