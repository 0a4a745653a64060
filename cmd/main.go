package cmd

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // conditions name time zones, and not every machine has them

	"github.com/spf13/cobra"
	"google.golang.org/grpc/grpclog"

	"whopulls/cmd/completion"
	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/fall"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/guard"
	"whopulls/settings"
	"whopulls/tui"
	"whopulls/tui/ui"
)

// program is what every command starts from.
type program struct {
	io              console.Streams
	build           Build
	dial            func(ctx context.Context, t options.Target, userAgent string) (cloud, error)
	now             func() time.Time
	activeCountdown *console.Countdown // of the command that runs
	// input are one for the whole command: of what comes through a pipe the next question has the next line.
	input     *console.Input
	adjust    func(*tui.Options) // changes what the app gets, in tests; nil: nothing does
	verbosity string             // of the command that runs; empty: it did not start
	answered  *options.Request   // the last question that was complete, which the menu offers again; nil: none
	// startRefresh completes the same command line again in another process, which has no time left; nil: it is that already.
	startRefresh func(args []string) error
}

// Main runs the command line of this process and gives its exit code.
func Main(b Build) int {
	if code, ran := guard.Monitor(sayCrash); ran {
		return code
	}
	refresh := completion.Starter()
	if refresh == nil {
		lock, locked := completion.Lock()
		if !locked {
			return 0
		}
		defer runtime.KeepAlive(lock)
	}
	if err := silenceLibraries(); err != nil {
		panic(err) // they are names of variables
	}
	ctx, stop := signal.NotifyContext(context.Background(), endingSignals()...)
	context.AfterFunc(ctx, guard.Func(func() {
		signal.Ignore(syscall.SIGHUP) // of a terminal that is closed both the shell and the system send one
		stop()                        // any other second signal ends the process at once
	}))
	streams := console.ProcessStreams()
	streams.Settings = settings.DefaultFile()
	p := &program{io: streams, build: b.withDefaults(), dial: dialCloud, now: time.Now, startRefresh: refresh}
	return p.runGuarded(ctx, os.Args[1:])
}

// runGuarded gives the exit code of one command line, also where a panic ends it.
func (p *program) runGuarded(ctx context.Context, args []string) int {
	direct, out := *p, console.UntilFall(p.io.Out)
	p.io.Out, p.io.Err = out, console.UntilFall(p.io.Err)
	return guard.Run(ctx, guard.Program{
		Version: p.build.Version, Folder: options.StateFolder(), Monitored: true,
		Command: func() string { return direct.commandOf(args).CommandPath() },
		Say: func(f guard.Fall) int {
			asked := options.RequestedFormat(args)
			if out.Written() { // a document is the only thing on standard output, or is not there
				asked = options.FormatTable
			}
			failure := fall.Error(f, options.StateFolder())
			direct.reportError(direct.commandOf(args), failure, asked)
			return failure.Status.Code()
		},
	}, func(ctx context.Context) int { return p.run(ctx, args) })
}

// sayCrash says how the app ended, in the process that watched it.
func sayCrash(command string, f guard.Fall) int {
	p := &program{io: console.ProcessStreams()}
	failure := fall.Error(f, options.StateFolder())
	p.writeError(strings.ReplaceAll(command, " ", "."), failure)
	return failure.Status.Code()
}

// commandOf is the command of a command line, whatever else is wrong with it.
func (p *program) commandOf(args []string) *cobra.Command {
	root := newRoot(p)
	if c, _, err := root.Find(commandFirst(root, args)); err == nil {
		return c
	}
	return root
}

// endingSignals are those that end a command in order: what is under way finishes, and nothing temporary stays behind. A terminal
// that is closed sends the last one, except to a program that nohup started.
func endingSignals() []os.Signal {
	ending := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		ending = append(ending, syscall.SIGHUP)
	}
	return ending
}

