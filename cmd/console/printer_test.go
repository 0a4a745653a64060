package console

import (
	"fmt"
	"strings"
	"testing"
)

// The theme mono has no colours on the command line either, but keeps bold and faint.
func TestMonoPrints(t *testing.T) {
	for _, mono := range []bool{false, true} {
		t.Run(fmt.Sprintf("mono %t", mono), func(t *testing.T) {
			var out strings.Builder
			Streams{Out: &out, OutTerminal: true, Mono: mono, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter().Line(Bad.Text("x"))
			if got := out.String(); strings.Contains(got, "31") == mono || !strings.Contains(got, "\x1b[1") {
				t.Errorf("mono %v: %q", mono, got)
			}
		})
	}
}
