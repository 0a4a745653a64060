package cmd

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/files"
	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/report"
	"whopulls/tui/registry"
)

// staleFormats are those of stale list: three of them are reports for people who were not there.
var staleFormats = []options.Format{options.FormatTable, options.FormatJSON, options.FormatYAML, options.FormatCSV, options.FormatMarkdown, options.FormatHTML, options.FormatTerraformRemoved}

// staleReport is what was found with who asked where, and when. A cloud without a name is Google's.
func staleReport(cloudName string, caller model.Fact[model.Member], scope model.Resource, levels []model.Ancestor, s model.Situation, list model.StaleList) report.Stale {
	account := "not known"
	if caller.Read() {
		account = console.MemberName(caller.Value)
	}
	return report.Stale{Scope: scope, Levels: levels, At: s.Time, CloudName: cmp.Or(cloudName, "Google Cloud"), Account: account, List: list, IndexNote: indexText(s.Time, list)}
}

// renderRegistry gives what the app's registry found in a format of stale list, as that prints it.
func (p *program) renderRegistry(format string, r registry.Report) (string, error) {
	var content bytes.Buffer
	into := *p
	into.io.Out, into.io.Err, into.io.OutTerminal = &content, io.Discard, false
	asked := staleListRequest{}
	asked.Format = options.Format(format)
	err := into.writeStale(asked, staleReport(r.CloudName, r.Caller, r.Question.Scope, r.Levels, r.Situation, r.List))
	return content.String(), err
}

// statusFilterText say which statuses are shown and counted.
func statusFilterText(statuses []model.StaleStatus) string {
	if len(statuses) == 0 {
		return ""
	}
	return "Of all bindings those that are " + options.JoinNames(statuses) + " are shown and counted, and no others."
}

// indexText say how old the index is, and what it does not tell.
func indexText(now time.Time, list model.StaleList) string {
	if list.Indexed == nil {
		return ""
	}
	words := "The bindings are those of agents, of deleted members and for everybody in Cloud Asset Inventory as of " + list.Indexed.UTC().Format(time.DateTime) + " UTC"
	if age := now.Sub(*list.Indexed).Round(time.Minute); age >= time.Minute {
		words += fmt.Sprintf(", %s ago", strings.TrimSuffix(age.String(), "0s"))
	}
	words += "; what changed shortly before may be missing."
	for _, note := range list.Notes {
		words += " " + strings.ToUpper(note[:1]) + note[1:] + "."
	}
	return words
}

// writeStale writes the list in the format that was asked for.
func (p *program) writeStale(r staleListRequest, found report.Stale) error {
	switch r.Format {
	case options.FormatJSON:
		return view.StaleJSON(p.io.Out, found.List.WithCounts())
	case options.FormatCSV: // it has no row for what could not be listed
		if len(found.List.Gaps) > 0 {
			p.warnUnlisted(found.List.Gaps, found.Levels)
		}
		return found.CSV(p.io.Out)
	case options.FormatMarkdown:
		return found.Markdown(p.io.Out)
	case options.FormatHTML:
		return found.HTML(p.io.Out)
	case options.FormatTerraformRemoved:
		return found.TerraformRemoved(p.io.Out, r.terraform)
	}
	return p.writeResult(r.Format, found.List.WithCounts(), func(out *console.Printer) { view.Stale(out, found) })
}

const flagTerraformState = "terraform-state"

func (o *staleListOptions) addTerraformState(c *cobra.Command) {
	c.Flags().StringVar(&o.terraformState, flagTerraformState, "", "`FILE` with what terraform show -json or terraform state pull printed, - for standard input: where --format="+string(options.FormatTerraformRemoved)+" finds addresses")
}

// readTerraformState reads the state that is to be searched; nil if none was given. What can't be read is an
// error before anybody is asked anything.
func (p *program) readTerraformState(file string, f options.Format) (*handover.TerraformState, error) {
	const next = "write it again: terraform show -json >state.json"
	switch {
	case file == "":
		return nil, nil
	case f != options.FormatTerraformRemoved:
		return nil, console.UsageError("--"+flagTerraformState+" is for --format="+string(options.FormatTerraformRemoved)+" alone", "add --format="+string(options.FormatTerraformRemoved)+", or leave it out")
	}
	data, err := p.readStateFile(file)
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	if err != nil {
		return nil, console.UsageError("the state "+file+" can't be read: "+err.Error(), next)
	}
	state, err := handover.ParseTerraformState(data)
	if err != nil {
		return nil, console.UsageError("the state "+file+" can't be used: "+err.Error(), next, "or: terraform state pull >state.json")
	}
	return &state, nil
}

// maxState is more than the states of Terraform come to.
const maxState = 256 << 20

func (p *program) readStateFile(file string) ([]byte, error) {
	if file == "-" {
		return files.ReadFrom(p.io.In, file, maxState)
	}
	return files.Read(file, maxState)
}
