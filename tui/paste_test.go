package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// screenCase leads to a screen; here is what is on it.
type screenCase struct {
	name  string
	open  func(t *testing.T) *terminal
	shows string
}

func openMap80(t *testing.T) *terminal {
	t.Helper()
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	return term
}

func startUnconnected(t *testing.T, err error) *terminal {
	t.Helper()
	return startUnconnectedAt(t, err, 80, 24)
}

func startUnconnectedAt(t *testing.T, err error, width, height int) *terminal {
	t.Helper()
	return start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return nil, err }}, width, height)
}

// typingScreens are the screens where a short text is for a line on the screen, the others where it is for nothing.
var typingScreens, otherScreens = []screenCase{
	{"projects", func(t *testing.T) *terminal { return start(t, newFakeCloud(), Options{}, 80, 24) }, "3 projects"},
	{"workloads", func(t *testing.T) *terminal {
		return start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	}, "2 workloads"},
	{"kinds", func(t *testing.T) *terminal {
		term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
		term.shows("2 workloads")
		term.press("end", "enter")
		return term
	}, "What kind of workload is the new deployment?"},
	{"image", openImage80, "Which image?"},
	{"source projects", func(t *testing.T) *terminal {
		term := openImage80(t)
		term.press("down")
		return term
	}, "Which project holds the image?"},
	{"repositories", func(t *testing.T) *terminal { return openRepositories80(t) }, "Which repository of"},
	{"images", func(t *testing.T) *terminal {
		term := openRepositories80(t)
		term.press("enter")
		return term
	}, "Which image of myrepo?"},
	{"registry's filter", func(t *testing.T) *terminal {
		term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
		term.press("/")
		return term
	}, "7 bindings"},
}, []screenCase{
	{"registry", func(t *testing.T) *terminal { return openRegistry(t, newStaleCloud(), Options{}, 80, 24) }, "7 bindings"},
	{"map", openMap80, "fix: 1 step"},
	{"walk", func(t *testing.T) *terminal { return startWalk(t, newFakeCloud(), Options{}) }, "○ to do"},
	{"end of the walk", func(t *testing.T) *terminal {
		term := startWalk(t, newFakeCloud(), Options{})
		term.press("enter")
		term.shows("Change the policy")
		term.answerYes()
		return term
	}, "✓ granted and verified"},
	{"clean-up's walk", func(t *testing.T) *terminal {
		term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
		term.press("enter")
		return term
	}, "0 of 1 done"},
	{"help", func(t *testing.T) *terminal {
		term := openMap80(t)
		term.press("?")
		return term
	}, "Keys here"},
	{"not signed in", func(t *testing.T) *terminal { return startUnconnected(t, errSignedOut) }, "Not signed in"},
	{"no connection", func(t *testing.T) *terminal { return startUnconnected(t, errors.New("no way to the network")) }, "No connection"},
}

func openImage80(t *testing.T) *terminal {
	t.Helper()
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.press("end", "enter")
	term.shows("3 kinds")
	term.press("enter")
	term.shows("Which image?")
	return term
}

func openRepositories80(t *testing.T) *terminal {
	t.Helper()
	term := openImage80(t)
	term.press("down")
	term.shows("3 projects")
	term.press("enter")
	term.shows("Which repository of")
	return term
}

// An error message is read on whichever screen it is pasted, and esc leads back there.
func TestAFailureTextIsReadOnEveryScreen(t *testing.T) {
	for _, s := range append(typingScreens[:len(typingScreens):len(typingScreens)], otherScreens...) {
		for about, c := range map[string]struct{ text, shown string }{
			"known":         {failureText, "✗ PULLS"},
			"in one line":   {strings.ReplaceAll(failureText, "\n", " "), "✗ PULLS"},
			"several lines": {"this went wrong today\nand nobody knows why", "? No cause could be read"},
			"in Japanese":   {"次のエラーが出ました。\n" + failureText, "✗ PULLS"},
		} {
			t.Run(s.name+" "+about, func(t *testing.T) {
				term := s.open(t)
				term.shows(s.shows)
				term.paste(c.text)
				term.shows("What did the deploy say?", c.shown)
				if term.press("esc"); s.name == "help" { // it was only laid over the map
					term.shows("fix: 1 step")
					return
				}
				term.shows(s.shows)
			})
		}
	}
}

