package cmd

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"whopulls/tui"
)

// program is what every command starts from.
type program struct {
	io    streams
	build Build
	dial  func(ctx context.Context, t target, userAgent string) (cloud, error)
	now   func() time.Time
	waits *countdown // of the command that runs
	// answers are one for the whole command: of what comes through a pipe the next question has the next line.
	answers *answers
	args    []string // of the command line
	// refill completes the same command line again beside this process, which has no time left; nil: it is that already.
	refill func(args []string) error
}

// Main runs the command line of this process and gives its exit code.
func Main(b Build) int {
	if os.Getenv(refilling) != "" {
		lock, alone := refillAlone()
		if !alone {
			return 0
		}
		defer runtime.KeepAlive(lock)
	}
	if err := silence(); err != nil {
		panic(err) // they are names of variables
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := &program{io: processStreams(), build: b.filled(), dial: dialCloud, now: time.Now, refill: refiller()}
	return p.run(ctx, os.Args[1:])
}

// run gives the exit code of one command line.
func (p *program) run(ctx context.Context, args []string) int {
	p.io.Err = &whole{w: p.io.Err}
	if kept, err := readSettings(p.io.Settings); err == nil { // what is wrong there is told by the commands that need it
		p.io.Mono = kept.theme == tui.ThemeMono
	}
	p.answers, p.args = answersFrom(p.io), args
	root := newRoot(p)
	if isCompleting(args) {
		p.completeWords(root)
	}
	root.SetArgs(append([]string{}, args...)) // of nil cobra would make the process's own
	ran, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if ran == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") { // whatever its flags are, it is no command
		err = knownCommand(root, args)
	}
	if end := (ending{}); errors.As(err, &end) {
		return exitCodes[end.status]
	}
	f := failureOf(err)
	p.report(ran, f, askedFormat(args))
	return exitCodes[f.status]
}

// report tells of a failure: on standard error as gcloud does, and as the one document where one was asked for.
func (p *program) report(c *cobra.Command, f *failure, asked format) {
	if asked.document() {
		// Where even this can't be written there is nobody left to tell; the exit code remains.
		_ = writeDocument(p.io.Out, asked, documentOf(f))
	}
	if v := c.Flags().Lookup(flagVerbosity); v != nil && mute(v.Value.String()) {
		return
	}
	notes := p.io.notes()
	first, more, _ := strings.Cut(f.message, "\n") // a world file has a line for each of its faults
	notes.line(span{bad, "ERROR:"}, text(" ("+strings.ReplaceAll(c.CommandPath(), " ", ".")+") "+first))
	for line := range strings.Lines(more) {
		notes.line(text("  " + line))
	}
	for _, hint := range f.hints {
		notes.line(text("  " + hint))
	}
}

// mute tells whether --verbosity silences errors, and terse whether it silences what is not an error, as in gcloud.
func mute(verbosity string) bool { return verbosity == "critical" || verbosity == "none" }

func terse(verbosity string) bool { return mute(verbosity) || verbosity == "error" }
