package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is the help of one command, in parts.
type page struct {
	path        string // with the commands above it: whopulls sandbox start
	short       string
	synopsis    []string
	description []block
	exit        string // which code means what; empty if the help doesn't say
	examples    string // without their indent
	flags       *pflag.FlagSet
	parent      string // the path of the command above; empty for the program itself
	commands    []subcommand
}

// subcommand is a command in the list of the one above it.
type subcommand struct{ path, short string }

// block is a paragraph of a description, or lines that stay as they are, or a heading.
type block struct {
	kind blockKind
	text string
}

type blockKind int

const (
	prose blockKind = iota
	verbatim
	heading
)

// pagesOf gives a page for a command and for each command below it, in the order of the help.
func pagesOf(c *cobra.Command) []page {
	pages := []page{pageOf(c)}
	for _, sub := range c.Commands() {
		if isListed(sub) {
			pages = append(pages, pagesOf(sub)...)
		}
	}
	return pages
}

func pageOf(c *cobra.Command) page {
	c.InitDefaultHelpFlag()
	p := page{path: c.CommandPath(), short: c.Short, examples: dedent(c.Example), flags: c.LocalFlags()}
	if c.HasParent() {
		p.parent = c.Parent().CommandPath()
	}
	for _, sub := range c.Commands() {
		if isListed(sub) {
			p.commands = append(p.commands, subcommand{sub.CommandPath(), sub.Short})
		}
	}
	if len(p.commands) == 0 || p.parent == "" { // a group alone does nothing
		p.synopsis = append(p.synopsis, c.UseLine())
	}
	if len(p.commands) > 0 {
		p.synopsis = append(p.synopsis, p.path+" COMMAND")
	}
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	p.description, p.exit = parseHelp(long)
	return p
}

// manName is the name of a command's man page: whopulls-sandbox-start.
func manName(path string) string { return strings.ReplaceAll(path, " ", "-") }

func (p page) manName() string { return manName(p.path) }

// parseHelp splits a long text at its empty lines, and takes out the paragraph about exit codes.
func parseHelp(long string) (blocks []block, exit string) {
	for _, paragraph := range strings.Split(strings.Trim(long, "\n"), "\n\n") {
		paragraph = strings.Trim(paragraph, "\n")
		title, isHeading := strings.CutPrefix(paragraph, "#### ")
		codes, isExit := strings.CutPrefix(paragraph, "Exit code: ")
		switch {
		case paragraph == "":
		case isExit:
			exit = codes
		case isHeading:
			blocks = append(blocks, block{heading, strings.TrimSuffix(title, ":")})
		case isIndented(paragraph):
			blocks = append(blocks, block{verbatim, dedent(paragraph)})
		default:
			blocks = append(blocks, block{prose, paragraph})
		}
	}
	return blocks, exit
}

// isIndented reports whether each line of a text begins with a space or a tab.
func isIndented(text string) bool {
	lines := strings.Split(text, "\n")
	return !slices.ContainsFunc(lines, func(line string) bool { return !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") })
}

// dedent removes the leading spaces or tabs that all lines share.
func dedent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	common := -1
	for _, line := range lines {
		if rest := strings.TrimLeft(line, " \t"); rest != "" && (common < 0 || len(line)-len(rest) < common) {
			common = len(line) - len(rest)
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(common, 0), len(line)):]
	}
	return strings.Join(lines, "\n")
}
