package tui

import (
	"fmt"
	"strings"
	"testing"
)

// The title line has one place for each thing. Badges and verdict stand at every width; who calls gives way first.
func TestTitleLine(t *testing.T) {
	for _, test := range []struct {
		name  string
		o     Options
		width int
		want  string
	}{
		{"a sandbox", Options{}, 60, "  SANDBOX article      myproject-a ▸ job myjob   ✗ missing"},
		{"production, narrow", Options{Production: "myproject-b"}, 60, "  SANDBOX article   PRODUCTION   myproject-a …   ✗ missing"},
		{"production by the consumer", Options{Production: "*-a"}, 80, "  SANDBOX article   PRODUCTION     myproject-a ▸ job myjob   ✗ missing"},
		{"all badges, narrow", Options{Production: "*", ReadOnly: true}, 60, "  SANDBOX article   READ ONLY   PRODUCTION   …   ✗ missing"},
		{"all badges", Options{Production: "*", ReadOnly: true}, 120, " whopulls   SANDBOX article   READ ONLY   PRODUCTION   dev@example.com          myproject-a ▸ job myjob   ✗ missing"},
		{"no production", Options{Production: "other-*"}, 200, " whopulls   SANDBOX article   dev@example.com"},
	} {
		t.Run(fmt.Sprintf("%s %d", test.name, test.width), func(t *testing.T) {
			test.o.Question = articleQuestion()
			title, _, _ := strings.Cut(start(t, newFakeCloud(), test.o, test.width, 30).shows("   ✗ missing\n", "no binding"), "\n")
			if spaced(title) != spaced(test.want) && !strings.HasPrefix(title, test.want) {
				t.Errorf("%q\nwant\n%q", title, test.want)
			}
		})
	}
}

// spaced is a text with one blank for several.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// A label says production too, and a list has nothing that could be.
func TestProductionByLabel(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{}, 80, 24)
	assertLacks(t, term.shows("3 projects"), "PRODUCTION")
	cloud = newFakeCloud()
	cloud.nameSuffix = "prod" // the label env, too
	start(t, cloud, Options{Question: articleQuestion()}, 80, 24).shows("PRODUCTION", "   ✗ missing\n")
}
