package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// failureText is gcloud's error message for the article's job, as a terminal of 80 columns broke it.
const failureText = `ERROR: (gcloud.run.jobs.deploy) Google Cloud Run Service Agent service-1111111111
11@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the
image, asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest. Note that the image is
from project [myproject-b], which is not the same as this project [myproject-a].
Permission must be granted to the Google Cloud Run Service Agent.`

func (term *terminal) paste(text string) { term.tracked.sendTracked(tea.PasteMsg{Content: text}) }

// An error message pasted into the first list names its cause and leads to the map.
func TestExplainByPaste(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("Which project runs the container?", "3 projects")
	term.paste(failureText)
	compareScreen(t, "explain-80x24", term.shows("✗ PULLS can't read the image", "myproject-a", "draw the map"))
	term.press("enter")
	term.shows("✗ missing", "a new deployment")
}

// A text that names the project by its agent's number alone fills the field. The ID takes its place once it is known.
func TestExplainAnAgentByItsNumber(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste("ERROR: (gcloud.run.jobs.deploy) Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, " +
		"asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest.")
	compareScreen(t, "explain-agent-number", term.shows("✗ PULLS can't read the image", "consumer project  myproject-a", "draw the map"))
	term.press("enter")
	term.shows("✗ missing", "myproject-a ▸ a new deployment")
}

// An error message of the command line is read at once; behind it is the list.
func TestExplainFromTheCommandLine(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Pasted: failureText}, 80, 24)
	compareScreen(t, "explain-80x24", term.shows("✗ PULLS can't read the image", "myproject-a", "draw the map"))
	term.press("esc")
	term.shows("Which project runs the container?", "3 projects")
}

// A terminal may paste a carriage return for each line end: the lines are the same ones.
func TestExplainCarriageReturns(t *testing.T) {
	for _, end := range []string{"\r", "\r\n"} {
		t.Run(fmt.Sprintf("%q", end), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{}, 80, 24)
			term.shows("Which project runs the container?", "3 projects")
			term.paste(strings.ReplaceAll(failureText, "\n", end))
			compareScreen(t, "explain-80x24", term.shows("✗ PULLS can't read the image", "myproject-a", "draw the map"))
		})
	}
}

// From a map it keeps the workload; the text's project and image go first.
func TestExplainFromTheMap(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 100, 30)
	term.shows("fix: 1 step")
	term.press("e", "end", "enter")
	compareScreen(t, "explain-empty", term.shows("What did the deploy say?", "Paste the error message"))
	term.press("enter")
	term.shows("paste the error message first")
	term.paste("all is well")
	compareScreen(t, "explain-unrecognized", term.shows("? No cause could be read", "f1 keys"))
	term.press("enter")
	term.shows("no map can be drawn")
	term.press("ctrl+u")
	term.paste(failureText)
	term.shows("✗ PULLS can't read the image")
	term.press("enter")
	if got := term.shows("✗ missing"); !strings.Contains(got, "job myjob") {
		t.Errorf("the workload is lost:\n%s", got)
	}
}

// What is pasted can't touch the screen.
func TestExplainIsSafe(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste("\x1b[2J\x1b]0;gone\x07" + failureText + "\x9b31m")
	if got := term.shows("✗ PULLS can't read the image"); strings.ContainsAny(got, "\x1b\x07\u009b") {
		t.Errorf("control characters are on the screen: %q", got)
	}
}

// A message of several lines that is not known is no filter: the screen says that nothing was read from it, and what to
// do here. One line is a filter as before.
func TestAnUnknownMessageIsSaidToBeUnknown(t *testing.T) {
	for _, text := range []string{"this went wrong today\nand nobody knows why", "this went wrong today\rand nobody knows why"} {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{}, 80, 24)
			term.shows("3 projects")
			term.paste(text)
			screen := term.shows("? No cause could be read", "esc leads back; choose the project")
			if strings.Contains(screen, "whopulls check") || strings.Contains(screen, "\n\n\n    Paste the whole") {
				t.Errorf("the advice is for the command line:\n%s", screen)
			}
		})
	}
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste("this went wrong today and nobody knows why\n")
	term.shows("Nothing fits the filter")
}

// What stands in the text is shown whole, however long it is.
func TestExplainWrapsWhatWasFound(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 60, 60)
	term.shows("3 projects")
	long := strings.Repeat("a-long-name/", 6) + "myjob"
	term.paste(strings.ReplaceAll(strings.ReplaceAll(failureText, "\n", " "), "myrepo/myjob", "myrepo/"+long))
	screen := term.shows("✗ PULLS can't read the image", "image project", "To see each identity")
	assertLacks(t, screen, "a-long-name…", "gservice…")
	for _, whole := range []string{"  a-long-name/a-long-name/myjob:latest", "repositories/myrepo"} {
		if !strings.Contains(screen, whole) {
			t.Errorf("%s is cut:\n%s", whole, screen)
		}
	}
}
