package console

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/charmbracelet/x/term"
)

// Streams is where a command reads and writes, and what the other ends are.
type Streams struct {
	In                                   io.Reader
	Out, Err                             io.Writer
	InTerminal, OutTerminal, ErrTerminal bool
	Width                                int  // columns of the terminal at Out, DefaultWidth where there is none
	ScreenReader                         bool // what is written will be: accessibility/screen_reader of gcloud
	Lookup                               func(name string) (string, bool)
	Settings                             string // the file; empty: none
	Home                                 string // the user's folder; empty: unknown
	Gcloud                               string // the program; empty: there is none
	Mono                                 bool   // the theme of the settings has no colours
}

const (
	// DefaultWidth is the width of a line where no terminal says one.
	DefaultWidth = 80
	// Lines longer than this are hard to read on however wide a terminal.
	maxWidth = 100
)

// ProcessStreams are the streams of this process.
func ProcessStreams() Streams {
	s := Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Width: DefaultWidth, Lookup: os.LookupEnv}
	s.Home, _ = os.UserHomeDir() // without one, gcloud's folder must be named
	s.Gcloud = lookPath("gcloud", os.Getenv("PATH"))
	s.InTerminal = term.IsTerminal(os.Stdin.Fd())
	s.OutTerminal = term.IsTerminal(os.Stdout.Fd())
	s.ErrTerminal = term.IsTerminal(os.Stderr.Fd())
	if width, _, err := term.GetSize(os.Stdout.Fd()); err == nil && width > 0 {
		s.Width = min(width, maxWidth)
	}
	return s
}

// lookPath finds a program in the folders of a PATH, empty where it is in none: without gcloud there are other ways to sign
// in. What a relative folder leads to, and on Windows the working directory, is anybody's: it is not run, and what lies
// next to it is not read.
func lookPath(program, path string) string {
	for _, folder := range filepath.SplitList(path) {
		if !filepath.IsAbs(folder) {
			continue
		}
		if found, err := exec.LookPath(filepath.Join(folder, program)); err == nil {
			return found
		}
	}
	return ""
}

// Env gives a variable, empty when it is not set.
func (s Streams) Env(name string) string {
	value, _ := s.Lookup(name)
	return value
}

// IsDumb reports whether the terminal can't move its cursor.
func (s Streams) IsDumb() bool { return s.Env("TERM") == "dumb" }

// AppendOnly reports whether a line that was written must stay as it is: no redrawing and no whole screen.
func (s Streams) AppendOnly() bool { return s.IsDumb() || s.ScreenReader }

// AllowsColour reports whether a stream may carry colour: NO_COLOR forbids it whatever its value (no-color.org).
func (s Streams) AllowsColour(terminal bool) bool {
	_, forbidden := s.Lookup("NO_COLOR")
	return terminal && !forbidden && !s.IsDumb()
}

// OutPrinter prints to standard output, for people.
func (s Streams) OutPrinter() *Printer {
	return &Printer{W: s.Out, Width: s.Width, Colour: s.AllowsColour(s.OutTerminal), screenReader: s.ScreenReader, mono: s.Mono}
}

// ErrPrinter prints to standard error.
func (s Streams) ErrPrinter() *Printer {
	return &Printer{W: s.Err, Width: s.Width, Colour: s.AllowsColour(s.ErrTerminal), screenReader: s.ScreenReader, mono: s.Mono}
}
