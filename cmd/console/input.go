package console

import (
	"bufio"
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"whopulls/guard"
)

// Input reads a person's lines. Input is read in a goroutine of its own: a read from a terminal can't be
// interrupted, and a signal must end the wait. The goroutine is left behind when the program ends. It reads a
// line when one is wanted and never ahead: what a person typed before a question was printed is no answer to
// it.
type Input struct {
	source io.Reader
	flush  func() // drops what was typed at the terminal and not read; nil: the lines come from elsewhere, and are kept
	wanted chan struct{}
	lines  chan string
}

// NewInput reads from standard input.
func NewInput(s Streams) *Input {
	a := &Input{source: s.In}
	if f, ok := s.In.(*os.File); ok && s.InTerminal {
		a.flush = func() { flushInput(f.Fd()) }
	}
	return a
}

// Prompt puts a question, and gives the line that answers it, trimmed; open is false at the end of the input.
func (a *Input) Prompt(ctx context.Context, notes *Printer, question string) (line string, open bool, err error) {
	if a.flush != nil {
		a.flush()
	}
	notes.prompt(question)
	line, open, err = a.readLine(ctx)
	if err != nil || !open {
		notes.Line()
	}
	return line, open, err
}

// ReadText puts a question, and gives the lines up to one that holds only a dot, or up to the end of the input.
func (a *Input) ReadText(ctx context.Context, notes *Printer, question string) (string, error) {
	var lines []string
	line, open, err := a.Prompt(ctx, notes, question)
	for ; err == nil && open && line != "."; line, open, err = a.readLine(ctx) {
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n"), err
}

func (a *Input) readLine(ctx context.Context) (line string, open bool, err error) {
	if a.lines == nil {
		a.wanted, a.lines = make(chan struct{}, 1), make(chan string)
		guard.Go(a.scanLines)
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

func (a *Input) scanLines() {
	defer close(a.lines)
	for s := bufio.NewScanner(a.source); ; {
		if <-a.wanted; !s.Scan() {
			return
		}
		a.lines <- s.Text()
	}
}

// IsOneOf reports whether an answer is one of these words, in letters of whatever case.
func IsOneOf(answer string, words ...string) bool {
	return slices.Contains(words, strings.ToLower(answer))
}
