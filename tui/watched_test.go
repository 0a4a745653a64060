package tui

import (
	"io"
	"strings"
	"testing"
	"time"

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

// Where the effect of a grant never comes, the last page waits aloud while there is hope, notifies once, and stops after the time
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
		if minute < 2 && strings.Contains(sent.String(), notifies) || minute < 7 && strings.Contains(sent.String(), progressEnds) {
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
