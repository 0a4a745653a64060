package tui

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/palette"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// namedScreen is a screen, and what the table of actions calls its place.
type namedScreen struct {
	place  string
	screen ui.Screen
}

// everyScreen are the screens, some of them twice where their keys change.
func everyScreen(e *app) []namedScreen {
	task := walk.Task{Purpose: walk.Undo{}, Steps: []model.Step{{ID: "1"}}}
	over := e.openWalk(task)
	over.Handle(ui.IntentSkip)
	list := func() ui.Screen { return pick.FirstScreens(e.picking(), model.Question{})[0] }
	filtered := list()
	filtered.Init()
	filtered.(ui.TextScreen).HandleText(keyMsg("x"))
	who, filter := e.openRegistry(model.StaleInRepository(repoName), nil), e.openRegistry(model.StaleInRepository(repoName), nil)
	filter.Handle(ui.IntentFilter)
	earlier, earlierFilter := e.openHistory(), e.openHistory()
	earlierFilter.Handle(ui.IntentFilter)
	return []namedScreen{
		{"registry", who}, {"filter", filter}, {"history", earlier}, {"filter", earlierFilter},
		{"lists", list()}, {"lists", filtered}, {"image", pick.NewImageScreen(e.picking(), articleQuestion())},
		{"map", e.openMap(articleQuestion())}, {"walk", e.openWalk(task)}, {"end of the walk", over},
		{"error message", e.openExplain(articleQuestion(), "")}, {"no connection", e.openOffline(io.ErrUnexpectedEOF)},
	}
}

// Each screen offers what the table has for its place, and nothing that the table does not know.
func TestScreensOfferWhatTheTableSays(t *testing.T) {
	e := newRoot(t.Context(), Options{}, nil).app
	type offer struct {
		screen   string
		bindings []ui.Binding
	}
	offers := []offer{{"help", helpBindings}, {"palette", palette.New(e.Session, nil).Bindings()}, {"menu", (&ui.Menu{}).Bindings()}}
	for _, s := range everyScreen(e) {
		offers = append(offers, offer{s.place, s.screen.Bindings()})
	}
	for _, test := range offers {
		t.Run(test.screen, func(t *testing.T) {
			isScreen := !slices.Contains([]string{"help", "palette", "menu"}, test.screen)
			offered := map[ui.Intent]bool{ui.IntentSuspend: isScreen, ui.IntentRedraw: isScreen, ui.IntentMouse: isScreen, ui.IntentHelp: isScreen, ui.IntentPalette: isScreen || test.screen == "palette", ui.IntentChoose: test.screen == "no connection"}
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

// The keys of the user's own do on every screen what the settings say, whatever the action.
func TestOwnKeysWorkOnEveryScreen(t *testing.T) {
	own, given := map[string]tea.KeyPressMsg{}, map[string][]string{}
	for n, a := range ui.Actions() {
		key := tea.KeyPressMsg{Code: rune("abcdefghijklmnopqrstuvwxyz0123456789"[n]), Mod: tea.ModAlt}
		own[a.Name], given[a.Name] = key, []string{key.String()}
	}
	keys, err := ui.ParseKeys(given)
	if err != nil {
		t.Fatal(err)
	}
	r := newRoot(t.Context(), Options{Keys: keys}, nil)
	for _, s := range everyScreen(r.app) {
		t.Run(s.place, func(t *testing.T) {
			r.stack = []ui.Screen{s.screen}
			for _, a := range ui.Actions() {
				if slices.Contains(a.Screens, s.place) && !means(own[a.Name], ui.Intent(a.Name), r.bindings()) {
					t.Errorf("%s does not mean %s", own[a.Name], a.Name)
				}
			}
		})
	}
}

// means reports whether a key asks for an action among bindings, or for what listens to the keys of the action.
func means(key tea.KeyPressMsg, action ui.Intent, bindings []ui.Binding) bool {
	i := ui.IntentOf(key, bindings)
	return i == action || slices.ContainsFunc(bindings, func(b ui.Binding) bool { return b.Intent == i && b.KeysFrom == action })
}

// footerIntents are the keys of the scheme that every footer shows in the same order.
var footerIntents = []ui.Intent{ui.IntentChoose, ui.IntentExplain, ui.IntentCopy, ui.IntentTakeOut, ui.IntentReread, ui.IntentPalette, ui.IntentHelp}

// A footer has at most five hints and the key that shows all of them, and the keys of the scheme in its order.
func TestFooters(t *testing.T) {
	r := newRoot(t.Context(), Options{}, nil)
	r.width = 200
	for _, s := range everyScreen(r.app) {
		t.Run(s.place, func(t *testing.T) {
			r.stack = []ui.Screen{s.screen}
			footer := trimLines(ansi.Strip(r.keyFooter()))
			hints := strings.Split(strings.TrimSpace(footer), "  ")
			if len(hints) > 6 || len(hints) == 6 && !strings.HasSuffix(hints[5], " keys") {
				t.Errorf("%d hints: %q", len(hints), footer)
			}
			at := -1
			for _, i := range footerIntents {
				n := slices.IndexFunc(r.bindings(), func(b ui.Binding) bool { return b.Intent == i })
				if n < 0 {
					continue
				}
				b := r.bindings()[n]
				if found := slices.IndexFunc(hints, func(h string) bool { return strings.HasSuffix(h, " "+b.Help) }); found >= 0 {
					if found < at {
						t.Errorf("%s is out of order: %q", i, footer)
					}
					at = found
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
	term.shows("ctrl+w fix: 1 step", "e explain", "c copy", "x take out", "ctrl+p anything", "f9 keys")
	term.press("y")
	term.press("c")
	term.choose("command")
	term.shows("sent to the clipboard: gcloud")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF9})
	compareScreen(t, "help-own-keys", term.shows("ctrl+w", "fix: 1 step", "b, f2", "f5  "))
	term.press("x", "ctrl+w")
	term.shows("○ to do")
	term.press("enter")
	term.shows("read-only: nothing is changed; x takes out a request")
	term.press("b")
	term.shows("ctrl+w fix:")
	term.press("b")
	term.shows("What runs it in myproject-a?", "2 workloads", "f2 back", "f9 keys")
	term.typeText("b?n")
	term.shows("b?n", "0 of 2", "Nothing fits the filter; f2 clears it.")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF2})
	term.shows("+ a new deployment")
}
