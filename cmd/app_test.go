package cmd

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/gcloud"
)

func TestTheAppKeepsTheLogOffItsScreen(t *testing.T) {
	for _, test := range []struct {
		errTerminal bool
		variables   map[string]string
		flags       []string
		refused     bool
	}{
		{true, nil, []string{"--log-http"}, true},
		{true, nil, []string{"--verbosity=debug"}, true},
		{true, map[string]string{gcloud.LogHTTP.Variable(): "1"}, nil, true},
		{true, map[string]string{gcloud.LogHTTP.Variable(): "1"}, []string{"--log-http=false"}, false},
		{false, nil, []string{"--log-http"}, false},
		{true, nil, nil, false},
	} {
		t.Run(fmt.Sprintf("terminal %t %v %v", test.errTerminal, test.variables, test.flags), func(t *testing.T) {
			var o rootOptions
			c := &cobra.Command{}
			o.add(c)
			if err := c.Flags().Parse(test.flags); err != nil {
				t.Fatal(err)
			}
			p := &program{io: console.Streams{ErrTerminal: test.errTerminal, Lookup: func(name string) (string, bool) { v, ok := test.variables[name]; return v, ok }}}
			r := options.Session{Config: gcloud.FromVariables(p.io.Lookup), Verbosity: o.Verbosity}
			if err := r.SetCallLog(o.LogHTTP, c.Flags().Changed(options.FlagLogHTTP), p.io); err != nil {
				t.Fatal(err)
			}
			err := p.refuseLogOnScreen(r)
			if (err != nil) != test.refused {
				t.Errorf("%+v: %v", test, err)
			}
			if err != nil && (connect.AsUserError(err).Status != console.StatusUsage || !strings.Contains(strings.Join(connect.AsUserError(err).Hints, " "), "whopulls --log-http 2>calls.log")) {
				t.Errorf("%+v: %+v", test, connect.AsUserError(err))
			}
		})
	}
}
