package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"whopulls/tui/ui"
)

// Nothing happens by itself once a screen is at rest: no message comes, so no timer of ours runs.
func TestNothingHappensInRest(t *testing.T) {
	const rest = 5 * time.Second
	terms, before := map[string]*terminal{}, map[string]int{}
	for name, s := range scenes() {
		cloud := sceneCloud(t)
		term := start(t, cloud, Options{Question: s.question}, 120, 36)
		term.shows()
		for _, key := range s.keys {
			term.press(key)
			term.shows()
		}
		if s.paste != "" {
			term.paste(s.paste)
			term.shows()
		}
		for _, key := range s.then {
			term.press(key)
			term.shows()
		}
		terms[name], before[name] = term, term.tracked.updateCount()
	}
	time.Sleep(rest)
	for name, term := range terms {
		t.Run(name, func(t *testing.T) {
			if more := term.tracked.updateCount() - before[name]; more > 0 {
				t.Errorf("%d messages came in %v of rest:\n%s", more, rest, term.screenText())
			}
		})
	}
}

// What is off on a screen says why when its key is pressed, and when it is chosen from the palette. It opens nothing.
func TestWhatIsOffSaysWhy(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("read-only %t", readOnly), func(t *testing.T) {
			for name, s := range scenes() {
				t.Run(name, func(t *testing.T) {
					cloud := sceneCloud(t)
					r := openScene(t, cloud, Options{ReadOnly: readOnly}, s, 60, 15)
					if r.showHelp || r.dialog != nil || r.menu != nil || r.palette != nil {
						t.Skip("the screen below is another scene")
					}
					for _, b := range r.bindings() {
						if b.WhyOff != "" {
							assertSaysWhy(t, r, b)
						}
					}
				})
			}
		})
	}
}

// assertSaysWhy presses the keys of a binding that is off, and chooses it from the palette.
func assertSaysWhy(t *testing.T, r *root, b ui.Binding) {
	t.Helper()
	before := r.top()
	check := func(how string) {
		if !strings.Contains(r.notice.text, b.WhyOff) || r.top() != before || r.dialog != nil || r.menu != nil {
			t.Errorf("%s %s says %q, want %q:\n%s", b.Intent, how, r.notice.text, b.WhyOff, ansi.Strip(r.View().Content))
		}
	}
	for _, key := range b.Keys {
		settle(r, keyMsg(key))
		check("by " + key)
	}
	settle(r, keyMsg("ctrl+p"))
	for range r.paletteEntries() {
		if e, ok := r.palette.Choose(); ok && e.ID == "action "+string(b.Intent) {
			settle(r, keyMsg("enter"))
			check("in the palette")
			settle(r, keyMsg("esc"))
			return
		}
		settle(r, keyMsg("down"))
	}
	t.Errorf("%s is not in the palette", b.Intent)
}
