package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/sandbox"
	"whopulls/text/cells"
)

const sandboxLong = `A pretend Google Cloud on this machine, which whopulls and gcloud can use like
the real one. It needs no account, and nothing in it can be broken for good.`

func newSandbox(p *program) *cobra.Command {
	c := &cobra.Command{
		Use: "sandbox", Short: "Run a pretend Google Cloud on this machine", Long: sandboxLong,
		Example: "  # what there is to serve, and how\n  whopulls sandbox worlds\n  whopulls sandbox start --help",
		Args:    refuseUnknownCommand, RunE: requireSubcommand,
	}
	c.AddCommand(newSandboxStart(p), newSandboxWorlds(p))
	return c
}

const startLong = `Serves a world on a port of this machine (127.0.0.1) until it is interrupted.

Once it listens, it prints its address to standard error and writes lines for a
POSIX shell that point whopulls and gcloud at it: to FILE with --env-file, else
to standard output.

--fault-rate makes that share of the calls fail: with 429, 503, a broken
connection, or 409 to a setIamPolicy. Nothing was done by a call that failed,
except that some connections break after the work, so that the answer to a
write is lost. Equal calls with the same --seed fail the same way.

--propagation makes a changed policy readable at once but effective later, as
in Google Cloud.

GET /sandbox/log shows the last 10,000 calls, one JSON object in a line;
--log-file appends all of them to a file. Neither has tokens in it.`

const startExample = `  # serve, and use it from another shell
  whopulls sandbox start --env-file=sandbox.env
  . ./sandbox.env
  gcloud artifacts repositories list --project=myproject-b
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob

  # a fixed port, a world of your own, slow answers
  whopulls sandbox start --port=4711 --world=./world.yaml --latency=200ms

  # bad weather, and a log of all calls
  whopulls sandbox start --jitter=1s --fault-rate=0.1 --propagation=5s \
    --seed=7 --log-file=calls.jsonl`

// startFlags are the flags of sandbox start, as typed.
type startFlags struct {
	world, as, envFile, logFile string
	server                      sandbox.Options // what is read as it is
}

func newSandboxStart(p *program) *cobra.Command {
	var f startFlags
	c := &cobra.Command{
		Use: "start", Short: "Serve a world until interrupted", Long: startLong, Example: startExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := options.RefuseEmpty(c.Flags()); err != nil {
				return err
			}
			o, err := f.parse()
			if err != nil {
				return err
			}
			return p.runSandbox(c.Context(), o)
		},
	}
	f.add(c)
	return c
}

func (f *startFlags) add(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.world, "world", options.DefaultWorld, "`WORLD` to serve: a built-in one's name, or a world file")
	s.IntVar(&f.server.Port, "port", 0, "`PORT` to listen on; 0 takes any free one")
	s.StringVar(&f.envFile, "env-file", "", "`FILE` for the lines that point a shell here")
	s.StringVar(&f.logFile, "log-file", "", "`FILE` to append each call to, as a line of JSON")
	s.StringVar(&f.as, "as", "", "`MEMBER` who calls, for example user:dev@example.com; the world's own, when left out")
	s.DurationVar(&f.server.Latency, "latency", 0, "`TIME` that each answer waits, for example 50ms")
	s.DurationVar(&f.server.Jitter, "jitter", 0, "`TIME` up to which each answer waits longer, for example 200ms")
	s.Float64Var(&f.server.FaultRate, "fault-rate", 0, "`SHARE` of the calls that fail, 0 to 1, for example 0.1")
	s.DurationVar(&f.server.Propagation, "propagation", 0, "`TIME` until a changed policy decides, for example 5s")
	s.Int64Var(&f.server.Seed, "seed", 0, "`NUMBER` that the jitter and the faults are drawn from")
}

const worldsLong = `Lists the built-in worlds. With a NAME it prints that one, as the YAML file that
it is: a world of your own begins as a copy. When it is served, an error
in such a file is reported with its line and the keys that are valid there.`

const worldsExample = `  whopulls sandbox worlds

  # a world of your own
  whopulls sandbox worlds article >world.yaml
  whopulls --sandbox=world.yaml`

func newSandboxWorlds(p *program) *cobra.Command {
	var o options.FormatFlag
	c := &cobra.Command{
		Use: "worlds [NAME]", SuggestFor: []string{"list", "ls"}, Short: "List the built-in worlds, or print one", Long: worldsLong,
		Example: worldsExample,
		Args: func(c *cobra.Command, args []string) error {
			return options.RefuseArguments(c, args[min(1, len(args)):])
		},
		RunE: func(c *cobra.Command, args []string) error {
			chosen, err := options.ParseFormat(o.Format, tableFormats)
			switch {
			case err != nil:
				return err
			case len(args) == 0:
				return p.listWorlds(chosen)
			case c.Flags().Changed("format"):
				return console.UsageError("--format is for the list of worlds", "leave it out: a world is printed as the file that it is")
			}
			return p.printWorld(args[0])
		},
	}
	o.AddFormat(c, tableFormats)
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

func (p *program) listWorlds(f options.Format) error {
	d := worldsDocument{Worlds: []worldEntry{}}
	for _, w := range sandbox.Worlds() {
		d.Worlds = append(d.Worlds, worldEntry{w.Name, w.Title})
	}
	return p.writeResult(f, d, func(out *console.Printer) {
		for _, w := range d.Worlds {
			out.Line(console.Strong.Text(cells.Pad(w.Name, len(options.DefaultWorld))), console.Text("  "+w.Title))
		}
	})
}

// printWorld prints a built-in world.
func (p *program) printWorld(name string) error {
	content, ok := sandbox.WorldFile(name)
	if !ok {
		return console.UsageError(fmt.Sprintf("there is no built-in world %q", name),
			append(options.DidYouMean(name, options.WorldNames()), "the built-in worlds are "+strings.Join(options.WorldNames(), ", "))...)
	}
	_, err := p.io.Out.Write(content)
	return err
}
