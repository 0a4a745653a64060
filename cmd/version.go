package cmd

import (
	"cmp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
)

// Build says which build of the program this is. What the linker did not set comes from Go's own build information.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
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
	return Build{Version: cmp.Or(b.Version, "(devel)"), Commit: cmp.Or(b.Commit, unknownValue),
		Date: cmp.Or(b.Date, unknownValue), Go: runtime.Version()}
}

const unknownValue = "unknown"

// summary names the build for people, by what is known of it.
func (b Build) summary() string {
	known := slices.DeleteFunc([]string{b.Commit, b.Date, b.Go}, func(part string) bool { return part == unknownValue })
	return "whopulls " + b.Version + " (" + strings.Join(known, ", ") + ")"
}

// userAgent is how the program names itself to Google Cloud.
func (b Build) userAgent() string { return "whopulls/" + b.Version }

func newVersion(p *program) *cobra.Command {
	var f flags
	formats := []format{formatText, formatJSON, formatYAML}
	c := &cobra.Command{
		Use: "version", Short: "Show the version", Args: refuseArguments,
		Example: "  whopulls version\n  whopulls version --format=json",
		RunE: func(*cobra.Command, []string) error {
			chosen, err := parseFormat(f.format, formats)
			if err != nil {
				return err
			}
			return p.version(chosen)
		},
	}
	f.addFormat(c, formats)
	return c
}

func (p *program) version(f format) error {
	return p.writeResult(f, p.build, func(out *console.Printer) { out.Line(console.Text(p.build.summary())) })
}
