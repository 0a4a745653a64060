package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/model/explanation"
)

// An explanation has one link until there is a lesson about it. Details stand before the links, as they were found.
func TestTheLinksOfAnExplanation(t *testing.T) {
	for _, test := range []struct {
		name    string
		lesson  explanation.Link
		details []string
		last    []string // the last lines
	}{
		{"without a lesson", explanation.Link{}, nil, []string{"", "https://docs.cloud.google.com/run/docs/deploying#other-projects"}},
		{"with a lesson", explanation.Link{Title: "Who pulls", URL: "https://example.com/lesson"}, nil,
			[]string{"https://docs.cloud.google.com/run/docs/deploying#other-projects", "https://example.com/lesson"}},
		{"with details", explanation.Link{}, []string{"gcloud auth login"}, []string{"gcloud auth login", "", "https://docs.cloud.google.com/run/docs/deploying#other-projects"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := &Session{Links: true}
			x := explanation.OfCheck(model.Diagnosis{}, model.Check{ID: model.CheckPull, Verdict: model.Missing}, explanation.Remedy{})
			x.Lesson = test.lesson
			lines := e.ExplanationMenu("Explain", x, test.details, e.LinkRow(x)).Body(NewStyles(ThemeMono), 80)
			got := ansi.Strip(strings.Join(lines[len(lines)-len(test.last):], "\n"))
			if got != strings.Join(test.last, "\n") {
				t.Errorf("it ends with\n%s", got)
			}
			if n := strings.Count(strings.Join(lines, ""), "\x1b]8;id="); n != strings.Count(got, "https://") {
				t.Errorf("%d lines are links", n)
			}
		})
	}
}

// The id of a link has no character that ends it.
func TestTheIDOfALink(t *testing.T) {
	for title, want := range map[string]string{
		"Artifact Registry: access control": "artifact-registry-access-control",
		"a;b=c:d":                           "a-b-c-d",
		"Deploying (2)":                     "deploying-2",
		"":                                  "",
	} {
		t.Run(title, func(t *testing.T) {
			if got := linkID(title); got != want {
				t.Errorf("it is %q", got)
			}
		})
	}
}
