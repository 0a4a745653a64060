package tui

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// What a terminal is sent in addition to cells: progress that nobody knows the end of, its end, and a notification.
const (
	progressBegins = "\x1b]9;4;3"
	progressEnds   = "\x1b]9;4;0"
	notifies       = "\x1b]9;whopulls: "
)

// handClock is a clock whose minutes a test lets pass. What a person would hardly wait for passes by itself.
type handClock chan time.Time

func (c handClock) after(d time.Duration) <-chan time.Time {
	if d < 10*time.Second {
		return onlyMoments(d)
	}
	return c
}

// Where the effect of a grant never comes, the last page waits aloud for the typical time, notifies once, and stops after the time
// that Google names: it says what is known, and what to do.
func TestAnEffectThatNeverComes(t *testing.T) {
	minutes := make(handClock)
	screen := &emulatedScreen{Emulator: vt.NewEmulator(100, 30), clock: minutes.after}
	go func() { _, _ = io.Copy(io.Discard, screen) }()
	sent := &recorder{out: screen}
	term := startOn(t, newFakeCloud(), Options{Question: articleQuestion()}, screen, sent, nil)
	term.shows("fix: 1 step")
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	for minute, want := range []string{"less than a minute ago; typically 2 minutes", "Granted 1 minute ago; typically", "Granted 2 minutes ago: by now it has usually",
		"Granted 3 minutes ago", "Granted 4 minutes ago", "Granted 5 minutes ago", "Granted 6 minutes ago", "longer ago than the 7 minutes"} {
		if minute > 0 {
			minutes <- time.Time{}
		}
		term.showsInPassing("✓ granted and verified", want)
		if minute < 2 && (strings.Contains(sent.String(), notifies) || strings.Contains(sent.String(), progressEnds)) {
			t.Errorf("after %d minutes it notified, or ended its progress", minute)
		}
	}
	term.shows("Waiting will hardly help: deploy", "next: deploy again", "gcloud run jobs deploy myjob")
	for what, want := range map[string]int{notifies: 1, progressBegins: 1, progressEnds: 1} {
		t.Run(strings.TrimPrefix(what, "\x1b]"), func(t *testing.T) {
			if got := strings.Count(sent.String(), what); got != want {
				t.Errorf("%q was sent %d times, want %d", what, got, want)
			}
		})
	}
	select {
	case minutes <- time.Time{}:
		t.Error("it still waits")
	default:
	}
}

// grantThePull grants what the article's map lacks, and goes back to the map.
func grantThePull(term *terminal) {
	term.shows("fix: 1 step")
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified", "Only the next deploy shows this")
	term.press("enter")
	term.shows("pull the image")
}

// A walk that is watched belongs to the cloud that it changed. Under another account nobody can come back to it.
func TestAWatchedWalkStaysInItsCloud(t *testing.T) {
	const entry = "The grant: what shows its effect"
	logins := &twoLogins{}
	o := logins.options()
	o.Question = articleQuestion()
	cloud := newFakeCloud()
	o.Connect = func(context.Context) (Cloud, error) { return cloud, nil }
	term := start(t, nil, o, 100, 36)
	grantThePull(term)
	term.press("ctrl+p")
	term.typeText("effect")
	term.shows(entry)
	term.press("ctrl+u")
	term.typeText("work-main")
	term.press("enter")
	term.shows("configuration work", "1 project")
	term.press("ctrl+p")
	term.typeText("effect")
	assertLacks(t, term.shows("› effect"), entry)
}

// What is watched can be come back to until it was taken back, wherever that was done.
func TestAWatchedWalkIsTakenBackFromTheMap(t *testing.T) {
	const entry = "The grant: what shows its effect"
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 100, 36)
	grantThePull(term)
	term.press("u")
	term.shows("take back")
	term.answerYes()
	term.shows("taken back")
	term.press("ctrl+p")
	term.typeText("effect")
	assertLacks(t, term.shows("› effect"), entry)
}

// The window is named by where a person is, and says that a grant is waited for.
func TestTheWindowHasATitle(t *testing.T) {
	minutes := make(handClock)
	screen := &emulatedScreen{Emulator: vt.NewEmulator(100, 30), clock: minutes.after}
	go func() { _, _ = io.Copy(io.Discard, screen) }()
	sent := &recorder{out: screen}
	term := startOn(t, newFakeCloud(), Options{Question: articleQuestion()}, screen, sent, nil)
	term.shows("fix: 1 step")
	isNamed := func(words string) {
		t.Helper()
		all := sent.String()
		last := all[max(0, strings.LastIndex(all, ansi.SetWindowTitle("")[:4])):]
		if title := ansi.SetWindowTitle("whopulls: " + words); !strings.HasPrefix(last, title) {
			t.Errorf("the window is named by %q, want %q", last[:min(len(last), 2*len(title))], title)
		}
	}
	isNamed("myproject-a ▸ job myjob")
	term.press("enter")
	term.shows("○ to do")
	isNamed("myproject-a ▸ job myjob ▸ walk")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.showsInPassing("✓ granted and verified", "less than a minute ago")
	isNamed("myproject-a ▸ job myjob ▸ walk (waiting for the grant)")
	minutes <- time.Time{}
	term.showsInPassing("Granted 1 minute ago")
	minutes <- time.Time{}
	term.showsInPassing("by now it has usually")
	isNamed("myproject-a ▸ job myjob ▸ walk")
}
