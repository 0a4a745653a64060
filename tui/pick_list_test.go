package tui

import (
	"cmp"
	"regexp"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// A project that the list lacks is asked for by its id; what can be no id says so.
func TestATypedProjectThatTheListLacks(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects\n")
	term.typeText("hidden-proj")
	compareScreen(t, "pick-project-typed", term.shows("0 of 3 projects\n", "▸ hidden-proj  not in the list: ask Google Cloud about it"))
	term.press("enter")
	term.shows("What runs it in hidden-proj?")
	term.press("esc", "esc")
	for _, test := range []struct {
		typed, shows string
		lacks        []string
	}{
		{"myproject-a", "▸ myproject-a  111111111111", []string{"not in the list"}},
		{"222222222222", "▸ myproject-b", []string{"not in the list"}},
		{"999999999999", "▸ 999999999999  not in the list", nil},
		{"myproject", "myproject  not in the list", nil},
		{"Shop_A", `Shop_A can't be a project: an id has no "S", only lower-case letters`, []string{"ask Google", "Nothing fits"}},
		{"nope!!", `nope!! can't be a project: an id has no "!", only lower-case letters`, []string{"ask Google", "Nothing fits"}},
		{"zz zz", "Nothing fits the filter; esc clears it.", []string{"ask Google", "can't be"}},
		{"!zz", "3 of 3 projects", []string{"ask Google", "can't be"}},
	} {
		t.Run(test.typed, func(t *testing.T) {
			term.typeText(test.typed)
			assertLacks(t, term.shows(test.typed, test.shows), test.lacks...)
			term.press("esc")
			term.shows("    3 projects\n", "type to filter")
		})
	}
}

// Words that stand in a row behind the list mean it, and not an item that has their letters somewhere. What an item spells is it.
func TestExactWordsBehindTheList(t *testing.T) {
	cloud := &pagedCloud{newFakeCloud(), make(chan []model.Workload, 1)}
	cloud.pages <- []model.Workload{newWorkload(model.Service, "an-elder-wolf", "us-east1"), newWorkload(model.Service, "a-new-one", "us-east1")}
	close(cloud.pages)
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads\n")
	for _, c := range []struct{ typed, shows string }{
		{"new", "▸ a-new-one"}, {"aelw", "▸ an-elder-wolf"}, {"a depl", "▸ + a new deployment"}, {"new deployment", "▸ + a new deployment"}, {"wolf", "▸ an-elder-wolf"},
	} {
		t.Run(c.typed, func(*testing.T) {
			term.typeText(c.typed)
			term.shows(c.typed, c.shows)
			term.press("esc")
			term.shows("    2 workloads\n")
		})
	}
	term.typeText("+ a new")
	term.press("enter")
	term.shows("What kind of workload is the new deployment?")
}

// A typed id is a row as long as the list lacks it, and the cursor stays on it when the list brings it.
func TestATypedProjectArrives(t *testing.T) {
	cloud := newSlowCloud()
	cloud.first, cloud.second = manyProjects(0, 3), []model.Project{{ID: "late-one", Number: "777"}, {ID: "a-late-one", Number: "778"}}
	term := start(t, cloud, Options{}, 80, 24)
	term.showsInPassing("3 projects, reading …", "▸ team-00000")
	term.typeText("late-one")
	term.showsInPassing("▸ late-one  not in the list")
	close(cloud.secondPage)
	term.shows("2 of 5 projects\n", "▸ late-one    777")
}

// Until a person moves it, the cursor is at the top, whatever arrives: which answer came first says nothing. Then the row under
// it stays under it.
func TestPagesDoNotMoveTheCursor(t *testing.T) {
	cloud := &pagedCloud{newFakeCloud(), make(chan []model.Workload)}
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	assertLacks(t, term.showsInPassing("   reading …", "    + a new deployment"), "▸ +", "0 workloads")
	term.press("enter")
	term.showsInPassing("What runs it in")
	cloud.pages <- []model.Workload{newWorkload(model.Job, "m", "us-east1")}
	term.showsInPassing("▸ m ")
	broken := newWorkload(model.Job, "z", "us-east1")
	broken.Condition = &model.Readiness{Reason: "ContainerPermissionDenied"}
	cloud.pages <- []model.Workload{broken, newWorkload(model.Job, "a", "us-east1")}
	assertInOrder(t, term.showsInPassing("3 workloads, reading …", "not ready"), "  ▸ z ", "    a ", "    m ", "    + a new")
	term.press("down", "down")
	term.showsInPassing("▸ m ")
	cloud.pages <- []model.Workload{newWorkload(model.Job, "c", "us-east1")}
	assertInOrder(t, term.showsInPassing("4 workloads, reading …"), "    z ", "    a ", "    c ", "  ▸ m ", "    + a new")
	term.press("end")
	term.showsInPassing("▸ + a new deployment")
	cloud.pages <- []model.Workload{newWorkload(model.Job, "b", "us-east1")}
	term.showsInPassing("5 workloads, reading …", "▸ + a new deployment")
	close(cloud.pages)
	term.shows("5 workloads\n", "▸ + a new deployment")
}

// The order in which the kinds and regions answer changes nothing: the same list, with the cursor on the same row. That is the
// recent one, or else the first as the list is sorted.
func TestTheOrderOfTheAnswersChangesNothing(t *testing.T) {
	pages := [][]model.Workload{{newWorkload(model.Job, "m", "us-east1")}, {newWorkload(model.Service, "b", "us-west1"), newWorkload(model.Service, "z", "asia-east1")}, {newWorkload(model.WorkerPool, "a", "us-east1")}}
	recent := []Recent{{Project: "myproject-a", Workload: &model.WorkloadName{Kind: model.Service, Name: "z", Region: "asia-east1"}}}
	for name, c := range map[string]struct {
		options Options
		typed   string
		first   string
	}{
		"nothing before": {Options{}, "", "▸ a "}, "a recent one": {Options{Recent: recent}, "", "▸ z "}, "typed": {Options{}, "us-", "▸ a "},
	} {
		t.Run(name, func(t *testing.T) {
			same := ""
			for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
				cloud, o := &pagedCloud{newFakeCloud(), make(chan []model.Workload)}, c.options
				o.Question.Project = "myproject-a"
				term := start(t, cloud, o, 80, 24)
				term.showsInPassing("What runs it in")
				if c.typed != "" {
					term.typeText(c.typed)
				}
				for _, n := range order {
					cloud.pages <- pages[n]
				}
				close(cloud.pages)
				screen := term.shows("4 workloads\n", c.first)
				if same = cmp.Or(same, screen); screen != same {
					t.Errorf("answered in order %v:\n%s\nbefore:\n%s", order, screen, same)
				}
			}
		})
	}
}

