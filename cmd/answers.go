package cmd

import (
	"bufio"
	"context"
	"io"
	"os"
	"slices"
	"strings"
)

// answers reads a person's lines. The reading has a goroutine of its own, because a read from a terminal can't be
// interrupted and a signal must end the wait; it is left behind when the program ends. It reads a line when one is wanted
// and never ahead: what a person typed before a question was printed is no answer to it.
type answers struct {
	from   io.Reader
	forget func() // drops what was typed at the terminal and not read; nil: the lines come from elsewhere, and are kept
	wanted chan struct{}
	lines  chan string
}

// answersFrom reads from standard input.
func answersFrom(s streams) *answers {
	a := &answers{from: s.In}
	if f, ok := s.In.(*os.File); ok && s.InTerminal {
		a.forget = func() { forgetTyped(f.Fd()) }
	}
	return a
}

// to puts a question, and gives the line that answers it, trimmed; open is false at the end of the input.
func (a *answers) to(ctx context.Context, notes *printer, question string) (line string, open bool, err error) {
	if a.forget != nil {
		a.forget()
	}
	notes.ask(question)
	line, open, err = a.next(ctx)
	if err != nil || !open {
		notes.line()
	}
	return line, open, err
}

func (a *answers) next(ctx context.Context) (line string, open bool, err error) {
	if a.lines == nil {
		a.wanted, a.lines = make(chan struct{}, 1), make(chan string)
		go a.read()
	}
	select {
	case a.wanted <- struct{}{}:
	default: // one is wanted already, or the input has ended
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
	for s := bufio.NewScanner(a.from); ; {
		if <-a.wanted; !s.Scan() {
			return
		}
		a.lines <- s.Text()
	}
}

// isWord tells whether an answer is one of these words, in letters of whatever case.
func isWord(answer string, words ...string) bool {
	return slices.Contains(words, strings.ToLower(answer))
}
