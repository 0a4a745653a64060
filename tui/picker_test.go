package tui

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"whopulls/model"
)

// slowCloud hands out a first page of projects and of workloads, and holds the second back.
type slowCloud struct {
	*fakeCloud
	world         string
	first         []model.Project
	second        []model.Project
	secondPage    chan struct{} // the second page waits for it
	abandoned     chan string   // the lists whose reading was given up
	workloadsHold chan struct{} // the workloads wait for it; nil: at once
}

func newSlowCloud() *slowCloud {
	return &slowCloud{fakeCloud: newFakeCloud(), secondPage: make(chan struct{}), abandoned: make(chan string, 9)}
}

func (c *slowCloud) World() string { return c.world }

func (c *slowCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return func(yield func(model.ListPage[model.Project], error) bool) {
		if !yield(model.ListPage[model.Project]{Items: c.first}, nil) {
			return
		}
		select {
		case <-c.secondPage:
			yield(model.ListPage[model.Project]{Items: c.second}, nil)
		case <-ctx.Done():
			c.abandoned <- "projects"
		}
	}
}

func (c *slowCloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		for page := range c.fakeCloud.Workloads(ctx, project) {
			if c.workloadsHold != nil {
				select {
				case <-c.workloadsHold:
				case <-ctx.Done():
					c.abandoned <- "workloads"
					return
				}
			}
			yield(page, nil)
		}
	}
}

func manyProjects(from, count int) []model.Project {
	projects := make([]model.Project, count)
	for n := range projects {
		projects[n] = model.Project{ID: fmt.Sprintf("team-%05d", from+n), Number: fmt.Sprint(100000 + from + n), Name: "Project of a team"}
	}
	return projects
}

// A list of thousands can be used from its first page on: filtered, moved in and picked from, and the pages that come
// later leave filter, cursor and the cursor's line as they are.
func TestUsableAfterTheFirstPage(t *testing.T) {
	cloud := newSlowCloud()
	cloud.first, cloud.second = manyProjects(5000, 5000), manyProjects(0, 5000)
	term := start(t, cloud, Options{}, 80, 24)
	term.showsInPassing("5000 projects, reading …")
	term.typeText("7777")
	term.showsInPassing(" of 5000 projects, reading", "▸ team-07777")
	term.press("esc")
	term.showsInPassing("    5000 projects, reading …")
	term.typeText("00")
	term.press("down", "down", "down")
	before := lineWith(term.showsInPassing("of 5000", "▸ team-05003"), "▸ team")
	close(cloud.secondPage)
	after := lineWith(term.shows("of 10000 projects\n", "▸ team"), "▸ team")
	if before != after {
		t.Errorf("the cursor was on line %q and is on %q", before, after)
	}
	term.press("enter")
	term.shows("What runs it in team-0")
}

// lineWith gives the line of a screen that holds a text, with its number.
func lineWith(screen, text string) string {
	for n, l := range strings.Split(screen, "\n") {
		if strings.Contains(l, text) {
			return fmt.Sprint(n, l)
		}
	}
	return ""
}

// Enter chooses what fits the filter as it was typed, however long the list and however fast the fingers.
func TestEnterMeansTheFilterAsTyped(t *testing.T) {
	cloud := newSlowCloud()
	cloud.first = manyProjects(0, 20000)
	term := start(t, cloud, Options{}, 80, 24)
	term.showsInPassing("20000 projects")
	term.typeText("17321")
	term.press("enter")
	term.shows("What runs it in team-17321?")
}

// Going forward, going back or leaving ends the reading; a list that was not whole is read again when its user is back.
func TestLeavingEndsTheReading(t *testing.T) {
	cloud := newSlowCloud()
	cloud.first, cloud.workloadsHold = manyProjects(0, 3), make(chan struct{})
	term := start(t, cloud, Options{}, 80, 24)
	term.showsInPassing("3 projects, reading …")
	term.press("enter")
	term.showsInPassing("What runs it in team-00000?", "   reading …")
	if got := <-cloud.abandoned; got != "projects" {
		t.Errorf("opening the next screen ended the list of %s", got)
	}
	term.press("esc")
	term.showsInPassing("Which project runs the container?", "3 projects, reading …")
	if got := <-cloud.abandoned; got != "workloads" {
		t.Errorf("going back ended the list of %s", got)
	}
	term.stop()
	if got := <-cloud.abandoned; got != "projects" {
		t.Errorf("leaving ended the list of %s", got)
	}
}

// savedPicks collects what the app keeps.
type savedPicks struct {
	mu   sync.Mutex
	kept []Recent
}

func (p *savedPicks) add(r Recent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = append(p.kept, r)
}

