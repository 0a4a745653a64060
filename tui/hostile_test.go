package tui

import (
	"errors"
	"testing"

	"whopulls/model"
)

// Whatever stands in a name or a message, each screen is the one that the name without its control characters makes.
func TestHostileNamesOnWholeScreens(t *testing.T) {
	for _, spoil := range []string{
		"\x1b[2J\x1b[HPWNED", "\x1b]0;title\a", "\x9b31m", "\u009b31m", "a\nb\r\nc\rd", "\t\v\f\b\b\b\b", "\u202egnp.exe", "$(touch pwned)`id`'\"", "\x1b[?1049l\x1bc",
	} {
		want, got := hostileScreens(t, clean(spoil)), hostileScreens(t, spoil)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q, screen %d:\n%s\nwant\n%s", spoil, i, got[i], want[i])
			}
		}
	}
}

func hostileScreens(t *testing.T, spoil string) (screens []string) {
	cloud := newFakeCloud()
	cloud.spoil = spoil
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		return model.Outcome{Step: s, State: model.StepFailed, Message: "Google refused" + spoil}, errors.New(spoil)
	}
	term := start(t, cloud, Options{}, 100, 30)
	keep := func(texts ...string) {
		screens = append(screens, term.shows(texts...))
	}
	keep("Which project runs the container?", "3 projects", "? help")
	term.keys("enter")
	keep("2 workloads", "? help")
	term.stop()
	term = start(t, cloud, Options{Question: articleQuestion()}, 100, 30)
	keep("walk through", "Nothing that was read gives it", "? help")
	term.keys("enter")
	keep("○ to do", "? help")
	term.keys("enter")
	keep("Change the policy")
	term.yes()
	keep("Google refused", "? help")
	term.stop()
	return screens
}
