package accessmap

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// Whatever a line asks, for any account and with any number of paths next to it, a blank sets its texts apart.
func TestTextsOfTheMapStayApart(t *testing.T) {
	way := func(id string, at int) checkLine {
		return checkLine{check: model.Check{ID: id, Verdict: model.Granted}, label: "read the image", proof: model.RoleReader, repositoryIndex: at}
	}
	p := picture{consumerTitle: "myproject-a", sourceTitle: "source project", repositories: []mapRepository{{title: "one"}, {title: "two"}}, lanes: []lane{
		{name: "DEPLOYS", identity: "dev@example.com", lines: []checkLine{
			{check: model.Check{ID: "deploy", Verdict: model.Granted}, label: "update the worker pool", proof: model.RoleDeveloper, repositoryIndex: -1},
			way("read-image", 0), way("read-image#2", 1)}},
		{name: "PULLS", identity: "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com", lines: []checkLine{
			{check: model.Check{ID: "agent", Verdict: model.Granted}, label: "have its role here", proof: model.RoleRunAgent, repositoryIndex: -1}},
			remark: strings.Repeat("much to say ", 20)},
	}}
	for _, width := range []int{60, 80, 100, sideBySideWidth, 200} {
		t.Run(fmt.Sprintf("%d columns", width), func(t *testing.T) {
			drawn, _ := drawMap(ui.NewStyles(ui.ThemeMono), p, "", width, 40)
			picture := ansi.Strip(strings.Join(drawn, "\n"))
			for n, l := range strings.Split(picture, "\n") {
				for _, text := range []string{"update the worker", "service-111111111111@", "have its role here", "much to say"} {
					_, after, found := strings.Cut(l, text)
					if !found {
						continue
					}
					until, _, framed := strings.Cut(after, "│")
					if !framed || !strings.HasSuffix(until, " ") || strings.Contains(until, "…r") {
						t.Errorf("%d wide, line %d has no blank: %s", width, n, l)
					}
				}
				if width < sideBySideWidth && cells.Width(l) != width && strings.HasPrefix(l, "│") {
					t.Errorf("%d wide, line %d is %d: %s", width, n, cells.Width(l), l)
				}
				if width < sideBySideWidth && strings.Contains(l, "service-111111111111@") && strings.Count(l, "│") != 4 {
					t.Errorf("%d wide, a way over is hidden: %s", width, l)
				}
			}
			if width >= 80 && !strings.Contains(picture, "update the worker pool ") {
				t.Errorf("%d wide, the question is cut:\n%s", width, picture)
			}
		})
	}
}
