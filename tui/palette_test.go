package tui

import (
	"context"
	"fmt"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// openPaletteOn opens the palette on the article's map.
func openPaletteOn(t *testing.T, o Options, width, height int) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, newFakeCloud(), o, width, height)
	term.shows("fix: 1 step")
	term.press("ctrl+p")
	term.shows("Go anywhere, do anything")
	return term
}

// The palette shows what can be done here, and why something can't, at every size.
func TestThePaletteInEveryWindow(t *testing.T) {
	job := model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			term := openPaletteOn(t, Options{Recent: []Recent{{Project: "data-lake", Workload: &job}, {Project: "myproject-b"}}}, size.width, size.height)
			compareScreen(t, fmt.Sprintf("palette-%dx%d", size.width, size.height), term.shows("fix: 1 step"))
		})
	}
}

// Typed, it finds what lists brought, and marks what was found.
func TestThePaletteFindsWhatWasRead(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.press("esc")
	term.shows("3 projects")
	term.press("ctrl+p")
	term.shows("to be found: 3 projects, 2 workloads")
	term.typeText("my")
	compareScreen(t, "palette-found", term.shows("entries found"))
	term.typeText("job")
	term.press("enter")
	term.shows("fix: 1 step", "myproject-a ▸ job myjob")
	term.press("esc")
	term.shows("3 projects")
}

// Each key of each screen stands in the palette once, by its name, and is off there for the reason that the help gives.
func TestThePaletteHasEachActionOnce(t *testing.T) {
	r := newRoot(t.Context(), Options{}, nil)
	for _, s := range everyScreen(r.app) {
		t.Run(s.place, func(t *testing.T) {
			r.stack = []ui.Screen{s.screen}
			count := map[string]int{}
			whyOff := map[string]string{}
			for _, e := range r.paletteEntries() {
				count[e.ID]++
				whyOff[e.ID] = e.WhyOff
			}
			for _, b := range r.bindings() {
				id := "action " + string(b.Intent)
				switch {
				case b.Intent == ui.IntentPalette:
				case count[id] != 1:
					t.Errorf("%s is there %d times", b.Intent, count[id])
				case b.Opposite == "" && whyOff[id] != b.WhyOff:
					t.Errorf("%s is off because %q, want %q", b.Intent, whyOff[id], b.WhyOff)
				}
			}
			for id, n := range count {
				if n > 1 {
					t.Errorf("%s is there %d times", id, n)
				}
			}
		})
	}
}

// The palette opens and closes by its keys, and leaves everything as it was.
func TestKeysOfThePalette(t *testing.T) {
	for _, test := range []struct {
		name      string
		keys      []string
		shows     string // then
		showsNone string
	}{
		{"ctrl+p", []string{"ctrl+p"}, "Go anywhere", ""},
		{"a colon, where letters are actions", []string{":"}, "Go anywhere", ""},
		{"ctrl+p closes it again", []string{"ctrl+p", "ctrl+p"}, "✗ missing  pull the image", "Go anywhere"},
		{"esc closes it with what was typed", []string{"ctrl+p", "x", "esc"}, "✗ missing  pull the image", "Go anywhere"},
		{"a colon in it is text", []string{"ctrl+p", ":"}, "› :", ""},
		{"a letter is text", []string{"ctrl+p", "q"}, "› q", ""},
		{"ctrl+u clears", []string{"ctrl+p", "q", "ctrl+u"}, "THIS SCREEN", "› q"},
		{"an action", []string{"ctrl+p", "w", "o", "r", "d", "s", "enter"}, "Keys here", "Go anywhere"},
		{"the one that was moved to", []string{"ctrl+p", "down", "enter"}, "╭ Copy", "Go anywhere"},
		{"what is off says why and stays", []string{"ctrl+p", "u", "n", "d", "o", "enter"}, "\n nothing of this run to take back", ""},
		{"nothing fits", []string{"ctrl+p", "x", "x", "x", "enter"}, "Nothing fits.", ""},
		{"not over the help", []string{"?", ":"}, "✗ missing  pull the image", "Go anywhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
			term.shows("fix: 1 step")
			term.press(test.keys...)
			screen := term.shows(test.shows)
			if test.showsNone != "" {
				assertLacks(t, screen, test.showsNone)
			}
		})
	}
}

