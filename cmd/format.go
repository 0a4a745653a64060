package cmd

import (
	"fmt"
	"slices"
	"strings"
)

// format is a value of --format.
type format string

// The formats; a command takes some of them.
const (
	formatTable     format = "table"
	formatText      format = "text"
	formatGcloud    format = "gcloud"
	formatJSON      format = "json"
	formatTerraform format = "terraform"
	formatMarkdown  format = "markdown"
	formatRequest   format = "request" // plain text
	formatYAML      format = "yaml"
	formatCSV       format = "csv"
	formatHTML      format = "html"
	formatRemoved   format = "terraform-removed" // what to take out of a Terraform configuration
)

// document tells whether the format is one for programs.
func (f format) document() bool { return f == formatJSON || f == formatYAML }

// parseFormat takes one of the formats that a command knows, the first one when none was given. Most commands call what
// is for people a table: where it is text it goes by that name too.
func parseFormat(given string, known []format) (format, error) {
	if given == "" || (format(given) == formatTable && known[0] == formatText) {
		return known[0], nil
	}
	if slices.Contains(known, format(given)) {
		return format(given), nil
	}
	return "", usage(fmt.Sprintf("--format=%s is not known here", given),
		append(alike(given, stringsOf(known)), "the formats of this command are "+listOf(known))...)
}

// listOf names values for people: table, json, yaml.
func listOf[T ~string](values []T) string {
	return strings.Join(stringsOf(values), ", ")
}

// askedFormat finds --format in a command line that may not parse, so that its error too comes in the form asked for.
func askedFormat(args []string) format {
	asked := formatTable
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, ok := strings.CutPrefix(arg, "--format=")
		if arg == "--format" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok {
			asked = format(value)
		}
	}
	return asked
}
