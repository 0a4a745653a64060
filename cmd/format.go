package cmd

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/cmd/console"
)

// format is a value of --format.
type format string

// The formats; a command takes some of them.
const (
	formatTable            format = "table"
	formatText             format = "text"
	formatGcloud           format = "gcloud"
	formatJSON             format = "json"
	formatTerraform        format = "terraform"
	formatMarkdown         format = "markdown"
	formatRequest          format = "request" // plain text
	formatYAML             format = "yaml"
	formatCSV              format = "csv"
	formatHTML             format = "html"
	formatTerraformRemoved format = "terraform-removed" // what to take out of a Terraform configuration
)

// isDocument reports whether the format is one for programs.
func (f format) isDocument() bool { return f == formatJSON || f == formatYAML }

// parseFormat takes one of the formats that a command knows, the first one when none was given. Most commands call what
// is for people a table: where it is text it goes by that name too.
func parseFormat(given string, formats []format) (format, error) {
	if given == "" || (format(given) == formatTable && formats[0] == formatText) {
		return formats[0], nil
	}
	if slices.Contains(formats, format(given)) {
		return format(given), nil
	}
	return "", console.UsageError(fmt.Sprintf("--format=%s is not known here", given),
		append(didYouMean(given, toStrings(formats)), "the formats of this command are "+joinNames(formats))...)
}

// joinNames names values for people: table, json, yaml.
func joinNames[T ~string](values []T) string {
	return strings.Join(toStrings(values), ", ")
}

// requestedFormat finds --format in a command line that may not parse, so that its error too comes in the form asked for.
func requestedFormat(args []string) format {
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