// From the map of a workload the palette leads to the map of another image for it.
func TestAnotherImageForAWorkload(t *testing.T) {
	term := openMap80(t)
	term.press(":")
	term.typeText("another image")
	term.shows("▸ place")
	term.press("enter")
	term.shows("Which image?", "myproject-a ▸ job myjob")
	term.typeText("docker.io/library/nginx:1.27")
	term.press("enter")
	term.shows("myproject-a ▸ job myjob", "nginx:1.27", "pull the image")
	term.press("esc", "esc")
	term.shows("myjob:latest")
}

// In a list a colon is text, a palette or not.
func TestAColonIsTextInAList(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.press(":")
	assertLacks(t, term.shows("0 of 3 projects"), "Go anywhere")
}

// A question goes before the palette, which does not open over one.
func TestAQuestionGoesBeforeThePalette(t *testing.T) {
	cloud := newFakeCloud()
	cloud.projectHold = make(chan struct{})
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.showsInPassing("looking")
	term.press("ctrl+p")
	term.showsInPassing("Go anywhere")
	term.typeText("another project")
	term.press("enter")
	term.showsInPassing("a question is on its way")
	close(cloud.projectHold)
	assertLacks(t, term.shows("Change the policy"), "Go anywhere")
	term.press("ctrl+p")
	assertLacks(t, term.shows("Change the policy"), "Go anywhere")
}

// A word that is pasted into the palette is looked for. Whatever else can be used opens its screen.
func TestAPasteIntoThePalette(t *testing.T) {
	term := openPaletteOn(t, Options{}, 80, 24)
	term.paste("qqq")
	term.shows("Go anywhere", "Nothing fits.")
	term.paste("ERROR: (gcloud.run.deploy) PERMISSION_DENIED: x")
	assertLacks(t, term.shows("What did the deploy say?"), "Go anywhere")
}

// Without a connection what needs one is off, and the rest works.
func TestThePaletteWithoutAConnection(t *testing.T) {
	o := Options{Connect: func(context.Context) (Cloud, error) { return nil, errSignedOut }}
	term := start(t, nil, o, 80, 24)
	term.shows("Not signed in")
	term.press(":")
	compareScreen(t, "palette-signed-out", term.shows("try again", "Read an error message"))
	term.typeText("error message")
	term.press("enter")
	term.shows("Paste")
}

// Each kind of thing that was read leads to its screen.
func TestWhereWhatWasReadLeads(t *testing.T) {
	for _, test := range []struct{ name, typed, shows string }{
		{"a project", "^data-lake", "What runs it in data-lake?"},
		{"a workload", "^web$", "myproject-a ▸ service web"},
		{"a repository", "^myrepo$", "Who may pull from repository myrepo of myproject-b?"},
		{"an image", "^myjob:latest", "myproject-a ▸ a new"},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
			term.shows("2 workloads")
			readEverything(t, term.root)
			term.press("ctrl+p")
			term.shows("Go anywhere")
			term.typeText(test.typed)
			term.shows("found")
			term.press("enter")
			term.shows(test.shows)
			term.press("esc")
			term.shows("What runs it in myproject-a?")
		})
	}
}

// readEverything lists what the cloud has, as the screens would.
func readEverything(t *testing.T, r *root) {
	t.Helper()
	cloud := r.cloudIfConnected()
	for range cloud.Projects(t.Context()) {
	}
	for range cloud.Repositories(t.Context(), "myproject-b") {
	}
	for range cloud.Images(t.Context(), repoName) {
	}
}

// An image is asked about for the project that was picked, and else that is asked first.
func TestAnImageAsksForItsProject(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	readEverything(t, term.root)
	term.press("ctrl+p")
	term.typeText("^myjob:latest")
	term.shows("1 entry found")
	term.press("enter")
	term.shows("Which project runs the container?")
	term.typeText("myproject-a")
	term.press("enter")
	term.shows("myproject-a ▸ a new")
}
