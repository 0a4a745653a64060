package tui

import (
	"strings"
	"testing"

	"whopulls/model/pasted"
)

const (
	agentText      = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	repositoryText = "projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	jobLink        = "https://console.cloud.google.com/run/jobs/details/asia-northeast1/myjob?project=myproject-a"
)

// pasteCase is a text, and the screen that answers it.
type pasteCase struct {
	name, text string
	shows      []string
	filtered   bool // a list with a filter answers
}

// pastesAnywhere lead to the same screen wherever they are pasted, for they tell all that it needs.
var pastesAnywhere = []pasteCase{
	{"a link to a job", jobLink, []string{"taken for: Job myjob in asia-northeast1 of project myproject-a", "myproject-a ▸ job myjob", "pull the image"}, false},
	{"a resource name", "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/myjob", []string{"taken for: Job myjob", "myproject-a ▸ job myjob"}, false},
	{"a command of gcloud", "gcloud run jobs execute myjob --region=asia-northeast1 --project=myproject-a", []string{"taken for: Command line", "myproject-a ▸ job myjob"}, false},
	{"an agent", agentText, []string{"taken for: Cloud Run service agent of project number 111111111111", "What runs it in 111111111111?"}, false},
	{"a link to a project", "https://console.cloud.google.com/run?project=myproject-a", []string{"taken for: Project myproject-a", "What runs it in myproject-a?"}, false},
	{"a service without its region", "gcloud run services describe web --project=myproject-a", []string{"choose its region", "What runs it in myproject-a?", "1 of 2 workloads", "▸ web"}, true},
	{"what a command creates", "gcloud run jobs create nightly --region=us-central1 --project=myproject-a", []string{"choose its image", "Which image?", "myproject-a ▸ a new job"}, false},
	{"an error message", failureText, []string{"What did the deploy say?", "✗ PULLS"}, false},
}

func TestWhatIsPastedLeadsToItsScreen(t *testing.T) {
	screens := append(typingScreens[:len(typingScreens):len(typingScreens)], otherScreens[:2]...)
	for n, s := range screens {
		cases := pastesAnywhere
		if s.name != "map" { // on the others two of them
			cases = []pasteCase{pastesAnywhere[0], pastesAnywhere[1+n%2]}
		}
		for _, c := range cases {
			t.Run(s.name+" "+c.name, func(t *testing.T) {
				term := s.open(t)
				term.shows(s.shows)
				term.paste(c.text)
				term.shows(c.shows...)
				if term.press("esc"); c.filtered {
					term.press("esc") // the first one cleared the filter
				}
				term.shows(s.shows)
			})
		}
	}
}

// An image and a repository lead on from where one is.
func TestAPastedImageLeadsOn(t *testing.T) {
	cases := []struct {
		name  string
		from  func(t *testing.T) *terminal
		until string
		text  string
		shows []string
	}{
		{"an image on the first list", typingScreens[0].open, "3 projects", imageText, []string{"Which project runs the container?", "choose the project"}},
		{"an image in a project", typingScreens[1].open, "2 workloads", "docker pull " + imageText, []string{"myproject-a ▸ a new deployment", "pull the image"}},
		{"an image on a map", openMap80, "fix: 1 step", imageText + ":v2", []string{"taken for: Image myjob:v2", "myproject-a ▸ job myjob"}},
		{"an image in the field", openImage80, "Which image?", "docker pull " + imageText, []string{"Which image?", "enter draw the map"}},
		{"a repository", openMap80, "fix: 1 step", repositoryText, []string{"taken for: Repository myrepo", "Who may pull from repository myrepo"}},
		{"a link to a repository", typingScreens[0].open, "3 projects", "https://console.cloud.google.com/artifacts/docker/myproject-b/asia-northeast1/myrepo?project=myproject-b",
			[]string{"taken for: Repository myrepo", "Who may pull from repository myrepo"}},
		{"a number in a list of workloads", typingScreens[1].open, "2 workloads", "222222222222", []string{"taken for: Project number 222222222222", "What runs it in 222222222222?"}},
		{"a number in a list of projects", typingScreens[0].open, "3 projects", "222222222222", []string{"1 of 3 projects", "▸ myproject-b"}},
		{"a project on a map", openMap80, "fix: 1 step", "myproject-b", []string{"taken for: Project myproject-b", "What runs it in myproject-b?"}},
		{"a short image in a list of workloads", typingScreens[1].open, "2 workloads", "nginx:1.27", []string{"0 of 2 workloads"}},
		{"an address of elsewhere", typingScreens[0].open, "3 projects", "https://example.com/whatever", []string{"An address of example.com leads to nothing here. Paste an image"}},
		{"an image that can be none", typingScreens[0].open, "3 projects", "us-docker.pkg.dev/myproject-b", []string{"This image can't be used: it names no repository"}},
		{"a sentence on a map", openMap80, "fix: 1 step", "it is slow", []string{"Not recognized. Paste an image"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			term := c.from(t)
			term.shows(c.until)
			term.paste(c.text)
			term.shows(c.shows...)
		})
	}
}

