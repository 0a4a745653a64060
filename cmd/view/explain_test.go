package view

import (
	"strings"
	"testing"

	"whopulls/cmd/console"
	reading "whopulls/model/failure"
	"whopulls/model/garble"
	language "whopulls/model/words"
)

// A command stays on its own line, whatever the words around it say.
func TestCommandsAreShownByNoSentence(t *testing.T) {
	f := reading.Read("Service account service-123456789012@serverless-robot-prod.iam.gserviceaccount.com does not exist.")
	var b strings.Builder
	Advice(&console.Printer{W: &b, Width: 40}, garble.Sentences(f))
	commands := 0
	for _, n := range f.Next {
		if n.Command != "" {
			commands++
			wantContains(t, b.String(), "\n    "+n.Command+"\n")
		}
	}
	if commands != 2 || strings.Contains(b.String(), "    "+garble.Nonsense) {
		t.Errorf("%d commands:\n%s", commands, b.String())
	}
}

func TestLabelsAreWhole(t *testing.T) {
	for _, l := range []language.Message[struct{}]{labelNext, labelOtherErrors} {
		t.Run(l.EN, func(t *testing.T) {
			if err := l.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}
