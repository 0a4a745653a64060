package console

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"whopulls/text/signs"

	"github.com/charmbracelet/x/term"
)

// Streams are what a command reads from and writes to, and what is known about the other ends.
type Streams struct {
	In                                   io.Reader
	Out, Err                             io.Writer
	InTerminal, OutTerminal, ErrTerminal bool
	Width                                int  // columns of the terminal at Out; DefaultWidth if Out is not a terminal
	ScreenReader                         bool // a screen reader reads the output
	Lookup                               func(name string) (string, bool)
	Settings                             string // the settings file; empty: no file
	Home                                 string // the user's folder; empty: unknown
	Gcloud                               string // path of the gcloud program; empty: not installed
	Mono                                 bool   // the theme of the settings has no colours
	Signs                                signs.Set
}

const (
	// DefaultWidth is the width of a line when the output is not a terminal.
	DefaultWidth = 80
	// maxWidth limits the lines on a wide terminal: longer ones are hard to read.
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

// lookPath finds a program in the folders of a PATH. It gives an empty text if no folder has the program.
// Relative folders are skipped, and on Windows the working directory is too: anybody may have put a program there.
// Neither such a program nor the files next to it are used.
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

// Env gives the value of a variable; empty if it is not set.
func (s Streams) Env(name string) string {
	value, _ := s.Lookup(name)
	return value
}

// IsDumb reports whether the terminal can't move its cursor.
func (s Streams) IsDumb() bool { return s.Env("TERM") == "dumb" }

// AppendOnly reports whether written lines must stay as they are: no redrawing and no full-screen program.
func (s Streams) AppendOnly() bool { return s.IsDumb() || s.ScreenReader }

// AllowsColour reports whether a stream may have colours. NO_COLOR forbids them, whatever its value (no-color.org).
func (s Streams) AllowsColour(terminal bool) bool {
	_, forbidden := s.Lookup("NO_COLOR")
	return terminal && !forbidden && !s.IsDumb()
}

// OutPrinter prints to standard output, for people.
func (s Streams) OutPrinter() *Printer {
	return &Printer{W: s.Out, Width: s.Width, Colour: s.AllowsColour(s.OutTerminal), screenReader: s.ScreenReader, mono: s.Mono, signs: s.Signs}
}

// ErrPrinter prints to standard error.
func (s Streams) ErrPrinter() *Printer {
	return &Printer{W: s.Err, Width: s.Width, Colour: s.AllowsColour(s.ErrTerminal), screenReader: s.ScreenReader, mono: s.Mono, signs: s.Signs}
}
