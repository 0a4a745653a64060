package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// A dialog is as wide as what it says: a text at its measure, and a member whole where the window has room for it.
func TestADialogIsAsWideAsItNeeds(t *testing.T) {
	const member = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	long := strings.TrimSpace(strings.Repeat("many words ", 30))
	for _, test := range []struct {
		name  string
		ask   Dialog
		width int
		inner int
	}{
		{"short", Dialog{Title: "Sure?", What: "It is done."}, 200, minDialogWidth},
		{"a long title", Dialog{Title: strings.Repeat("Sure ", 10) + "?", What: "It is done."}, 200, 51},
		{"a long text", Dialog{Title: "Sure?", What: long}, 200, measure},
		{"a long text in a small window", Dialog{Title: "Sure?", What: long}, 60, 50},
		{"a member", Dialog{Title: "Sure?", What: long, Member: "member " + member}, 200, len("member " + member)},
		{"a member in a text", Dialog{Title: "Sure?", What: long + " " + member}, 120, len(member)},
		{"a member in a small window", Dialog{Title: "Sure?", What: long, Member: "member " + member}, 80, 70},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.ask.YesLabel = "grant"
			box := ansi.Strip(strings.Join(test.ask.View(NewStyles(ThemeMono), test.width, 40), "\n"))
			for l := range strings.SplitSeq(box, "\n") {
				if got := ansi.StringWidth(l); got != test.inner+4 {
					t.Fatalf("%d columns, want %d:\n%s", got, test.inner+4, box)
				}
			}
			whole := strings.Contains(box, member)
			if fits := test.inner >= len(member); whole != (fits && strings.Contains(fmt.Sprint(test.ask.What, test.ask.Member), member)) {
				t.Errorf("the member is whole: %t\n%s", whole, box)
			}
		})
	}
}
