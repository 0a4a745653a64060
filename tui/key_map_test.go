package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

func TestParseKeys(t *testing.T) {
	for _, test := range []struct {
		about, action string
		keys          []string
		trouble       string // empty for none
	}{
		{"a letter", "copy", []string{"c"}, ""},
		{"a capital", "copy", []string{"Y"}, ""},
		{"a sign that is no ASCII", "copy", []string{"ü"}, ""},
		{"several", "reread", []string{"r", "f5", "ctrl+l", "alt+x", "shift+tab", "ctrl+alt+r", "alt++"}, ""},
		{"the same twice", "copy", []string{"c", "c"}, ""},
		{"an action that is none", "cut", []string{"x"}, "there is no such action"},
		{"an answer", "yes", []string{"j"}, "there is no such action"},
		{"no key", "copy", nil, "it has no key"},
		{"an empty key", "copy", []string{""}, "is no key"},
		{"a word", "copy", []string{"yank"}, "is no key"},
		{"too high", "copy", []string{"f21"}, "is no key"},
		{"too low", "copy", []string{"f0"}, "is no key"},
		{"padded", "copy", []string{"f01"}, "is no key"},
		{"a blank", "copy", []string{" "}, "is no sign"},
		{"a control character", "copy", []string{"\x1b"}, "is no sign"},
		{"what leaves", "copy", []string{"ctrl+c"}, "can't be given away"},
		{"tab by another name", "copy", []string{"ctrl+i"}, "is tab in a terminal"},
		{"enter by another name", "copy", []string{"ctrl+m"}, "is enter in a terminal"},
		{"shift and a letter", "copy", []string{"shift+y"}, "does not come like that"},
		{"ctrl and a capital", "copy", []string{"ctrl+Y"}, "is not sent"},
		{"ctrl and a digit", "copy", []string{"ctrl+1"}, "is not sent"},
		{"modifiers in disorder", "copy", []string{"alt+ctrl+y"}, "is no key"},
		{"another screen's key", "explain", []string{"s"}, ""},
		{"the key of another", "copy", []string{"r"}, "r is the key of reread too (screen: map)"},
		{"in lists alone", "choose", []string{"f5", "esc"}, "esc is the key of back too (screen: lists)"},
		{"on the help page", "last", []string{"k"}, "k is the key of up too"},
	} {
		_, err := ParseKeys(map[string][]string{test.action: test.keys})
		var wrong *KeyError
		switch {
		case test.trouble == "" && err != nil:
			t.Errorf("%s: %v", test.about, err)
		case test.trouble != "" && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), test.trouble)):
			t.Errorf("%s: %v, want %q", test.about, err, test.trouble)
		case wrong != nil && (wrong.Action != test.action || wrong.Hint() == ""):
			t.Errorf("%s: action %q, hint %q", test.about, wrong.Action, wrong.Hint())
		}
	}
	if _, err := ParseKeys(map[string][]string{"copy": {"r"}, "reread": {"f5"}}); err != nil {
		t.Errorf("keys that change places: %v", err)
	}
}

// Where letters are text, an action keeps the keys that are none.
func TestKeysWhereOneTypes(t *testing.T) {
	for _, test := range []struct {
		set          []string
		here, typing string
	}{{nil, "r ctrl+r", "ctrl+r"}, {[]string{"x"}, "x", "ctrl+r"}, {[]string{"x", "f5"}, "x f5", "f5"}, {[]string{"space"}, "space", "ctrl+r"}, {[]string{"left"}, "left", "ctrl+r"}} {
		given := map[string][]string{}
		if test.set != nil {
			given["reread"] = test.set
		}
		k, err := ParseKeys(given)
		if err != nil {
			t.Fatal(err)
		}
		here, there := strings.Join(k.forIntent(intentReread, false), " "), strings.Join(k.forIntent(intentReread, true), " ")
		if here != test.here || there != test.typing {
			t.Errorf("%v: %q, and %q where one types", test.set, here, there)
		}
	}
}