// The project that a pasted image runs in is chosen in the list that it leads to, and the map follows.
func TestAPastedImageAsksForItsProject(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(imageText)
	term.shows("choose the project", "3 projects")
	term.press("enter")
	term.shows("myproject-a ▸ a new deployment", "✗ missing  pull the image")
}

// A paste that would draw over the screen, or has no end, does neither.
func TestAHostilePaste(t *testing.T) {
	for name, text := range map[string]string{
		"escape sequences":        "\x1b[2J\x1b]0;owned\x07" + jobLink,
		"a direction override":    "\u202e" + imageText + "\u202c",
		"a link with a direction": "https://exa\u202emple.com/x",
		"a long line":             strings.Repeat("a/b:c@", 20000),
		"many lines":              strings.Repeat("x\n", 50000),
		"nothing":                 "",
		"blanks":                  " \r\n\t ",
		"a null":                  "\x00\x00/\x00",
	} {
		for _, s := range []screenCase{typingScreens[0], otherScreens[0]} {
			t.Run(s.name+" "+name, func(t *testing.T) {
				term := s.open(t)
				term.shows(s.shows)
				term.paste(text)
				term.press("f1", "esc")
				screen := term.screenText()
				if lines := strings.Count(screen, "\n"); lines != 24 || strings.ContainsAny(screen, "\u202e\x1b\x07") {
					t.Errorf("%d lines:\n%q", lines, screen)
				}
			})
		}
	}
}

// optionsOf are those of a text, and of a project that a flag names.
func optionsOf(text, project string) Options {
	q := pasted.Recognize(text).Question()
	if project != "" {
		q.Project = project
	}
	return Options{Pasted: text, Question: q}
}

// The command line opens the same screens.
func TestATextOfTheCommandLineOpensItsScreen(t *testing.T) {
	for _, c := range pastesAnywhere {
		t.Run(c.name, func(t *testing.T) {
			start(t, newFakeCloud(), optionsOf(c.text, ""), 80, 24).shows(c.shows...)
		})
	}
	t.Run("a repository", func(t *testing.T) {
		term := start(t, newFakeCloud(), optionsOf(repositoryText, ""), 80, 24)
		term.shows("taken for: Repository myrepo", "Who may pull from repository myrepo")
		term.press("esc")
		term.shows("Which project runs the container?")
	})
	t.Run("an image in a project", func(t *testing.T) {
		start(t, newFakeCloud(), optionsOf(imageText, "myproject-a"), 80, 24).shows("taken for: Image", "of repository myrepo in asia-northeast1, project\n myproject-b\n", "myproject-a ▸ a new deployment")
	})
	t.Run("a repository in a project", func(t *testing.T) {
		start(t, newFakeCloud(), optionsOf(repositoryText, "myproject-a"), 80, 24).shows("any image", "pull the image")
	})
}
