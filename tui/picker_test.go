package tui

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

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
	term.showsInPassing("What runs it in team-00000?", "0 workloads, reading …")
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
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// What was picked last comes first, before the list is there, and once only when it is; so does the workload.
func TestRecentPicks(t *testing.T) {
	cloud := newSlowCloud()
	cloud.workloadsHold = make(chan struct{})
	cloud.second = []model.Project{{ID: "data-lake", Number: "333333333333"}, {ID: "myproject-a", Number: "111111111111", Name: "My project A"}}
	job := jobName
	var kept savedPicks
	term := start(t, cloud, Options{Recent: []Recent{{"myproject-a", &job}, {"gone-by-now", nil}}, SaveRecent: kept.add}, 80, 24)
	compareScreen(t, "recent-reading", term.showsInPassing("▸ myproject-a", "gone-by-now", "recent", "0 projects, reading …", "dev@example.com"))
	close(cloud.secondPage)
	compareScreen(t, "recent-read", term.shows("2 projects\n", "▸ myproject-a", "data-lake"))
	term.typeText("a")
	term.shows("2 of 2 projects")
	term.press("esc", "home", "enter")
	compareScreen(t, "recent-workload", term.showsInPassing("What runs it in myproject-a?", "▸ myjob", "+ a new deployment"))
	term.press("enter") // the map finds the image of a workload that the list has not brought yet
	term.shows("✗ missing  myproject-a ▸ job myjob")
	term.press("esc")
	close(cloud.workloadsHold)
	term.shows("2 workloads\n", "▸ myjob", "myproject-b/myrepo/myjob")
	term.press("enter")
	term.shows("✗ missing  myproject-a ▸ job myjob")
	term.press("esc", "down", "enter")
	term.shows("myproject-a ▸ service web")
	term.stop()
	if got := kept.String(); got != "myproject-a/myjob myproject-a/myjob myproject-a/web" {
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
}

func TestRemember(t *testing.T) {
	job := &model.WorkloadName{Name: "j"}
	list := []Recent{{"a", job}, {"b", nil}, {"c", nil}, {"d", nil}, {"e", nil}}
	for _, test := range []struct {
		pick Recent
		want string
	}{{Recent{"f", job}, "f/j a/j b c d"}, {Recent{"a", nil}, "a/j b c d e"}, {Recent{"a", &model.WorkloadName{Name: "k"}}, "a/k b c d e"}, {Recent{"c", job}, "c/j a/j b d e"}} {
		t.Run(test.want, func(t *testing.T) {
			if got := (&savedPicks{kept: AddRecent(list, test.pick)}).String(); got != test.want {
				t.Errorf("%v: %s, want %s", test.pick, got, test.want)
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
