package cmd

import "testing"

// A flag that can't be used is named in the answer, like a setting that can't.
func TestInfoNamesAWrongFlag(t *testing.T) {
	for flag, want := range map[string]string{"--sandbox=nowhere": `--sandbox names no world: "nowhere"`, "--account=foo": `account "foo" is not an email address`} {
		t.Run(flag, func(t *testing.T) {
			wantContains(t, (&cliRun{cloud: article()}).run("info", flag).expect(t, 2).out, want)
		})
	}
}
