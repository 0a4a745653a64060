package cmd

import (
	"strings"
	"testing"

	"whopulls/test/golden"
)

// Accessibility says what is on and how that is changed, to people and to programs.
func TestAccessibility(t *testing.T) {
	tt := (&cliRun{variables: map[string]string{"ACCESSIBLE": "yes"}}).run("accessibility").expect(t, 0)
	golden.Compare(t, "accessibility.txt", tt.out)
	wantWidth(t, tt.out)
	for args, want := range map[string][2]any{"": {false, ""}, "--accessible": {true, "--accessible"}} {
		t.Run(args, func(t *testing.T) {
			tt := (&cliRun{}).run(append(strings.Fields(args), "accessibility", "--format=json")...).expect(t, 0)
			d := decodeDocument(t, tt.out)
			if d["plain"] != want[0] || d["setBy"] != want[1] || d["signs"] == want[0] || d["theme"] != "auto" {
				t.Errorf("%v", d)
			}
		})
	}
}
