package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"al.essio.dev/pkg/shellescape"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/files"
	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// startOptions is a command line of sandbox start, understood.
type startOptions struct {
	world   string
	as      model.Member
	envFile string
	logFile string
	server  sandbox.Options // what needs no further reading
}

func (f startFlags) parse() (startOptions, error) {
	o := startOptions{world: f.world, envFile: f.envFile, logFile: f.logFile, server: f.server}
	if port := f.server.Port; port < 0 || port >= 1<<16 {
		return o, console.UsageError(fmt.Sprintf("--port=%d is no port", port), "a port is between 1 and 65535, or 0 for any free one")
	}
	if err := f.validateFaults(); err != nil {
		return o, err
	}
	if err := options.ValidateWorld(f.world, "--world", "or give a world file (.yaml)"); err != nil {
		return o, err
	}
	if f.as == "" {
		return o, nil
	}
	var err error
	o.as, err = options.ParseCaller(f.as)
	return o, err
}

func (f startFlags) validateFaults() error {
	for _, wait := range []struct {
		flag string
		time time.Duration
	}{{"latency", f.server.Latency}, {"jitter", f.server.Jitter}, {"propagation", f.server.Propagation}} {
		if wait.time < 0 {
			return console.UsageError(fmt.Sprintf("--%s=%s is negative", wait.flag, wait.time), "write it as 50ms or 1s")
		}
	}
	if rate := f.server.FaultRate; !(rate >= 0 && rate <= 1) { // NaN is neither
		return console.UsageError(fmt.Sprintf("--fault-rate=%v is no share of the calls", rate), "it is between 0 (none fails) and 1 (all do), for example 0.1")
	}
	return nil
}

// runSandbox serves until the context ends, which is how this command is meant to end.
func (p *program) runSandbox(ctx context.Context, o startOptions) (err error) {
	served := o.server
	served.Caller = string(o.as)
	log, err := openLog(o.logFile)
	if err != nil {
		return err
	}
	if log != nil {
		defer func() { err = errors.Join(err, log.Close()) }() // after the server, which writes to it
		served.Log = log
	}
	server, err := connect.StartSandbox(served, o.world)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	token, removeToken, err := writeTokenFile(ctx, o.envFile, server.Caller())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeToken()) }()
	if err := p.writeEnv(ctx, o.envFile, server.Env(token)); err != nil {
		return err
	}
	p.printInstructions(server, o)
	<-ctx.Done()
	return nil
}

// openLog opens the file that calls are appended to; nil without a file name. The log says who called what, so only
// its owner may read it.
func openLog(file string) (*os.File, error) {
	if file == "" {
		return nil, nil
	}
	log, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, console.WithHint(fmt.Errorf("the request log can't be written: %w", err), writableFileHint)
	}
	return log, nil
}

func (p *program) writeEnv(ctx context.Context, file, lines string) error {
	if file == "" {
		_, err := io.WriteString(p.io.Out, lines)
		return err
	}
	return writePrivate(ctx, file, lines)
}

// printInstructions says where the sandbox is and what to do next.
func (p *program) printInstructions(server *sandbox.Server, o startOptions) {
	notes := p.io.ErrPrinter()
	notes.Line(console.Text("Sandbox " + o.world + " listens on " + server.Addr() + " and takes callers for " + server.Caller() + "; ctrl+c stops it."))
	if o.envFile == "" {
		notes.Line(console.Text("Run the export lines in another shell, then whopulls or gcloud there. Without them:"))
	} else {
		notes.Line(console.Text("In another shell, for whopulls and gcloud:"))
		notes.Line(console.Text("  . " + shellescape.Quote(absolute(o.envFile))))
		notes.Line(console.Text("Without it:"))
	}
	notes.Line(console.Text("  whopulls --sandbox=" + server.Addr()))
}

// absolute is the path that a shell finds from everywhere, and without a search through PATH.
func absolute(file string) string {
	if path, err := filepath.Abs(file); err == nil {
		return path
	}
	return file
}

// writeTokenFile writes the file that gcloud takes its access token from; the sandbox's tokens are members. It lies next to
// the file of environment lines and stays there like it, else in a folder that remove removes.
func writeTokenFile(ctx context.Context, envFile, caller string) (file string, remove func() error, err error) {
	if envFile != "" {
		file = absolute(envFile) + ".token"
		return file, func() error { return nil }, writePrivate(ctx, file, caller)
	}
	files.SweepScratch()
	folder := files.NewScratch("sandbox")
	if err := folder.Make(); err != nil {
		return "", nil, err
	}
	file = filepath.Join(folder.Path, "token")
	if err := writePrivate(ctx, file, caller); err != nil {
		return "", nil, errors.Join(err, folder.Remove())
	}
	return file, folder.Remove, nil
}

// writePrivate writes a file that a person named, readable by its owner only.
func writePrivate(ctx context.Context, file, content string) error {
	if err := files.Write(ctx, file, content, files.PrivateMode); err != nil {
		return writeError(file, err)
	}
	return nil
}

// writableFileHint is what to do where a file can't be written.
const writableFileHint = "name a file in a folder that is there, and that you may write to"

// writeError names the file that was asked for: nobody knows the draft that the system speaks of.
func writeError(file string, err error) error {
	reason := err
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		reason = path.Err
	case errors.As(err, &link):
		reason = link.Err
	}
	return console.WithHint(&fs.PathError{Op: "write", Path: file, Err: reason}, writableFileHint)
}
