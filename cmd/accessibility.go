package cmd

import (
	"cmp"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/tui/ui"
)

const accessibilityLong = `Says whether plain mode is on, what turned it on, and what else there is for
screen readers, braille displays, few colours and plain terminals.

In plain mode whopulls asks with numbered lists, rewrites no line, and draws no
boxes and no spinner. Without a command it shows a numbered menu.

Exit code: 0.`

const accessibilityExample = `  # is plain mode on here, and how is it turned on?
  whopulls accessibility

  # the menu of plain mode
  whopulls --accessible

  # for a script
  whopulls accessibility --format=json`

// accessibilityOptions are the flags of accessibility.
type accessibilityOptions struct {
	options.CloudFlags
	options.FormatFlag
}

func (o *accessibilityOptions) add(c *cobra.Command) {
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
}

func (o *accessibilityOptions) parse(in options.CommandLine) (options.Session, error) {
	return o.Session(in, o.FormatFlag, tableFormats, "", "")
}

func newAccessibility(p *program) *cobra.Command {
	var o accessibilityOptions
	c := &cobra.Command{
		Use: "accessibility", Short: "Show what there is for screen readers and plain terminals",
		Long: accessibilityLong, Example: accessibilityExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := o.parse(p.commandLine(c))
			if err := p.start(s, err); err != nil {
				return err
			}
			d := p.accessibility(s)
			return p.writeResult(s.Format, d, func(out *console.Printer) { view.Accessibility(out, d) })
		},
	}
	o.add(c)
	return c
}

func (p *program) accessibility(s options.Session) view.AccessibilityDocument {
	return view.AccessibilityDocument{Plain: s.Plain.SetBy != "", SetBy: s.Plain.SetBy, Signs: !s.Plain.ScreenReader,
		Colour: p.io.AllowsColour(p.io.OutTerminal) && !p.io.Mono, Theme: string(cmp.Or(s.Settings.Theme, ui.ThemeAuto)),
		Settings: p.io.Settings, Ways: view.PlainModeEntries(p.io.Settings)}
}