// ctrl+s sorts by the next column, says so in the head, and the cursor stays on its row.
func TestSorting(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects\n", "▸ myproject-a")
	for _, test := range []struct{ head, order string }{
		{"3 projects, by id", "data-lake myproject-a myproject-b"}, {"3 projects, by number", "myproject-a myproject-b data-lake"},
		{"3 projects, by name", "My project A|My project B|データ基盤"}, {"   3 projects", "myproject-a myproject-b data-lake"},
	} {
		t.Run(test.head, func(t *testing.T) {
			term.press("ctrl+s")
			assertInOrder(t, term.shows(test.head+"\n", "▸ myproject-a"), strings.FieldsFunc(test.order, func(r rune) bool { return r == '|' || r == ' ' && !strings.Contains(test.order, "|") })...)
		})
	}
	term.press("ctrl+s")
	term.typeText("proj")
	term.shows("2 of 3 projects, by id\n", "▸ myproject-a")
}

// Several words in any order, with fzf's signs.
func TestWordsInAnyOrder(t *testing.T) {
	cloud := newSlowCloud()
	cloud.first = manyProjects(0, 5000)
	close(cloud.secondPage)
	term := start(t, cloud, Options{}, 80, 24)
	term.shows("5000 projects\n")
	for typed, shows := range map[string]string{"104999 team": "1 of 5000", "'team '0499": "11 of 5000", "^10499 5$": "1 of 5000", "!team": "0 of 5000", "'team-00 !9": "729 of 5000"} {
		t.Run(typed, func(*testing.T) {
			term.typeText(typed)
			term.shows(typed, shows)
			term.press("esc")
			term.shows("    5000 projects\n")
		})
	}
}

