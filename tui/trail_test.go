package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// trailScenes are the scenes, and some whose places were passed by on the way.
func trailScenes() map[string]func(t *testing.T) *root {
	open := func(s scene, o Options) func(t *testing.T) *root {
		return func(t *testing.T) *root {
			cloud := sceneCloud(t)
			return openScene(t, cloud, o, s, 200, 50)
		}
	}
	all := map[string]func(t *testing.T) *root{}
	for name, s := range scenes() {
		all[name] = open(s, Options{})
	}
	article := articleQuestion()
	recent := Options{Recent: []Recent{{Project: article.Project, Workload: article.Workload}}}
	type letters = []string
	typed := func(word string, more ...string) []string { return append(strings.Split(word, ""), more...) }
	all["map of a recent question"] = open(scene{keys: letters{"enter"}}, recent)
	all["walk of a recent question"] = open(scene{keys: letters{"enter", "enter"}}, recent)
	all["registry of a project"] = open(scene{keys: append(letters{"ctrl+p"}, typed("registry of", "enter")...)}, Options{})
	all["undo of earlier changes"] = open(scene{question: article, keys: letters{"ctrl+p", "h", "i", "enter", "enter"}}, Options{})
	return all
}

// placesOfTrail are the columns of the title line in which the parts of the breadcrumb begin.
func placesOfTrail(r *root) map[int]int {
	places := map[int]int{}
	for x := r.width - 1; x >= 0; x-- {
		if at := r.spots.At(x, 0); at.Pane == ui.PaneTrail {
			places[at.Row] = x
		}
	}
	return places
}

// Each part of the breadcrumb is clicked on each screen. It leads to the place that it names; the last one stays here, and the
// badge leads to the first screen.
func TestEachPartOfTheTrailLeadsWhereItSays(t *testing.T) {
	for name, open := range trailScenes() {
		t.Run(name, func(t *testing.T) {
			r := open(t)
			if r.dialog != nil || r.menu != nil || r.palette != nil || r.showHelp {
				t.Skip("what stands over a screen takes its clicks")
			}
			trail := ui.TrailOf(r.top().Breadcrumb())
			r.View()
			places := placesOfTrail(r)
			for part := firstScreen; part < len(trail); part++ {
				x, ok := places[part]
				if !ok {
					if part == firstScreen || trail[part] != "" {
						t.Errorf("part %d of %q can't be clicked", part, trail)
					}
					continue
				}
				assertPartLeads(t, open(t), x, trail, part)
			}
		})
	}
}

// assertPartLeads clicks a part of the breadcrumb.
func assertPartLeads(t *testing.T, r *root, x int, trail []string, part int) {
	t.Helper()
	r.View()
	before := r.top()
	settle(r, tea.MouseClickMsg{X: x, Y: 0, Button: tea.MouseLeft})
	got, screen := ui.TrailOf(r.top().Breadcrumb()), ansi.Strip(r.View().Content)
	switch {
	case part == firstScreen:
		if len(r.stack) != 1 {
			t.Errorf("the badge leads to %q:\n%s", got, screen)
		}
	case !slices.Equal(got, trail[:part+1]):
		t.Errorf("part %d of %q leads to %q:\n%s", part, trail, got, screen)
	case (part == len(trail)-1) != (r.top() == before):
		t.Errorf("part %d of %q leads from here: %t", part, trail, r.top() != before)
	}
}

// A place that was passed by replaces the screens in it: from there one step leads back to where one came from.
func TestAPlaceThatWasPassedByStandsBeforeWhatLiesInIt(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Recent: []Recent{{Project: "myproject-a", Workload: articleQuestion().Workload}}}, 120, 36)
	term.shows("▸ myproject-a ▸ job myjob")
	term.press("enter")
	term.shows("fix: 1 step")
	term.press("enter")
	term.shows("○ to do")
	term.click("myproject-a ▸")
	term.shows("What runs it in myproject-a?", "2 workloads")
	term.press("esc")
	term.shows("Which project runs the container?")

	term = start(t, newStaleCloud(), Options{Question: model.Question{}}, 120, 36)
	term.shows("3 projects")
	term.paste("asia-northeast1-docker.pkg.dev/myproject-b/myrepo")
	term.shows("registry of myproject-b ▸ myrepo")
	term.click("registry of myproject-b")
	term.shows("Who may pull from the repositories of myproject-b?")
	term.press("esc")
	term.shows("Which project runs the container?")
}
