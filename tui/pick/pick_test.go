package pick

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/list"
	"whopulls/tui/ui"
)

var myrepo = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}

const (
	myjobImage = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest"
	proxyImage = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/proxy:v1"
)

// fakeCloud lists what it holds, each list in one page. It reads no facts.
type fakeCloud struct{ Cloud }

func onePage[T any](items ...T) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) { yield(model.ListPage[T]{Items: items}, nil) }
}

func (fakeCloud) Projects(context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return onePage(model.Project{ID: "myproject-b", Number: "222222222222"}, model.Project{ID: "myproject-a", Number: "111111111111"})
}

func (fakeCloud) Workloads(context.Context, string) iter.Seq2[model.ListPage[model.Workload], error] {
	name := model.WorkloadName{Kind: model.Job, Region: "asia-northeast1", Name: "myjob"}
	return onePage(model.Workload{WorkloadName: name, Images: []model.Image{model.ImageOf(myjobImage), model.ImageOf(proxyImage)}})
}

func (fakeCloud) Repositories(context.Context, string) iter.Seq2[model.ListPage[model.Repository], error] {
	return onePage(model.Repository{Name: myrepo, Mode: "STANDARD_REPOSITORY"})
}

func (fakeCloud) Images(context.Context, model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return onePage(model.ListedImage{Base: model.ImageOf(strings.TrimSuffix(proxyImage, ":v1")), Path: "proxy", Tags: []string{"v1"}})
}

// openedMap is the map that a pick ended in.
type openedMap struct {
	ui.Screen
	question model.Question
}

func newPicking(recent ...string) *Picking {
	var recents []Recent
	for _, project := range recent {
		recents = append(recents, Recent{Project: project})
	}
	return &Picking{
		Session:        &ui.Session{Context: context.Background(), Styles: ui.NewStyles("")},
		Cloud:          func(context.Context) (Cloud, error) { return fakeCloud{}, nil },
		OpenMap:        func(q model.Question) ui.Screen { return openedMap{question: q} },
		Recents:        recents,
		RecentWorkload: func(string) *model.WorkloadName { return nil },
	}
}

// filled is a list with everything that its source brings.
func filled(t *testing.T, s ui.Screen) *list.List {
	t.Helper()
	if w, ok := s.(*Workloads); ok {
		s = w.List
	}
	l, ok := s.(*list.List)
	if !ok {
		t.Fatalf("the screen is a %T, want a list", s)
	}
	for cmd := l.Init(); cmd != nil; {
		cmd = l.Update(cmd())
	}
	return l
}

// pushed is the screen that a command opens.
func pushed(t *testing.T, cmd tea.Cmd) ui.Screen {
	t.Helper()
	if cmd == nil {
		t.Fatal("no screen is opened")
	}
	push, ok := cmd().(ui.PushMsg)
	if !ok {
		t.Fatal("another message than the next screen")
	}
	return push.Screen
}

// choose types a filter into a list and takes the first line that fits.
func choose(t *testing.T, s ui.Screen, filter string) ui.Screen {
	t.Helper()
	l := filled(t, s)
	l.HandleText(tea.PasteMsg{Content: filter})
	l.FinishSearch()
	return pushed(t, l.Handle(ui.IntentChoose))
}

// firstCells are the first cells of the lines that a list shows.
func firstCells(l *list.List) (names []string) {
	for _, i := range l.Shown() {
		names = append(names, i.Cells[0])
	}
	return names
}

func TestRecentProjectsStandAboveTheList(t *testing.T) {
	l := filled(t, FirstScreens(newPicking("myproject-b"), model.Question{})[0])
	if got := firstCells(l); len(got) == 0 || got[0] != "myproject-b" {
		t.Errorf("the list shows %q", got)
	}
}