func (p *savedPicks) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, r := range p.kept {
		text := r.Project
		if r.Workload != nil {
			text += "/" + r.Workload.Name
		}
		if r.Last != (Answer{}) {
			text += fmt.Sprintf(" %s %d %s", r.Last.Verdict, r.Last.Count, r.Last.Time.Format("2006-01-02 15:04"))
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// What was asked last comes first, with its last answer and before the list is there; enter asks it again at once.
func TestRecentPicks(t *testing.T) {
	cloud := newSlowCloud()
	cloud.workloadsHold = make(chan struct{})
	cloud.second = []model.Project{{ID: "data-lake", Number: "333333333333"}, {ID: "myproject-a", Number: "111111111111", Name: "My project A"}}
	job := jobName
	now := time.Unix(1800000000, 0)
	answer := Answer{model.Missing, 1, now.Add(-50 * time.Hour)}
	var kept savedPicks
	recent := []Recent{{"myproject-a", &job, answer}, {Project: "gone-by-now"}}
	term := start(t, cloud, Options{Recent: recent, SaveRecent: kept.add, Now: func() time.Time { return now }}, 80, 24)
	compareScreen(t, "recent-reading", term.showsInPassing("▸ myproject-a ▸ job myjob  ✗ 1 missing, 2 days ago", "gone-by-now", "RECENT", "   reading …", "dev@example.com"))
	close(cloud.secondPage)
	compareScreen(t, "recent-read", term.shows("2 projects\n", "▸ myproject-a ▸ job myjob", "PROJECTS", "data-lake"))
	term.typeText("lake")
	assertLacks(t, term.shows("1 of 2 projects", "▸ data-lake"), "RECENT", "PROJECTS")
	term.press("esc", "home", "enter") // the map finds the image of a workload that no list has brought
	term.shows("myproject-a ▸ job myjob   ✗ missing")
	term.press("esc")
	term.shows("▸ myproject-a ▸ job myjob  ✗ 1 missing, just now")
	term.press("end", "up", "up", "enter")
	compareScreen(t, "recent-workload", term.showsInPassing("What runs it in myproject-a?", "▸ myjob", "+ a new deployment"))
	close(cloud.workloadsHold)
	term.shows("2 workloads\n", "▸ myjob", "myproject-b/myrepo/myjob")
	term.press("down", "enter")
	term.shows("myproject-a ▸ service web", "3 of 3 granted", "✗ missing  pull the image")
	term.press("esc", "esc")
	assertInOrder(t, term.shows("2 projects\n"), "RECENT", "myproject-a ▸ service web", "1 missing, just now", "gone-by-now", "PROJECTS", "data-lake")
	term.stop()
	if got := kept.String(); !strings.HasPrefix(got, "myproject-a/myjob myproject-a/myjob missing 1 2027-01-15 08:00 myproject-a/web myproject-a/web ") {
		t.Errorf("kept were %s", got)
	}
}

// What is picked in a sandbox is nobody's project, and what a flag named was not picked.
func TestWhatIsNotKept(t *testing.T) {
	var kept savedPicks
	sandbox := newSlowCloud()
	sandbox.world, sandbox.first = "article", []model.Project{{ID: "myproject-a"}}
	term := start(t, sandbox, Options{SaveRecent: kept.add}, 80, 24)
	term.showsInPassing("▸ myproject-a")
	term.press("enter")
	term.shows("2 workloads")
	term.press("enter")
	term.shows("✗ missing")
	term.stop()
	flagged := start(t, newSlowCloud(), Options{SaveRecent: kept.add, Question: articleQuestion()}, 80, 24)
	flagged.shows("✗ missing  pull the image")
	flagged.stop()
	if got := kept.String(); got != "" {
		t.Errorf("kept were %s", got)
	}
	job := jobName
	again := start(t, newSlowCloud(), Options{SaveRecent: kept.add, Question: articleQuestion(), Recent: []Recent{{Project: "myproject-a", Workload: &job}}}, 80, 24)
	again.shows("✗ missing  pull the image")
	again.stop()
	if got := kept.String(); got != "myproject-a/myjob missing 1 2027-01-15 08:00" {
		t.Errorf("the answer to what was picked before was not kept: %s", got)
	}
}

func TestRemember(t *testing.T) {
	job := &model.WorkloadName{Name: "j"}
	then := time.Date(2026, 1, 14, 6, 30, 0, 0, time.UTC)
	list := []Recent{{"a", job, Answer{model.Missing, 2, then}}, {Project: "b"}, {Project: "c"}, {Project: "d"}, {Project: "e"}}
	for _, test := range []struct {
		name string
		pick Recent
		want string
	}{
		{"a new project", Recent{Project: "f", Workload: job}, "f/j a/j missing 2 2026-01-14 06:30 b c d"},
		{"a project without a workload keeps its own", Recent{Project: "a"}, "a/j missing 2 2026-01-14 06:30 b c d e"},
		{"another workload has no answer yet", Recent{Project: "a", Workload: &model.WorkloadName{Name: "k"}}, "a/k b c d e"},
		{"the same workload keeps its answer", Recent{Project: "a", Workload: &model.WorkloadName{Name: "j"}}, "a/j missing 2 2026-01-14 06:30 b c d e"},
		{"the next answer", Recent{"a", job, Answer{model.Granted, 9, then.Add(time.Hour)}}, "a/j granted 9 2026-01-14 07:30 b c d e"},
		{"a workload of a known project", Recent{Project: "c", Workload: job}, "c/j a/j missing 2 2026-01-14 06:30 b d e"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := (&savedPicks{kept: AddRecent(list, test.pick)}).String(); got != test.want {
				t.Errorf("%v: %s, want %s", test.pick, got, test.want)
			}
		})
	}
}

// An answer is said with its age; what a wrong clock gives is a day.
func TestAnswerText(t *testing.T) {
	now := time.Date(2026, 3, 14, 6, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		answer Answer
		want   string
	}{
		{Answer{}, ""},
		{Answer{model.Missing, 1, now}, "✗ 1 missing, just now"},
		{Answer{model.Missing, 2, now.Add(-90 * time.Second)}, "✗ 2 missing, 1 minute ago"},
		{Answer{model.Granted, 9, now.Add(-3 * time.Hour)}, "✓ granted, 3 hours ago"},
		{Answer{model.Unknown, 1, now.Add(-25 * time.Hour)}, "? 1 unknown, 1 day ago"},
		{Answer{model.Denied, 0, now.Add(-29 * 24 * time.Hour)}, "⊘ 1 denied, 29 days ago"},
		{Answer{model.Granted, 9, now.Add(-40 * 24 * time.Hour)}, "✓ granted, 2026-02-02"},
		{Answer{model.Granted, 9, now.Add(time.Hour)}, "✓ granted, 2026-03-14"},
	} {
		t.Run(c.want, func(t *testing.T) {
			if got := c.answer.text(now); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// From what the flags named one can go back and choose otherwise; what was named of that one map is not taken along.
func TestGoingBackFromWhatFlagsNamed(t *testing.T) {
	q := articleQuestion()
	q.Image = model.ImageOf("docker.io/library/nginx")
	term := start(t, newFakeCloud(), Options{Question: q}, 80, 24)
	term.shows("myproject-a ▸ job myjob")
	term.press("esc")
	term.shows("What runs it in myproject-a?", "2 workloads")
	term.press("enter")
	term.shows("✗ missing  pull the image", "myjob:latest")
	term.press("esc", "esc")
	term.showsInPassing("Which project runs the container?", "3 projects")
	term.press("esc")
	term.shows("this is the first screen")
	term.press("down", "enter")
	term.shows("What runs it in myproject-b?")
}

// pagedCloud brings the workloads in pages, each when it is handed over.
type pagedCloud struct {
	*fakeCloud
	pages chan []model.Workload
}

func (c *pagedCloud) Workloads(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		for {
			select {
			case page, open := <-c.pages:
				if !open || !yield(model.ListPage[model.Workload]{Items: page}, nil) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

func newWorkload(kind model.WorkloadKind, name, region string) model.Workload {
	return model.Workload{WorkloadName: model.WorkloadName{Kind: kind, Name: name, Region: region}, Images: model.ImagesOf("web")}
}

// Whichever kind is answered first, the list is sorted, and the cursor stays on its item.
func TestWorkloadsAreSortedWhileTheyArrive(t *testing.T) {
	cloud := &pagedCloud{newFakeCloud(), make(chan []model.Workload)}
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, 60, 15)
	cloud.pages <- []model.Workload{newWorkload(model.Job, "nightly", "us-central1"), newWorkload(model.Job, "web", "europe-west1"), newWorkload(model.Job, "web", "asia-east1")}
	term.showsInPassing("3 workloads, reading")
	term.press("down")
	term.showsInPassing("▸ web       job   asia-east1")
	cloud.pages <- []model.Workload{newWorkload(model.Service, "web", "asia-east1"), newWorkload(model.Service, "api", "us-central1"), newWorkload(model.WorkerPool, "queue", "us-central1")}
	close(cloud.pages)
	term.shows("6 workloads\n", "▸ web       job          asia-east1")
	term.shows("api ")
	term.press("home")
	assertInOrder(t, term.shows("▸ api"), "api ", "nightly", "queue", "asia-east1", "europe-west1", "service      asia-east1", "+ a new")
}

// assertInOrder fails unless the texts stand on the screen one after the other.
func assertInOrder(t *testing.T, screen string, texts ...string) {
	t.Helper()
	rest := screen
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Fatalf("%q does not follow in\n%s", text, screen)
		}
		rest = after
	}
}
