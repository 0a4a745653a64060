package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/preview"
	"whopulls/tui/ui"
)

// startWithLongPreview opens a list in which more is known about the first row than fits.
func startWithLongPreview(t *testing.T, width, height int) *terminal {
	t.Helper()
	cloud := &pagedCloud{newFakeCloud(), make(chan []model.Workload, 1)}
	long := newWorkload(model.Job, "alpha", "us-east1")
	long.Condition = &model.Readiness{Message: strings.Repeat("It can't be pulled. ", 60) + "The very end."}
	cloud.pages <- []model.Workload{long, newWorkload(model.Job, "beta", "us-east1")}
	close(cloud.pages)
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, width, height)
	term.shows("2 workloads\n", "▸ alpha", "lines more, tab goes there")
	return term
}

// tab goes into the preview, where the keys that move scroll it; tab and esc go back to the list, which has not moved.
func TestTabGoesIntoThePreview(t *testing.T) {
	for _, back := range []string{"tab", "esc"} {
		t.Run(back, func(t *testing.T) {
			term := startWithLongPreview(t, 120, 24)
			term.press("tab")
			term.shows("esc to the list")
			term.press("down", "down")
			term.shows("lines 3 to", "▸ alpha")
			term.press("end")
			compareScreen(t, "preview-scrolled", term.shows("very end.", "▸ alpha"))
			term.press(back)
			term.shows("esc back")
			term.press("down")
			assertLacks(t, term.shows("▸ beta"), "lines 3 to")
		})
	}
}

// What is typed goes to the list, enter opens the row, and a narrow window has no pane to go to.
func TestThePreviewTakesNoText(t *testing.T) {
	term := startWithLongPreview(t, 120, 24)
	term.press("tab")
	term.shows("esc to the list")
	term.typeText("bet")
	term.shows("2 of 2 workloads", "▸ beta", "esc clear filter")
	term.press("esc")
	term.shows("▸ beta", "esc back")
	term.press("tab")
	term.shows("esc to the list")
	term.resize(80, 24)
	term.shows("esc back")
	term.press("tab", "up")
	term.shows("▸ alpha")
}

// The preview of a repository shows who may read it on every level, public ones first, and says which level it can't see.
func TestThePaneShowsInheritedReaders(t *testing.T) {
	for _, size := range []struct{ width, height int }{{120, 36}, {200, 50}} {
		name := fmt.Sprintf("preview-readers-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			cloud := &fullCloud{fakeCloud: newFakeCloud()}
			cloud.policies[folder.Resource] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{"group:platform@example.com", devMember}},
				{Role: model.RoleReader, Members: []model.Member{model.AllUsers}, Condition: &model.Condition{Title: "tagged", Expression: `resource.matchTag("a/b", "c")`}}}}
			cloud.policies[model.ProjectResource("myproject-b")] = model.Policy{Bindings: []model.Binding{{Role: model.RoleRunAgent, Members: []model.Member{agentMember}},
				{Role: model.RoleDeveloper, Members: []model.Member{"user:nobody@example.com"}}}}
			cloud.unreadablePolicies = map[model.Resource]model.Gap{organization.Resource: {Reason: "you may not see it"}}
			term := openRepositories(t, cloud, size.width, size.height)
			screen := term.shows("at least 4 readers", "reader, on a condition ↑ folder apps", "! public: allUsers", "run.serviceAgent ↑ project\n", "? organization example.com can't be read", "resourcemanager.organizations.getIamPolicy)")
			assertLacks(t, screen, "nobody@example.com")
			compareScreen(t, name, screen)
		})
	}
}

// The levels above a repository are read once for all that stand below them.
func TestThePaneReadsTheLevelsOnce(t *testing.T) {
	cloud := &fullCloud{fakeCloud: newFakeCloud()}
	term := openRepositories(t, cloud, 120, 36)
	term.shows("▸ myrepo", "1 reader")
	before := cloud.factReadCount()
	term.press("down")
	term.shows("▸ hub", "0 readers")
	if n := cloud.factReadCount() - before; n != 1 {
		t.Errorf("%d facts were read about another repository, not its policy alone", n)
	}
	term.press("up")
	term.shows("▸ myrepo", "1 reader")
	if n := cloud.factReadCount() - before; n != 1 {
		t.Errorf("what is known was read again: %d facts", n)
	}
}

// A remote repository has its upstream elsewhere, unless it is one of Artifact Registry.
func TestThePaneShowsUpstreams(t *testing.T) {
	outside := model.Repository{Name: repoName, Mode: model.ModeRemote}
	inside := outside
	inside.Upstreams = []model.RepositoryName{{Project: "myproject-b", Location: "us", ID: "base"}}
	standard := model.Repository{Name: repoName, Mode: "STANDARD_REPOSITORY"}
	for _, test := range []struct {
		name       string
		repository model.Repository
		want       string // the label, and what stands behind it
	}{
		{"outside", outside, "upstreams    outside Artifact Registry"},
		{"a repository", inside, "upstreams    myproject-b/base in us"},
		{"none", standard, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			pane := preview.New(&ui.Session{Styles: ui.NewStyles(ui.ThemeMono)}, nil)
			pane.Show("it", test.repository)
			lines := ansi.Strip(strings.Join(pane.Lines(60, 0), "\n"))
			if !strings.Contains(lines, test.want) || test.want == "" && strings.Contains(lines, "upstreams") {
				t.Error(lines)
			}
		})
	}
}
