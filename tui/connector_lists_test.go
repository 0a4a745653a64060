package tui

import (
	"context"
	"slices"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// seenTitles are the names of what was read over the connection that the program uses.
func (term *terminal) seenTitles() (titles []string) {
	for _, i := range term.root.connector.current().seen.Items() {
		titles = append(titles, i.Kind+" "+i.Title)
	}
	return titles
}

// The screens list, and what they brought is noted without their knowing.
func TestWhatScreensListIsNoted(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	if got := term.seenTitles(); !slices.Equal(got, []string{"job myjob", "service web"}) {
		t.Errorf("%q", got)
	}
	term.press("esc")
	term.shows("3 projects")
	if got := term.seenTitles(); !slices.Contains(got, "project data-lake") || len(got) != 5 {
		t.Errorf("%q", got)
	}
}

// What was read at Google is not found in the sandbox.
func TestTheSandboxBeginsWithNothingRead(t *testing.T) {
	open := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	term := start(t, nil, Options{Connect: open, ConnectSandbox: open, Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	before := term.root.connector.current().seen
	term.tracked.sendTracked(ui.ReconnectMsg{Sandbox: true})
	term.shows("3 projects")
	if term.root.connector.current().seen == before {
		t.Error("the sandbox has the index of the connection before")
	}
	if got := term.seenTitles(); len(got) != 3 {
		t.Errorf("%q", got)
	}
}