func TestAFilterNarrowsTheList(t *testing.T) {
	l := filled(t, FirstScreens(newPicking(), model.Question{})[0])
	l.HandleText(tea.PasteMsg{Content: "111111"})
	l.FinishSearch()
	if got := firstCells(l); !slices.Equal(got, []string{"myproject-a"}) {
		t.Errorf("the list shows %q", got)
	}
}

// The screens to start with: each choice that a flag made is below the first open one.
func TestFirstScreens(t *testing.T) {
	job := model.WorkloadName{Kind: model.Job, Region: "asia-northeast1", Name: "myjob"}
	cases := []struct {
		name     string
		question model.Question
		screens  int
		isMap    bool
	}{
		{"nothing is known", model.Question{}, 1, false},
		{"a project", model.Question{Project: "myproject-a"}, 2, false},
		{"a workload", model.Question{Project: "myproject-a", Workload: &job}, 3, true},
		{"a repository", model.Question{Project: "myproject-a", Repository: myrepo}, 3, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			screens := FirstScreens(newPicking(), c.question)
			_, isMap := screens[len(screens)-1].(openedMap)
			if len(screens) != c.screens || isMap != c.isMap {
				t.Errorf("%d screens, the last is the map: %v; want %d, %v", len(screens), isMap, c.screens, c.isMap)
			}
		})
	}
}

// From the first list to the map: a workload whose image is known opens it at once, and that image is not part of the question.
// A new deployment asks for its image first.
func TestPickingEndsInTheMap(t *testing.T) {
	cases := []struct {
		name     string
		workload string
		typed    string // "": the image isn't asked for
		image    string // of the question
	}{
		{"a workload", "myjob", "", ""},
		{"a new deployment", "a new deployment", myjobImage, myjobImage},
		{"a command with the image", "a new deployment", "docker pull " + proxyImage, proxyImage},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := choose(t, FirstScreens(newPicking(), model.Question{})[0], "myproject-a")
			s = choose(t, s, c.workload)
			if l, asksKind := s.(*list.List); asksKind {
				s = choose(t, l, "service")
			}
			if field, asksImage := s.(*imageScreen); asksImage {
				field.HandleText(tea.PasteMsg{Content: " " + c.typed + "\n"})
				s = pushed(t, field.Handle(ui.IntentChoose))
			}
			opened, ok := s.(openedMap)
			if !ok {
				t.Fatal("the map is not opened")
			}
			if q := opened.question; q.Project != "myproject-a" || q.Image != model.ImageOf(c.image) && c.image != "" || q.Image.IsZero() != (c.image == "") {
				t.Errorf("the question is %+v", q)
			}
		})
	}
}

func TestTheImageFieldRefusesWhatIsNoReference(t *testing.T) {
	field := NewImageScreen(newPicking(), model.Question{Project: "myproject-a"}).(*imageScreen)
	field.HandleText(tea.PasteMsg{Content: "not an image"})
	if cmd := field.Handle(ui.IntentChoose); cmd != nil || !strings.Contains(field.View(80, 24), "Not an image reference: ") {
		t.Errorf("the screen is\n%s", field.View(80, 24))
	}
	field.Handle(ui.IntentClear)
	if view := field.View(80, 24); strings.Contains(view, "Not an image") || strings.Contains(view, "not an image") {
		t.Errorf("after clearing the screen is\n%s", view)
	}
}

// An image is found by source project, repository and image; the first line asks about the whole repository.
func TestBrowsingForAnImage(t *testing.T) {
	for line, want := range map[string]string{"proxy": proxyImage, "any image": ""} {
		t.Run(line, func(t *testing.T) {
			field := NewImageScreen(newPicking(), model.Question{Project: "myproject-a"}).(*imageScreen)
			repositories := choose(t, pushed(t, field.Handle(ui.IntentBrowse)), "myproject-b")
			q := choose(t, choose(t, repositories, "myrepo"), line).(openedMap).question
			if want == "" && q.Repository != myrepo || want != "" && q.Image.String() != want {
				t.Errorf("the question is %+v", q)
			}
		})
	}
}