// The project of gcloud's configuration stands first, behind what was picked before.
func TestTheCurrentProjectStandsFirst(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{CurrentProject: "data-lake", Recent: []Recent{{Project: "myproject-b"}}}, 80, 24)
	assertInOrder(t, term.shows("3 projects\n"), "RECENT", "▸ myproject-b", "PROJECTS", "data-lake", "gcloud's project", "myproject-a", "myproject-b")
	other := start(t, cloud, Options{CurrentProject: "data-lake"}, 80, 24)
	assertInOrder(t, other.shows("3 projects\n"), "▸ data-lake", "gcloud's project", "myproject-a", "START ELSEWHERE")
	assertLacks(t, other.shows("3 projects\n"), "RECENT", "PROJECTS")
	both := start(t, cloud, Options{CurrentProject: "data-lake", Recent: []Recent{{Project: "data-lake"}}}, 80, 24)
	assertInOrder(t, both.shows("3 projects\n"), "RECENT", "▸ data-lake", "PROJECTS", "data-lake", "gcloud's project", "myproject-a")
}

// The row under the cursor is a bar over the whole width, and the letters that were looked for stand out in it.
func TestTheRowUnderTheCursorIsABar(t *testing.T) {
	whole := regexp.MustCompile(`^(\x1b\[[0-9;]+m[^\x1b]+\x1b\[m)+$`)
	for _, theme := range []ui.Theme{ui.ThemeMono, ui.ThemeDark, ui.ThemeLight, ui.ThemeTerminal} {
		t.Run(string(theme), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Theme: theme}, 60, 15)
			term.shows("3 projects\n")
			term.typeText("project-b")
			term.shows("1 of 3 projects\n", "▸ myproject-b")
			line := strings.Split(term.tracked.lastContent(), "\n")[6]
			if cells.Width(line) != 60 || !whole.MatchString(line) || !strings.Contains(line, ";4") {
				t.Errorf("%q", line)
			}
		})
	}
}

// Before anything has arrived a screen says that it reads, and has no number for what it does not know.
func TestNothingIsCountedBeforeItArrives(t *testing.T) {
	for _, test := range []struct {
		name, asks string
		question   model.Question
		open       func(term *terminal)
	}{
		{"projects", "Which project runs the container?", model.Question{}, func(*terminal) {}},
		{"workloads", "What runs it in myproject-a?", model.Question{Project: "myproject-a"}, func(*terminal) {}},
		{"repositories", "Which repository of myproject-b?", model.Question{}, func(term *terminal) {
			term.press("down")
			term.showsInPassing("▸ A repository ")
			term.press("enter")
			term.showsInPassing("Which project holds the repository?")
			term.typeText("myproject-b")
			term.showsInPassing("▸ myproject-b")
			term.press("enter")
		}},
		{"registry of a repository", "Who may pull from repository", model.Question{}, func(term *terminal) {
			term.paste("asia-northeast1-docker.pkg.dev/myproject-b/myrepo")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.answersHold = make(chan struct{})
			term := start(t, cloud, Options{Question: test.question}, 120, 36)
			term.showsInPassing("reading …")
			test.open(term)
			screen := term.showsInPassing(test.asks, "reading …")
			if found := regexp.MustCompile(`\b0 [a-z]+`).FindString(screen); found != "" {
				t.Errorf("it says %q:\n%s", found, screen)
			}
		})
	}
}
