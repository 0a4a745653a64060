package cmd

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Build says which build of the program this is. What the linker did not set comes from Go's own build information.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date"`
	Go      string `json:"go"`
}

func (b Build) filled() Build {
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
	return Build{Version: cmp.Or(b.Version, "(devel)"), Commit: cmp.Or(b.Commit, "unknown"),
		Date: cmp.Or(b.Date, "unknown"), Go: runtime.Version()}
}

// userAgent is how the program names itself to Google Cloud.
func (b Build) userAgent() string { return "whopulls/" + b.Version }

func newVersion(p *program) *cobra.Command {
	var f flags
	known := []format{formatText, formatJSON, formatYAML}
	c := &cobra.Command{
		Use: "version", Short: "Show the version", Args: noArguments,
		Example: "  whopulls version\n  whopulls version --format=json",
		RunE: func(*cobra.Command, []string) error {
			chosen, err := parseFormat(f.format, known)
			if err != nil {
				return err
			}
			return p.version(chosen)
		},
	}
	f.addFormat(c, known)
	return c
}

func (p *program) version(f format) error {
	b := p.build
	return p.show(f, b, func(out *printer) {
		out.line(text(fmt.Sprintf("whopulls %s (%s, %s, %s)", b.Version, b.Commit, b.Date, b.Go)))
	})
}