// run gives the exit code of one command line.
func (p *program) run(ctx context.Context, args []string) int {
	p.io.Err = console.Serialize(p.io.Err)
	if saved, err := settings.Read(p.io.Settings); err == nil { // the commands that need them report what is wrong there
		p.io.Mono, p.io.Signs = saved.Theme == ui.ThemeMono, saved.ASCII.LineSigns(p.io.Lookup)
	}
	p.input = console.NewInput(p.io)
	root := newRoot(p)
	ordered := openFirst(root, commandFirst(root, args))
	if completion.IsRequest(args) {
		p.completer(args).Register(root)
		ordered = completionFirst(root, args)
	}
	root.SetArgs(append([]string{}, ordered...)) // of nil cobra would make the process's own
	ran, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if ran == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") { // whatever its flags are, it is no command
		err = refuseUnknownCommand(root, args)
	}
	if end := (console.ExitError{}); errors.As(err, &end) {
		return end.Status.Code()
	}
	f := connect.AsUserError(err)
	p.reportError(ran, f, options.RequestedFormat(args))
	return f.Status.Code()
}

// completer completes the command line of the arguments.
func (p *program) completer(args []string) completion.Completer {
	k := completion.Completer{Streams: p.io, Open: func(ctx context.Context, t options.Target) (completion.Cloud, error) {
		return p.dial(ctx, t, p.build.userAgent())
	}}
	if p.startRefresh != nil {
		k.Refresh = func() error { return p.startRefresh(args) }
	}
	return k
}

// reportError reports a failure: on standard error as gcloud does, and as the one document where one was asked for.
func (p *program) reportError(c *cobra.Command, f *console.Error, asked options.Format) {
	if asked.IsDocument() {
		// Where even this can't be written there is nobody left to tell; the exit code remains.
		_ = writeDocument(p.io.Out, asked, view.ErrorDocumentOf(f))
	}
	verbosity := p.verbosity
	if v := c.Flags().Lookup(options.FlagVerbosity); v != nil && verbosity == "" {
		verbosity = v.Value.String()
	}
	if options.HidesErrors(verbosity) {
		return
	}
	p.writeError(strings.ReplaceAll(c.CommandPath(), " ", "."), f)
}

// writeError writes a failure for people, with the command that it ended.
func (p *program) writeError(command string, f *console.Error) {
	notes := p.io.ErrPrinter()
	first, more, _ := strings.Cut(f.Message, "\n") // a world file has a line for each of its faults
	notes.Line(console.Bad.Text("ERROR:"), console.Text(" ("+command+") "+first))
	for line := range strings.Lines(more) {
		notes.Line(console.Text("  " + line))
	}
	for _, hint := range f.Hints {
		notes.Line(console.Text("  " + hint))
	}
}

func (p *program) commandLine(c *cobra.Command) options.CommandLine {
	return options.CommandLine{Streams: p.io, Flags: c.Flags(), Command: c.Name()}
}

// start applies what a command line says about the program itself, also where it is wrong in something else: err.
func (p *program) start(s options.Session, err error) error {
	p.io.ScreenReader, p.verbosity = s.Plain.ScreenReader, s.Verbosity
	return err
}

// loggingVariables make libraries and child programs log whole requests and answers, or the keys that decrypt
// them. Such logs hold the tokens.
var loggingVariables = []string{"GOOGLE_SDK_GO_LOGGING_LEVEL", "GRPC_GO_LOG_SEVERITY_LEVEL", "GRPC_GO_LOG_VERBOSITY_LEVEL", "GRPC_GO_LOG_FORMATTER",
	"GRPC_VERBOSITY", "GRPC_TRACE", "SSLKEYLOGFILE"}

// silenceLibraries takes those switches away before any client exists. Go's HTTP/2 and gRPC read theirs before main runs, so the
// loggers that they write to are silenced too.
func silenceLibraries() error {
	log.SetOutput(io.Discard)
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	var errs []error
	for _, name := range loggingVariables {
		errs = append(errs, os.Unsetenv(name))
	}
	if settings, ok := os.LookupEnv("GODEBUG"); ok {
		errs = append(errs, os.Setenv("GODEBUG", withoutFrameLogging(settings)))
	}
	return errors.Join(errs...)
}

// withoutFrameLogging is GODEBUG without what makes HTTP/2 log its frames.
func withoutFrameLogging(settings string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(settings, ","), func(s string) bool {
		return strings.HasPrefix(strings.TrimSpace(s), "http2debug")
	}), ",")
}
