package cmd

import "testing"

// The shell is offered the fixed values of a flag, at every depth of commands.
func TestFixedValuesAreOffered(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"__complete", "check", "--format", ""}, "table\njson\nyaml\n"},
		{[]string{"__complete", "--verbosity", ""}, "debug\ninfo\n"},
		{[]string{"__completeNoDesc", "sandbox", "start", "--world", ""}, "article\n"},
	} {
		has(t, (&terminal{}).run(test.args...).expect(t, 0).out, test.want)
	}
}
