package tui

import (
	"cmp"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// Each screen offers what the table has for its place, and nothing that the table does not know.
func TestScreensOfferWhatTheTableSays(t *testing.T) {
	e := newRoot(t.Context(), Options{}, nil).app
	m := e.openMap(articleQuestion(), "")
	task := walkTask{Purpose: removals{recheck: &recheck{}, session: e.Session}, Steps: []model.Step{{ID: "1"}}}
	walk, over := e.openWalk(task), e.openWalk(task)
	over.Handle(ui.IntentSkip)
	whole, filtered := pick.FirstScreens(e.picking(), model.Question{})[0], pick.FirstScreens(e.picking(), model.Question{})[0]
	filtered.Init()
	filtered.(ui.TextScreen).HandleText(keyMsg("x"))
	for _, test := range []struct {
		screen   string
		bindings []ui.Binding
	}{
		{"lists", whole.Bindings()}, {"lists", filtered.Bindings()}, {"image", pick.NewImageScreen(e.picking(), articleQuestion(), nil).Bindings()},
		{"map", m.Bindings()}, {"walk", walk.Bindings()}, {"end of the walk", over.Bindings()}, {"failure text", e.openExplain(articleQuestion(), "").Bindings()},
		{"help", helpBindings}, {"no connection", (&noConnectionScreen{app: e}).Bindings()},
	} {
		t.Run(test.screen, func(t *testing.T) {
			offered := map[ui.Intent]bool{ui.IntentHelp: test.screen != "help", ui.IntentSandbox: test.screen == "no connection"}
			for _, b := range test.bindings {
				offered[cmp.Or(b.KeysFrom, b.Intent)], offered[b.Opposite] = true, b.Opposite != ""
			}
			for _, a := range ui.Actions() {
				if listed := slices.Contains(a.Screens, test.screen); listed != offered[ui.Intent(a.Name)] {
					t.Errorf("%s: in the table %v, on the screen %v", a.Name, listed, offered[ui.Intent(a.Name)])
				}
			}
		})
	}
}

// Handler, footer, sentences and help all go by the keys that were set.
func TestOwnKeys(t *testing.T) {
	keys, err := ui.ParseKeys(map[string][]string{"copy": {"c"}, "reread": {"f5"}, "up": {"n"}, "down": {"t"}, "walk": {"ctrl+w"}, "back": {"b", "f2"}, "help": {"f9"}})
	if err != nil {
		t.Fatal(err)
	}
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Keys: keys, ReadOnly: true}, 80, 24)
	term.shows("ctrl+w fix: 1 step", "nt lines", "c copy", "b back", "o clean up", "f9 help")
	term.press("y")
	term.press("c")
	term.shows("sent to the clipboard")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF9})
	golden(t, "help-own-keys", term.shows("ctrl+w", "fix: 1 step", "b, f2", "f5  "))
	term.press("x", "ctrl+w")
	term.shows("○ to do")
	term.press("enter")
	term.shows("read-only: nothing is changed; h copies a request")
	term.press("b")
	term.shows("ctrl+w fix:")
	term.press("b")
	term.shows("What runs it in myproject-a?", "2 workloads", "f2 back", "f9 help")
	term.typeText("b?n")
	term.shows("b?n", "0 of 2", "Nothing fits the filter; f2 clears it.")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF2})
	term.shows("+ a new deployment")
}