// What looks like a name stays in the line that takes letters; where none does, it is said what can be pasted.
func TestAShortPasteIsNoFailureText(t *testing.T) {
	for _, s := range typingScreens {
		for _, text := range []string{"permission-denied-app", "PERMISSION_DENIED", "the web permission denied", "web\n"} {
			t.Run(s.name+" "+text, func(t *testing.T) {
				term := s.open(t)
				term.shows(s.shows)
				term.paste(text)
				assertLacks(t, term.shows(strings.TrimSpace(text)), "What did the deploy say?")
			})
		}
	}
	for _, s := range otherScreens {
		t.Run(s.name, func(t *testing.T) {
			term := s.open(t)
			term.shows(s.shows)
			term.paste("web")
			assertLacks(t, term.shows("Not recognized. Paste an image, a link to the console"), "What did the deploy say?")
		})
	}
}

// A paste answers no question, and nothing is opened over one, nor over a change that is being made.
func TestAPasteAnswersNothing(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	before := term.shows("Change the policy", "▸ No")
	for _, text := range []string{failureText, "y", "yes\n", "myproject-b"} {
		term.paste(text)
		if after := term.shows("Change the policy"); after != before {
			t.Errorf("%q changes the question:\n%s", text, after)
		}
	}
	if cloud.agentHasReader() {
		t.Error("a paste granted")
	}
}

// The id of a production project may be pasted into the line that asks for it; only enter answers, and only the right id.
func TestAPasteIsTypedIntoAQuestion(t *testing.T) {
	cloud := newFakeCloud()
	cloud.labels = map[string]string{"env": "prod"}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("looks like production")
	term.paste("no\nproject")
	term.shows("> no project")
	term.press("enter")
	term.shows("nothing is changed: that is not the id")
	term.press("ctrl+u")
	term.paste(" myproject-b\r\n")
	term.shows("> myproject-b")
	if cloud.agentHasReader() {
		t.Fatal("a paste alone granted")
	}
	term.press("enter")
	term.shows("✓ granted and verified")
}

func TestAPasteWaitsForAQuestion(t *testing.T) {
	cloud := newFakeCloud()
	cloud.projectHold = make(chan struct{})
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.showsInPassing("looking at the project that the step changes")
	term.paste(failureText)
	term.showsInPassing("a question is on its way")
	close(cloud.projectHold)
	term.shows("Change the policy", "▸ No")
}

func TestAPasteWaitsForAChange(t *testing.T) {
	cloud := newFakeCloud()
	release := make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		<-release
		return cloud.makeStep(s)
	}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.showsInPassing("writing")
	term.paste(failureText)
	term.showsInPassing("a change is being made")
	close(release)
	term.shows("✓ granted and verified")
	term.paste(failureText)
	term.shows("✗ PULLS")
}

// A person who is not signed in reads the text, is asked to sign in once they want the map, and then has it.
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
	term.press("esc")
	term.shows("this is the first screen")
	term.paste(failureText)
	compareScreen(t, "explain-not-signed-in", term.shows("✗ PULLS", "SANDBOX article   not signed in"))
	term.press("enter")
	term.shows("Not signed in", "r try again")
	term.press("esc")
	term.shows("✗ PULLS", "draw the map")
	term.press("enter")
	term.shows("Not signed in")
	close(signedIn)
	term.press("r")
	term.shows("✗ missing  pull the image", "myproject-a ▸ a new deployment")
	term.press("esc")
	term.shows("✗ PULLS", "dev@example.com")
	term.press("esc")
	term.shows("Which project runs the container?", "3 projects")
}

// The workload that the screens before had found out goes with the text, wherever it is pasted.
func TestAPasteKeepsWhatIsKnown(t *testing.T) {
	for _, s := range otherScreens[:4] {
		t.Run(s.name, func(t *testing.T) {
			term := s.open(t)
			term.shows(s.shows)
			term.tracked.sendTracked(tea.PasteMsg{Content: failureText})
			term.shows("✗ PULLS")
			term.press("enter")
			term.shows("pull the image", "job myjob")
		})
	}
}
