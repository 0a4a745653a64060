package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"whopulls/text/cells"
)

// However narrow the window is, no line of a command is wider, and the sign that it continues never stands alone.
func TestCommandLinesFit(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := []string{"gcloud run jobs deploy myjob"}
		for range rapid.IntRange(1, 5).Draw(r, "flags") {
			words = append(words, "--"+rapid.SampledFrom([]string{"member=serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com",
				"project=myproject-b", "role=roles/artifactregistry.reader", "location=asia-northeast1", "quiet"}).Draw(r, "flag"))
		}
		command := strings.Join(words, " ")
		b := &Block{Styles: NewStyles(ThemeMono), Width: rapid.IntRange(56, 200).Draw(r, "width")}
		b.Command(command)
		for i := range b.Lines {
			b.Lines[i] = ansi.Strip(b.Lines[i])
		}
		for _, l := range b.Lines {
			if cells.Width(l) > b.Width || strings.TrimSpace(l) == `\` {
				r.Fatalf("%d columns: %q in\n%s", b.Width, l, strings.Join(b.Lines, "\n"))
			}
		}
		joined := strings.ReplaceAll(strings.Join(b.Lines, "\n"), "\\\n", "")
		if got := strings.Join(strings.Fields(strings.Replace(joined, "$", "", 1)), ""); got != strings.Join(strings.Fields(command), "") {
			r.Fatalf("it says %q, not %q", got, command)
		}
	})
}
