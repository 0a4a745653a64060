package cmd

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/text/cells"
)

// newHelp is cobra's help command, except that an unknown topic is an error.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show help about a command",
		Example: "  whopulls help check\n  whopulls help sandbox start",
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeTopics(root, args, typed), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil {
				return refuseUnknownCommand(root, args)
			}
			if len(rest) > 0 {
				return refuseUnknownCommand(c, rest)
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// completeTopics are the commands that may come next.
func completeTopics(root *cobra.Command, args []string, typed string) (all []cobra.Completion) {
	c, rest, err := root.Find(args)
	if err != nil || len(rest) > 0 {
		return nil
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && strings.HasPrefix(sub.Name(), typed) {
			all = append(all, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	return all
}

// optionalValue is how the flag parser writes a flag whose value may be left out.
var optionalValue = regexp.MustCompile(`(--[\w-]+) ([A-Z]+)\[="[^"]*"\]`)

// FlagUsages lists flags; a value that may be left out is written as it is typed, --sandbox[=WORLD], in the same columns.
func FlagUsages(flags *pflag.FlagSet, width int) string {
	return optionalValue.ReplaceAllStringFunc(flags.FlagUsagesWrapped(width), func(raw string) string {
		return cells.Pad(optionalValue.ReplaceAllString(raw, "$1[=$2]"), len(raw))
	})
}

// helpWidth fits the help into the narrowest usual terminal, and the same everywhere: the reference is made from it.
const helpWidth = 80

// writeUsage writes what follows a command's description in its help.
func writeUsage(w io.Writer, c *cobra.Command) error {
	var b strings.Builder
	b.WriteString("Usage:\n")
	if !c.HasAvailableSubCommands() || !c.HasParent() { // a group alone does nothing
		fmt.Fprintf(&b, "  %s\n", c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND\n\nCommands:\n", c.CommandPath())
		b.WriteString(commandLines(c))
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", c.Example)
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(&b, "\nFlags:\n%s", FlagUsages(c.LocalFlags(), helpWidth))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s COMMAND --help tells more about a command.\n", c.CommandPath())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Commands gives the commands as they run, for the reference and the man pages that are made from them.
func Commands() *cobra.Command {
	root := newRoot(&program{})
	root.InitDefaultHelpCmd()
	return root
}

// commandLines lists the commands of a group, a line each, with what they do in one column.
func commandLines(c *cobra.Command) string {
	var lines strings.Builder
	shown := slices.DeleteFunc(slices.Clone(c.Commands()), func(sub *cobra.Command) bool {
		return !sub.IsAvailableCommand() && sub.Name() != "help"
	})
	longest := 0
	for _, sub := range shown {
		longest = max(longest, len(sub.Name()))
	}
	for _, sub := range shown {
		fmt.Fprintf(&lines, "  %s  %s\n", cells.Pad(sub.Name(), longest), sub.Short)
	}
	return lines.String()
}
