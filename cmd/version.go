package cmd

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
)

// Build says which build of the program this is. What the linker did not set comes from Go's own build information.
type Build struct {
	Version, Commit, Date, Go string
}

func (b Build) withDefaults() Build {
	if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = cmp.Or(b.Version, info.Main.Version)
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = cmp.Or(b.Commit, s.Value)
			case "vcs.time":
				b.Date = cmp.Or(b.Date, s.Value)
			}
		}
	}
	return Build{Version: cmp.Or(b.Version, "(devel)"), Commit: cmp.Or(b.Commit, view.UnknownValue),
		Date: cmp.Or(b.Date, view.UnknownValue), Go: runtime.Version()}
}

// summary names the build for people.
func (b Build) summary() string { return view.Build(b).Summary() }

// userAgent is how the program names itself to Google Cloud.
func (b Build) userAgent() string { return "whopulls/" + b.Version }

func newVersion(p *program) *cobra.Command {
	var o options.FormatFlag
	formats := []options.Format{options.FormatText, options.FormatJSON, options.FormatYAML}
	c := &cobra.Command{
		Use: "version", Short: "Show the version", Args: options.RefuseArguments,
		Example: "  whopulls version\n  whopulls version --format=json",
		RunE: func(*cobra.Command, []string) error {
			chosen, err := options.ParseFormat(o.Format, formats)
			if err != nil {
				return err
			}
			return p.version(chosen)
		},
	}
	o.AddFormat(c, formats)
	return c
}

func (p *program) version(f options.Format) error {
	return p.writeResult(f, view.Build(p.build), func(out *console.Printer) { out.Line(console.Text(p.build.summary())) })
}
