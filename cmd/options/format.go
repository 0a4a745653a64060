package options

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/cmd/console"
)

// Format is a value of --format.
type Format string

// The formats; a command takes some of them.
const (
	FormatTable            Format = "table"
	FormatText             Format = "text"
	FormatGcloud           Format = "gcloud"
	FormatJSON             Format = "json"
	FormatTerraform        Format = "terraform"
	FormatMarkdown         Format = "markdown"
	FormatRequest          Format = "request" // plain text
	FormatYAML             Format = "yaml"
	FormatCSV              Format = "csv"
	FormatHTML             Format = "html"
	FormatSVG              Format = "svg"               // the access map as a picture that stands on its own
	FormatMermaid          Format = "mermaid"           // the access map for Markdown
	FormatTerraformRemoved Format = "terraform-removed" // what to take out of a Terraform configuration
)

// IsDocument reports whether the format is one for programs.
func (f Format) IsDocument() bool { return f == FormatJSON || f == FormatYAML }

// ParseFormat takes one of the formats that a command knows, the first one when none was given. Most commands call what
// is for people a table: where it is text it goes by that name too.
func ParseFormat(given string, formats []Format) (Format, error) {
	if given == "" || (Format(given) == FormatTable && formats[0] == FormatText) {
		return formats[0], nil
	}
	if slices.Contains(formats, Format(given)) {
		return Format(given), nil
	}
	return "", console.UsageError(fmt.Sprintf("--format=%s is not known here", given),
		append(DidYouMean(given, ToStrings(formats)), "the formats of this command are "+JoinNames(formats))...)
}

// JoinNames names values for people: table, json, yaml.
func JoinNames[T ~string](values []T) string {
	return strings.Join(ToStrings(values), ", ")
}

// RequestedFormat finds --format in a command line that may not parse, so that its error too comes in the form asked for.
func RequestedFormat(args []string) Format {
	asked := FormatTable
	for i, arg := range args {
		if arg == "--" {
			break
		}
		value, ok := strings.CutPrefix(arg, "--format=")
		if arg == "--format" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok {
			asked = Format(value)
		}
	}
	return asked
}