// Every key of the default table is one that a terminal sends: what is documented can be written into the settings.
func TestActionsCanBeWritten(t *testing.T) {
	given := map[string][]string{}
	for _, a := range Actions() {
		given[a.Name] = a.Keys
	}
	if _, err := ParseKeys(given); err != nil {
		t.Error(err)
	}
}

// Each screen offers what the table says of its place, and nothing that the table does not know.
func TestScreensOfferWhatTheTableSays(t *testing.T) {
	e := newRoot(t.Context(), Options{}, nil).app
	m := newMapScreen(e, articleQuestion())
	walk := &walkScreen{app: e, steps: []model.Step{{ID: "1"}}, outcomes: map[string]model.Outcome{}, cleanup: &cleanupPart{}}
	over := &walkScreen{app: e, steps: []model.Step{{ID: "1"}}, outcomes: map[string]model.Outcome{"1": {}}, cleanup: &cleanupPart{}}
	filtered := pickRepository(e, "p", nil)
	filtered.filter.SetValue("x")
	for _, test := range []struct {
		at       keyContext
		bindings []binding
	}{
		{inLists, pickRepository(e, "p", nil).bindings()}, {inLists, filtered.bindings()}, {inImage, newImageScreen(e, articleQuestion(), nil).bindings()},
		{inMap, m.bindings()}, {inWalk, walk.bindings()}, {afterWalk, over.bindings()}, {inFailureText, newExplainScreen(e, articleQuestion(), "").bindings()},
		{inHelp, helpBindings}, {inNoConnection, (&noConnectionScreen{app: e}).bindings()},
	} {
		offered := map[intent]bool{intentHelp: test.at != inHelp, intentSandbox: test.at == inNoConnection}
		for _, b := range test.bindings {
			named := b.intent
			if b.keysFrom != "" {
				named = b.keysFrom
			}
			offered[named], offered[b.opposite] = true, b.opposite != ""
		}
		for _, a := range actions() {
			if listed := slices.Contains(a.contexts, test.at); listed != offered[a.intent] {
				t.Errorf("%s at %s: in the table %v, on the screen %v", a.intent, test.at, listed, offered[a.intent])
			}
		}
	}
}

// Handler, footer, sentences and help all go by the keys that were set.
func TestOwnKeys(t *testing.T) {
	keys, err := ParseKeys(map[string][]string{"copy": {"c"}, "reread": {"f5"}, "up": {"n"}, "down": {"t"}, "walk": {"ctrl+w"}, "back": {"b", "f2"}, "help": {"f9"}})
	if err != nil {
		t.Fatal(err)
	}
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), Keys: keys, ReadOnly: true}, 80, 24)
	term.shows("ctrl+w walk through 1 step", "nt lines", "c copy", "b back", "o clean up", "f9 help")
	term.press("y")
	term.press("c")
	term.shows("sent to the clipboard")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF9})
	golden(t, "help-own-keys", term.shows("ctrl+w", "walk through 1 step", "b, f2", "f5  "))
	term.press("x", "ctrl+w")
	term.shows("○ to do")
	term.press("enter")
	term.shows("read-only: nothing is changed; h copies a request")
	term.press("b")
	term.shows("ctrl+w walk through")
	term.press("b")
	term.shows("What runs it in myproject-a?", "2 workloads", "f2 back", "f9 help")
	term.typeText("b?n")
	term.shows("b?n", "0 of 2", "Nothing fits the filter; f2 clears it.")
	term.tracked.sendTracked(tea.KeyPressMsg{Code: tea.KeyF2})
	term.shows("+ a new deployment")
}

// Both keys of a pair are seen as two, whoever chose them.
func TestPairsOfKeys(t *testing.T) {
	for _, test := range []struct{ one, other, want string }{
		{"up", "down", "↑↓"}, {"k", "j", "kj"}, {"up", "n", "↑ n"}, {"n", "down", "n ↓"}, {"home", "end", "home end"},
	} {
		if got := pairSymbol(test.one, test.other); got != test.want {
			t.Errorf("%s and %s: %q, want %q", test.one, test.other, got, test.want)
		}
	}
}
