package options

import (
	"testing"

	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/settings"
)

// The flag comes before the variable, then the settings, then gcloud's property. A terminal may have no other mode.
func TestPlainMode(t *testing.T) {
	const property = "CLOUDSDK_ACCESSIBILITY_SCREEN_READER"
	for name, c := range map[string]struct {
		flag         string
		variables    map[string]string
		saved        settings.When
		screenReader bool
		setBy        string
		over         string
	}{
		"nothing":                          {},
		"the flag":                         {flag: "true", screenReader: true, setBy: "--accessible", over: "--accessible"},
		"the flag says no":                 {flag: "false", variables: map[string]string{"ACCESSIBLE": "1"}, saved: settings.Always, over: "--accessible"},
		"the variable":                     {variables: map[string]string{"ACCESSIBLE": "1"}, saved: settings.Never, screenReader: true, setBy: "ACCESSIBLE", over: "ACCESSIBLE"},
		"the variable says no":             {variables: map[string]string{"ACCESSIBLE": "0", property: "true"}, saved: settings.Always, over: "ACCESSIBLE"},
		"an empty variable says nothing":   {variables: map[string]string{"ACCESSIBLE": " ", property: "true"}, screenReader: true, setBy: "accessibility/screen_reader (" + property + ")"},
		"the settings":                     {saved: settings.Always, variables: map[string]string{property: "false"}, screenReader: true, setBy: "the settings"},
		"the settings say no":              {saved: settings.Never, variables: map[string]string{property: "true"}},
		"the settings leave it to gcloud":  {saved: settings.Auto, variables: map[string]string{property: "true"}, screenReader: true, setBy: "accessibility/screen_reader (" + property + ")"},
		"a dumb terminal":                  {variables: map[string]string{"TERM": "dumb"}, setBy: "TERM=dumb"},
		"a dumb terminal, whatever is set": {flag: "false", variables: map[string]string{"TERM": "dumb"}, setBy: "TERM=dumb", over: "--accessible"},
		"a screen reader on a dumb one":    {flag: "true", variables: map[string]string{"TERM": "dumb"}, screenReader: true, setBy: "--accessible", over: "--accessible"},
	} {
		t.Run(name, func(t *testing.T) {
			lookup := func(name string) (string, bool) { v, ok := c.variables[name]; return v, ok }
			var f CloudFlags
			set := pflag.NewFlagSet("", pflag.ContinueOnError)
			set.BoolVar(&f.accessible, FlagAccessible, false, "")
			if c.flag != "" {
				if err := set.Set(FlagAccessible, c.flag); err != nil {
					t.Fatal(err)
				}
			}
			got, err := f.plainMode(CommandLine{Flags: set, Streams: console.Streams{Lookup: lookup}}, c.saved, gcloud.FromVariables(lookup))
			if want := (PlainMode{c.screenReader, c.setBy, c.over}); err != nil || got != want {
				t.Errorf("%+v, %v; want %+v", got, err, want)
			}
		})
	}
}
