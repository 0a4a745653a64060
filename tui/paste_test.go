package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// at leads to a screen; here is what is on it.
type at struct {
	name string
	to   func(t *testing.T) *terminal
	here string
}

func mapped80(t *testing.T) *terminal {
	t.Helper()
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("walk through 1 step")
	return term
}

func unsigned(t *testing.T, err error) *terminal {
	t.Helper()
	return start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return nil, err }}, 80, 24)
}

// typing80 are the screens where a short text is for a line on the screen, the others where it is for nothing.
var typing80, acting80 = []at{
	{"projects", func(t *testing.T) *terminal { return start(t, newFakeCloud(), Options{}, 80, 24) }, "3 projects"},
	{"workloads", func(t *testing.T) *terminal {
		return start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	}, "2 workloads"},
	{"kinds", func(t *testing.T) *terminal {
		term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
		term.shows("2 workloads")
		term.keys("enter")
		return term
	}, "What kind of workload is the new deployment?"},
	{"image", image80, "Which image?"},
	{"source projects", func(t *testing.T) *terminal {
		term := image80(t)
		term.keys("tab")
		return term
	}, "Which project holds the image?"},
	{"repositories", func(t *testing.T) *terminal { return repositories80(t) }, "Which repository of"},
	{"images", func(t *testing.T) *terminal {
		term := repositories80(t)
		term.keys("enter")
		return term
	}, "Which image of myrepo?"},
	{"clean-up", func(t *testing.T) *terminal { return cleanUp(t, newStaleCloud(), Options{}, 80, 24) }, "7 bindings"},
}, []at{
	{"map", mapped80, "walk through 1 step"},
	{"walk", func(t *testing.T) *terminal { return walking(t, newFakeCloud(), Options{}) }, "○ to do"},
	{"end of the walk", func(t *testing.T) *terminal {
		term := walking(t, newFakeCloud(), Options{})
		term.keys("enter")
		term.shows("Change the policy")
		term.yes()
		return term
	}, "✓ granted and verified"},
	{"clean-up's walk", func(t *testing.T) *terminal {
		term := cleanUp(t, newStaleCloud(), Options{}, 80, 24)
		term.keys("enter")
		return term
	}, "0 of 1 done"},
	{"help", func(t *testing.T) *terminal {
		term := mapped80(t)
		term.keys("?")
		return term
	}, "Keys here"},
	{"not signed in", func(t *testing.T) *terminal { return unsigned(t, errSignedOut) }, "Not signed in"},
	{"no connection", func(t *testing.T) *terminal { return unsigned(t, errors.New("no way to the network")) }, "No connection"},
}

func image80(t *testing.T) *terminal {
	t.Helper()
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.types("myjob")
	term.shows("1 of 2 workloads")
	term.keys("enter")
	term.shows("Which image?")
	return term
}

func repositories80(t *testing.T) *terminal {
	t.Helper()
	term := image80(t)
	term.keys("tab")
	term.shows("3 projects")
	term.keys("enter")
	term.shows("Which repository of")
	return term
}

// A failure text is read on whichever screen it is pasted, and esc leads back there.
func TestAFailureTextIsReadOnEveryScreen(t *testing.T) {
	for _, s := range append(typing80[:len(typing80):len(typing80)], acting80...) {
		for about, c := range map[string]struct{ text, shown string }{
			"known":         {said, "✗ PULLS"},
			"in one line":   {strings.ReplaceAll(said, "\n", " "), "✗ PULLS"},
			"several lines": {"this went wrong today\nand nobody knows why", "? No cause could be read"},
			"in Japanese":   {"次のエラーが出ました。\n" + said, "✗ PULLS"},
		} {
			t.Run(s.name+" "+about, func(t *testing.T) {
				term := s.to(t)
				term.shows(s.here)
				term.pastes(c.text)
				term.shows("What did the deploy say?", c.shown)
				if term.keys("esc"); s.name == "help" { // it was only laid over the map
					term.shows("walk through 1 step")
					return
				}
				term.shows(s.here)
			})
		}
	}
}

