package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
)

const rootLong = `whopulls answers one question: may a Cloud Run workload in one project run an
image that lives in another? It shows who deploys, who pulls and who runs, with
the binding that proves each line, and walks through granting what is missing.

Without a command it opens full screen. A command does each thing that it does
there. In plain mode (--accessible, ACCESSIBLE=1, gcloud's property
accessibility/screen_reader, or TERM=dumb) it is a numbered menu instead.`

const rootExample = `  # pick a project and a workload, see who pulls, grant what is missing
  whopulls

  # open on the map at once
  whopulls --project=myproject-a --region=asia-northeast1 --job=myjob

  # open on what was copied: an image, a link to the console, an error ...
  whopulls open 'https://console.cloud.google.com/run?project=myproject-a'

  # the same question from a script; see the exit code
  whopulls check --project=myproject-a --region=asia-northeast1 --job=myjob

  # try it without an account, in a pretend Google Cloud
  whopulls --sandbox`

// rootOptions are the flags of whopulls without a command.
type rootOptions struct {
	options.QuestionFlags
	options.CloudFlags
	version bool // cobra's
}

func (o *rootOptions) add(c *cobra.Command) {
	o.AddQuestion(c)
	o.AddCloud(c)
	c.Flags().BoolVarP(&o.version, "version", "v", false, "show the version")
}

func (o *rootOptions) parse(in options.CommandLine) (options.Request, error) {
	return o.Request(in, o.CloudFlags, options.DiagnosisFlags{}, options.PlanFlags{}, []options.Format{options.FormatTable})
}

func newRoot(p *program) *cobra.Command {
	var o rootOptions
	root := &cobra.Command{
		Use: "whopulls", Short: "See and grant what Cloud Run needs to run an image from another project",
		Long: rootLong, Example: rootExample,
		Args: refuseUnknownCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			return p.runApp(c.Context(), r, o.QuestionFlags)
		},
		SilenceErrors: true, SilenceUsage: true,
	}
	o.add(root)
	root.Version = p.build.summary() // what it shows
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(p.io.In)
	root.SetOut(p.io.Out)
	root.SetErr(p.io.Err)
	root.SetFlagErrorFunc(options.FlagError)
	root.SetUsageFunc(func(c *cobra.Command) error { return writeUsage(c.OutOrStdout(), c) })
	root.AddCommand(newCheck(p), newPlan(p), newGrant(p), newExplain(p), newOpen(p), newHistory(p), newUndo(p), newInfo(p), newAccessibility(p), newSandbox(p), newStale(p), newVersion(p))
	root.SetHelpCommand(newHelp(root))
	root.InitDefaultCompletionCmd()
	if c, _, err := root.Find([]string{"completion"}); err == nil {
		c.Args, c.RunE, c.Run = refuseUnknownCommand, requireSubcommand, nil
		for _, shell := range c.Commands() {
			shell.Args = options.RefuseArguments
		}
		c.Example = "  # projects, workloads and images at the tab key, in this shell\n  . <(whopulls completion bash)"
	}
	return root
}

// refuseUnknownCommand refuses what is not a command of c, and names those that look alike.
func refuseUnknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if f := c.Flags().Lookup(options.FlagSandbox); f != nil && f.Changed {
		return options.RefuseArguments(c, args)
	}
	f := console.UsageError(fmt.Sprintf("unknown command %q", args[0]))
	f.Hints = append(options.CommandsLike(c, args[0]), c.CommandPath()+" --help lists the commands")
	return f
}

// requireSubcommand is the run of a command that only holds others.
func requireSubcommand(c *cobra.Command, _ []string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return console.UsageError("a command is missing", "it is one of "+strings.Join(names, ", "), options.HelpHint(c))
}

// commandFirst puts flags that stand before a command behind it, as gcloud takes them: whopulls --sandbox stale list is
// whopulls stale list --sandbox. The command then judges whether it has them. Where the words name no command, nothing moves.
func commandFirst(root *cobra.Command, args []string) []string {
	root.InitDefaultHelpCmd()
	needsValue := map[string]bool{}
	noteFlags(root, needsValue)
	var words, flags []string
	command, rest := root, args
	for len(rest) > 0 && rest[0] != "--" {
		if strings.HasPrefix(rest[0], "-") && rest[0] != "-" {
			n := 1
			if needsValue[rest[0]] { // written apart from it
				n = min(2, len(rest))
			}
			flags, rest = append(flags, rest[:n]...), rest[n:]
			continue
		}
		sub := subcommand(command, rest[0])
		if sub == nil {
			break
		}
		command, words, rest = sub, append(words, rest[0]), rest[1:]
	}
	switch {
	case len(words) == 0:
		return args
	case slices.Contains(flags, "--help") || slices.Contains(flags, "-h"):
		return append(words, "--help")
	case command.HasSubCommands(), command.Name() == "help": // they run nothing that a flag could change
		return append(words, rest...)
	}
	return slices.Concat(words, flags, rest)
}

// noteFlags notes of every flag of a command and those below it whether it needs a value, by how it is typed: --name.
func noteFlags(c *cobra.Command, needsValue map[string]bool) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		needsValue["--"+f.Name] = f.NoOptDefVal == ""
		if f.Shorthand != "" {
			needsValue["-"+f.Shorthand] = f.NoOptDefVal == ""
		}
	})
	for _, sub := range c.Commands() {
		noteFlags(sub, needsValue)
	}
}

// subcommand finds a command by its name; nil if there is no such command.
func subcommand(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name {
			return sub
		}
	}
	return nil
}

// completionFirst does the same for the shell's question. Its last word is being typed and stays where it is.
func completionFirst(root *cobra.Command, args []string) []string {
	if len(args) < 2 {
		return args
	}
	last := len(args) - 1
	return slices.Concat(args[:1], commandFirst(root, args[1:last]), args[last:])
}
