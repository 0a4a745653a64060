package tui

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/tui/ui"
)

// sizes are the windows of the whole-screen tests.
var sizes = []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}}

// Who may see no project reads why, types an id, or takes another account; an id goes before all rows.
func TestNoProjectVisible(t *testing.T) {
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	logins := Logins{List: func() []Login {
		return []Login{{Configuration: "work", Account: "dev@example.com", Active: true}, {Configuration: "home", Account: "me@example.com"}}
	}}
	for _, size := range sizes {
		name := fmt.Sprintf("start-no-project-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			term := start(t, emptyCloud{newFakeCloud()}, Options{ConnectSandbox: sandbox, Logins: logins}, size.width, size.height)
			compareScreen(t, name, term.shows("0 projects\n", "You may see no project.", "roles/browser", "▸ Another account or configuration", "Look around"))
			term.typeText("my-project")
			term.shows("▸ my-project  not in the list: ask Google Cloud about it")
			term.press("esc", "enter")
			assertLacks(t, term.shows("home", "me@example.com", "work", "in use"), "THIS SCREEN", "read-only")
			term.press("esc", "end", "enter")
			term.shows("3 projects\n", "SANDBOX article")
		})
	}
}

// offCloud is a cloud with projects in which Cloud Run is off, until it is turned on.
type offCloud struct {
	*fakeCloud
	on atomic.Bool
}

func (c *offCloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	if c.on.Load() {
		return c.fakeCloud.Workloads(ctx, project)
	}
	gap := model.Gap{Reason: "the API run.googleapis.com is off in project 111111111111, or not yet on everywhere", DisabledAPI: model.APIResource("111111111111", model.RunService)}
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		yield(model.ListPage[model.Workload]{Gaps: []model.Gap{gap}}, nil)
	}
}

func (c *offCloud) ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error) {
	s, err := c.fakeCloud.ReadFacts(ctx, project, wants, progress)
	s = s.Clone() // the screen draws what progress was given
	for api := range s.APIs {
		if api.ID() == model.RunService {
			s.APIs[api] = model.Known(c.on.Load())
		}
	}
	return s, err
}

// Where Cloud Run is off the list says so once, and leads to a first deployment, to turning it on, or back.
func TestCloudRunIsOff(t *testing.T) {
	for _, size := range sizes {
		name := fmt.Sprintf("start-off-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			cloud := &offCloud{fakeCloud: newFakeCloud()}
			cloud.perform = func(s model.Step) (model.Outcome, error) {
				cloud.on.Store(true)
				return model.Outcome{Step: s, State: model.StepDone, Verified: true}, nil
			}
			term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, size.width, size.height)
			screen := term.shows("Cloud Run is off in myproject-a, so nothing runs", "▸ + a first deployment", "Turn Cloud Run on", "Another project")
			assertLacks(t, screen, "run.googleapis.com", "could not be listed", "a new deployment")
			compareScreen(t, name, screen)
			term.press("enter")
			term.shows("What kind of workload is the new deployment?")
			term.press("esc", "down", "enter")
			term.shows("○ to do", "gcloud services enable run.googleapis.com")
			term.press("enter")
			term.shows("Enable an API in myproject-a?")
			term.answerYes()
			term.shows("✓ Cloud Run is on")
			term.press("enter")
			term.shows("2 workloads\n", "▸ myjob")
			term.press("esc")
			term.shows("Which project runs the container?")
		})
	}
}

// The first screen with recents, gcloud's project, 300 projects, and a history.
func TestStartWithManyProjects(t *testing.T) {
	for _, size := range sizes {
		name := fmt.Sprintf("start-many-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			term := startWithMany(t, size.width, size.height)
			compareScreen(t, name, term.shows("300 projects\n", "RECENT", "▸ myproject-a ▸ job myjob", "✗ 1 missing, 2 days ago"))
			term.press("end")
			term.shows("▸ History")
			term.press("home")
			term.shows("RECENT", "▸ myproject-a ▸ job myjob")
		})
	}
}

// startWithMany opens the first screen of a person who has been here before.
func startWithMany(t *testing.T, width, height int) *terminal {
	t.Helper()
	cloud := newSlowCloud()
	cloud.first = manyProjects(0, 300)
	cloud.journal = earlierRuns(t)
	close(cloud.secondPage)
	now := time.Unix(1800000000, 0)
	job, web := jobName, model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	recent := []Recent{{"myproject-a", &job, Answer{model.Missing, 1, now.Add(-50 * time.Hour)}}, {"shop-frontend", &web, Answer{model.Granted, 9, now.Add(-9 * 24 * time.Hour)}}}
	logins := Logins{
		List: func() []Login {
			return []Login{{Configuration: "work", Active: true}, {Configuration: "home", Account: "me@example.com"}}
		},
		Connect: func(context.Context, Login) (Cloud, error) { return newFakeCloud(), nil },
	}
	folder := ui.Folder{Path: "/work", Create: func(name, _ string) (string, error) { return "/work/" + name, nil }}
	render := func(string, model.Situation, model.Diagnosis, model.Plan) (string, error) { return "a report", nil }
	cloud.scan = func(context.Context, model.Resource, model.ScanOptions) (model.Situation, model.StaleList, error) {
		return generatedOrganization{2, 3}.situation(""), generatedOrganization{2, 3}.list(3), nil
	}
	term := start(t, cloud, Options{Title: "configuration work", Recent: recent, Logins: logins, Folder: folder, Render: render, CurrentProject: "team-00007", Now: func() time.Time { return now }}, width, height)
	term.shows("300 projects\n")
	return term
}

// From the first screen it takes at most four keys to a workload of another project, to undo the last run, to an organization's
// bindings, to a report on disk, and to another configuration.
func TestAtMostFourKeys(t *testing.T) {
	const most = 4
	for _, way := range []struct {
		name  string
		keys  []string
		shows []string
	}{
		{"a workload in another project", []string{"down", "enter"}, []string{"shop-frontend ▸ service web", "pull the image"}},
		{"the last undo", []string{"end", "enter", "u"}, []string{"What this run changed  0 of 2 taken back"}},
		{"an organization's bindings", []string{"ctrl+p", "o", "r", "enter"}, []string{"Who may pull from what is in organization example.com?"}},
		{"a report on disk", []string{"enter", "x", "enter", "enter"}, []string{"written, and the path sent to the clipboard: /work/"}},
		{"another configuration", []string{"ctrl+p", "h", "o", "enter"}, []string{"CONFIGURATION home", "3 projects"}},
	} {
		t.Run(way.name, func(t *testing.T) {
			if len(way.keys) > most {
				t.Fatalf("%d keys", len(way.keys))
			}
			term := startWithMany(t, 80, 24)
			for _, key := range way.keys {
				term.press(key)
				term.shows()
			}
			term.shows(way.shows...)
		})
	}
}
