//go:build e2e

package terminal

import (
	"testing"
)

// A walk of three steps is taken back whole, after one question, and its steps are to do again.
func TestTerminalTakesAWalkBack(t *testing.T) {
	binary := buildBinary(t)
	const question = " --sandbox --project=myproject-a --job=myjob --region=asia-northeast1 --deployer=user:kenji@example.com"
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		term := open(binary + question)
		term.shows("✗ missing", "fix: 3 steps")
		term.press("Enter")
		term.shows("○ to do       3")
		for _, done := range []string{"1 of 3 done", "2 of 3 done", "granted and verified  3 of 3 done"} {
			term.press("Enter")
			term.shows("▸ No")
			term.press("Right", "Enter")
			term.shows(done)
		}
		term.press("u")
		term.shows("╭ Undo", "▸ this step", "everything of this run  3 changes, last first")
		term.press("Down", "Enter")
		term.shows("Take back what this walk changed?", "It removes 3 bindings", "▸ No")
		term.press("Right", "Enter")
		term.shows("taken back together: 3 changes", "0 of 3 done", "▸ ○ to do       1")
		term.ends("q", 0)
	})
}
