package cmd

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"whopulls/gcp/sandbox"
)

const sandboxLong = `A pretend Google Cloud on this machine, which whopulls and gcloud can use like
the real one. It needs no account, and nothing in it can be broken for good.`

func newSandbox(p *program) *cobra.Command {
	c := &cobra.Command{
		Use: "sandbox", Short: "Run a pretend Google Cloud on this machine", Long: sandboxLong,
		Args: knownCommand, RunE: group, SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(newSandboxStart(p), newSandboxWorlds(p))
	return c
}

const startLong = `Serves a world on a port of this machine (127.0.0.1) until it is interrupted.

When it listens it says its address on standard error and writes lines for a
POSIX shell that point whopulls and gcloud at it: to FILE with --env-file, else
to standard output.`

const startExample = `  # serve, and use it from another shell
  whopulls sandbox start --env-file=sandbox.env
  . ./sandbox.env
  gcloud artifacts repositories list --project=myproject-b
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob

  # a fixed port, a world of your own, slow answers
  whopulls sandbox start --port=4711 --world=./world.yaml --latency=200ms`

// startFlags are the flags of sandbox start, as typed.
type startFlags struct {
	world, as, envFile string
	port               int
	latency            time.Duration
}

func newSandboxStart(p *program) *cobra.Command {
	var f startFlags
	c := &cobra.Command{
		Use: "start", Short: "Serve a world until interrupted", Long: startLong, Example: startExample, Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := refuseEmpty(c.Flags()); err != nil {
				return err
			}
			o, err := f.options()
			if err != nil {
				return err
			}
			return p.start(c.Context(), o)
		},
	}
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.world, "world", defaultWorld, "`WORLD` to serve: a built-in one's name, or a world file")
	s.IntVar(&f.port, "port", 0, "`PORT` to listen on; 0 takes any free one")
	s.StringVar(&f.envFile, "env-file", "", "`FILE` for the lines that point a shell here")
	s.StringVar(&f.as, "as", "", "`MEMBER` who calls, for example user:dev@example.com; the world's own, when left out")
	s.DurationVar(&f.latency, "latency", 0, "`TIME` that each answer waits, for example 50ms")
	complete(c, "world", worldNames())
	return c
}

func newSandboxWorlds(p *program) *cobra.Command {
	var given string
	c := &cobra.Command{
		Use: "worlds", Short: "List the built-in worlds", Args: noArguments,
		Example: "  whopulls sandbox worlds",
		RunE: func(*cobra.Command, []string) error {
			f, err := parseFormat(given, tableFormats)
			if err != nil {
				return err
			}
			return p.worlds(f)
		},
	}
	c.Flags().StringVar(&given, "format", string(tableFormats[0]), "`FORMAT` of the result: "+listOf(tableFormats))
	complete(c, "format", tableFormats)
	return c
}

// worldsDocument is what sandbox worlds says to programs.
type worldsDocument struct {
	Worlds []worldEntry `json:"worlds"`
}

type worldEntry struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

func (p *program) worlds(f format) error {
	d := worldsDocument{Worlds: []worldEntry{}}
	for _, w := range sandbox.Worlds() {
		d.Worlds = append(d.Worlds, worldEntry{w.Name, w.Title})
	}
	if f.document() {
		return writeDocument(p.io.Out, f, d)
	}
	out := p.io.result()
	for _, w := range d.Worlds {
		out.line(span{strong, pad(w.Name, len(defaultWorld))}, text(fmt.Sprintf("  %s", w.Title)))
	}
	return out.err
}