// What looks like a name stays in the line that takes letters; where none does, it is said to be no failure text.
func TestAShortPasteIsNoFailureText(t *testing.T) {
	for _, s := range typing80 {
		for _, text := range []string{"permission-denied-app", "PERMISSION_DENIED", "the web permission denied", "web\n"} {
			t.Run(s.name+" "+text, func(t *testing.T) {
				term := s.to(t)
				term.shows(s.here)
				term.pastes(text)
				lacks(t, term.shows(strings.TrimSpace(text)), "What did the deploy say?")
			})
		}
	}
	for _, s := range acting80 {
		term := s.to(t)
		term.shows(s.here)
		term.pastes("myproject-a")
		lacks(t, term.shows("this is no failure text"), "What did the deploy say?")
	}
}

// A paste answers no question, and nothing is opened over one, nor over a change that is being made.
func TestAPasteAnswersNothing(t *testing.T) {
	cloud := newFakeCloud()
	term := walking(t, cloud, Options{})
	term.keys("enter")
	before := term.shows("Change the policy", "▸ No")
	for _, text := range []string{said, "y", "yes\n", "myproject-b"} {
		term.pastes(text)
		if after := term.shows("Change the policy"); after != before {
			t.Errorf("%q changes the question:\n%s", text, after)
		}
	}
	if cloud.holds() {
		t.Error("a paste granted")
	}
}

func TestAPasteWaitsForAQuestion(t *testing.T) {
	cloud := newFakeCloud()
	cloud.slow = make(chan struct{})
	term := walking(t, cloud, Options{})
	term.keys("enter")
	term.passes("looking at the project that the step changes")
	term.pastes(said)
	term.passes("a question is on its way")
	close(cloud.slow)
	term.shows("Change the policy", "▸ No")
}

func TestAPasteWaitsForAChange(t *testing.T) {
	cloud := newFakeCloud()
	release := make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		<-release
		return cloud.done(s)
	}
	term := walking(t, cloud, Options{})
	term.keys("enter")
	term.shows("Change the policy")
	term.yes()
	term.passes("writing")
	term.pastes(said)
	term.passes("a change is being made")
	close(release)
	term.shows("✓ granted and verified")
	term.pastes(said)
	term.shows("✗ PULLS")
}

// Whoever is not signed in reads the text, is asked to sign in once they want the map, and then has it.
func TestAFailureTextLeadsThroughTheSignIn(t *testing.T) {
	signedIn := make(chan struct{})
	connect := func(context.Context) (Cloud, error) {
		select {
		case <-signedIn:
			return newFakeCloud(), nil
		default:
			return nil, errSignedOut
		}
	}
	term := start(t, nil, Options{Connect: connect}, 80, 24)
	term.shows("Not signed in")
	term.keys("esc")
	term.shows("this is the first screen")
	term.pastes(said)
	golden(t, "explain-not-signed-in", term.shows("✗ PULLS", "· not signed in"))
	term.keys("enter")
	term.shows("Not signed in", "r try again")
	term.keys("esc")
	term.shows("✗ PULLS", "draw the map")
	term.keys("enter")
	term.shows("Not signed in")
	close(signedIn)
	term.keys("r")
	term.shows("✗ missing  pull the image", "myproject-a ▸ a new deployment")
	term.keys("esc")
	term.shows("✗ PULLS", "dev@example.com")
	term.keys("esc")
	term.shows("Which project runs the container?", "3 projects")
}

// The workload that the screens before had found out goes with the text, wherever it is pasted.
func TestAPasteKeepsWhatIsKnown(t *testing.T) {
	for _, s := range acting80[:4] {
		t.Run(s.name, func(t *testing.T) {
			term := s.to(t)
			term.shows(s.here)
			term.watched.handle(tea.PasteMsg{Content: said})
			term.shows("✗ PULLS")
			term.keys("enter")
			term.shows("pull the image", "job myjob")
		})
	}
}
