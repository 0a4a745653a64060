package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"al.essio.dev/pkg/shellescape"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// startOptions is a command line of sandbox start, understood.
type startOptions struct {
	world   string
	as      model.Member
	envFile string
	port    int
	latency time.Duration
}

func (f startFlags) options() (startOptions, error) {
	o := startOptions{world: f.world, envFile: f.envFile, port: f.port, latency: f.latency}
	if f.port < 0 || f.port >= 1<<16 {
		return o, usage(fmt.Sprintf("--port=%d is no port", f.port), "a port is between 1 and 65535, or 0 for any free one")
	}
	if f.latency < 0 {
		return o, usage(fmt.Sprintf("--latency=%s is negative", f.latency), "write it as 50ms or 1s")
	}
	if err := checkWorld(f.world, "--world"); err != nil {
		return o, err
	}
	if f.as == "" {
		return o, nil
	}
	var err error
	o.as, err = parseCaller(f.as)
	return o, err
}

// start serves until the context ends, which is how this command is meant to end.
func (p *program) start(ctx context.Context, o startOptions) (err error) {
	server, err := startWorld(sandbox.Options{As: string(o.as), Port: o.port, Latency: o.latency}, o.world)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	token, forget, err := tokenFile(o.envFile, server.Caller())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	if err := p.writeEnv(o.envFile, server.Env(token)); err != nil {
		return err
	}
	p.introduce(server, o)
	<-ctx.Done()
	return nil
}

func (p *program) writeEnv(file, lines string) error {
	if file == "" {
		_, err := io.WriteString(p.io.Out, lines)
		return err
	}
	return writeWhole(file, lines)
}

// introduce says where the sandbox is and what to do next.
func (p *program) introduce(server *sandbox.Server, o startOptions) {
	notes := p.io.notes()
	notes.line(text("Sandbox " + o.world + " listens on " + server.Addr() + " and takes callers for " + server.Caller() + "; ctrl+c stops it."))
	if o.envFile == "" {
		notes.line(text("Run the export lines in another shell, then whopulls or gcloud there. Without them:"))
	} else {
		notes.line(text("In another shell, for whopulls and gcloud:"))
		notes.line(text("  . " + shellescape.Quote(absolute(o.envFile))))
		notes.line(text("Without it:"))
	}
	notes.line(text("  whopulls --sandbox=" + server.Addr()))
}

// absolute is the path that a shell finds from everywhere, and without a search through PATH.
func absolute(file string) string {
	if path, err := filepath.Abs(file); err == nil {
		return path
	}
	return file
}

// tokenFile writes the file that gcloud takes its access token from; the sandbox's tokens are members. It lies beside
// the file of environment lines and stays there like it, else in a folder that forget removes.
func tokenFile(envFile, caller string) (file string, forget func() error, err error) {
	if envFile != "" {
		file = absolute(envFile) + ".token"
		return file, func() error { return nil }, writeWhole(file, caller)
	}
	folder, err := os.MkdirTemp("", "whopulls-sandbox-")
	if err != nil {
		return "", nil, err
	}
	file = filepath.Join(folder, "token")
	return file, func() error { return os.RemoveAll(folder) }, writeWhole(file, caller)
}

// writeWhole puts a file in place at once, readable by its owner only: whoever waits for it finds all of it.
func writeWhole(file, content string) (err error) {
	draft, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-") // made with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	_, err = draft.WriteString(content)
	if err = errors.Join(err, draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), file)
}
