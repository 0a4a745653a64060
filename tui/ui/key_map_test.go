package ui

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
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
		{"several", "reread", []string{"r", "f5", "ctrl+g", "alt+x", "shift+tab", "ctrl+alt+r", "alt++"}, ""},
		{"the same twice", "copy", []string{"c", "c"}, ""},
		{"no such action", "cut", []string{"x"}, "there is no such action"},
		{"of a former version", "browse", []string{"x"}, "it is part of down now"},
		{"the hand-over", "hand-over", []string{"x"}, "it is part of take-out now"},
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
		{"another screen's key", "registry", []string{"s"}, ""},
		{"the key of another", "copy", []string{"r"}, "r is the key of reread too (screen: map)"},
		{"in lists alone", "choose", []string{"f5", "esc"}, "esc is the key of back too (screen: lists)"},
		{"on the help page", "last", []string{"k"}, "k is the key of up too"},
	} {
		t.Run(test.about, func(t *testing.T) {
			_, err := ParseKeys(map[string][]string{test.action: test.keys})
			var wrong *KeyError
			switch {
			case test.trouble == "" && err != nil:
				t.Error(err)
			case test.trouble != "" && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), test.trouble)):
				t.Errorf("%v, want %q", err, test.trouble)
			case wrong != nil && (wrong.Action != test.action || wrong.Hint() == ""):
				t.Errorf("action %q, hint %q", wrong.Action, wrong.Hint())
			}
		})
	}
	if _, err := ParseKeys(map[string][]string{"copy": {"r"}, "reread": {"f5"}}); err != nil {
		t.Errorf("keys that change places: %v", err)
	}
}

// Whatever action has a key of the user's own, it is taken on every screen of the action. Two actions of such a screen that have
// the same key are an error, which names both. Actions that share no screen may have the same key.
func TestOwnKeysOfEveryPair(t *testing.T) {
	const own = "f6"
	for _, one := range actions() {
		t.Run(string(one.intent), func(t *testing.T) {
			k, err := ParseKeys(map[string][]string{string(one.intent): {own}})
			if err != nil {
				t.Fatal(err)
			}
			for _, screen := range one.contexts {
				if keys := k.forAction(one, slices.Contains(textContexts, screen)); !slices.Equal(keys, []string{own}) {
					t.Errorf("on the screen %s its keys are %v", screen, keys)
				}
			}
			for _, other := range actions() {
				if other.intent != one.intent {
					assertClash(t, one, other, map[string][]string{string(one.intent): {own}, string(other.intent): {own}})
				}
			}
		})
	}
}

// assertClash fails where keys of two actions are taken though these have a screen in common, or are not though they have none.
func assertClash(t *testing.T, one, other action, given map[string][]string) {
	t.Helper()
	common := slices.ContainsFunc(one.contexts, func(c keyContext) bool { return slices.Contains(other.contexts, c) })
	_, err := ParseKeys(given)
	var wrong *KeyError
	switch {
	case !common && err != nil:
		t.Errorf("with %s: %v", other.intent, err)
	case common && !errors.As(err, &wrong):
		t.Errorf("with %s: %v, want a clash", other.intent, err)
	case common:
		for _, name := range []Intent{one.intent, other.intent} {
			words := strings.FieldsFunc(err.Error()+" ", func(r rune) bool { return strings.ContainsRune(" :,()", r) })
			if !slices.Contains(words, string(name)) || !strings.Contains(wrong.Hint(), string(name)) {
				t.Errorf("with %s: %q and %q don't name %s", other.intent, err, wrong.Hint(), name)
			}
		}
	}
}

// The key that another action of the same screen comes with is not free, even where one action alone is set.
func TestTheKeyOfAnotherIsNotFree(t *testing.T) {
	for _, one := range actions() {
		t.Run(string(one.intent), func(t *testing.T) {
			for _, screen := range one.contexts {
				types := slices.Contains(textContexts, screen)
				for _, other := range actions() {
					if other.intent == one.intent || !slices.Contains(other.contexts, screen) {
						continue
					}
					for _, key := range (Keys{}).forAction(other, types) {
						_, err := ParseKeys(map[string][]string{string(one.intent): {key}})
						var wrong *KeyError
						if !errors.As(err, &wrong) || wrong.Action != string(one.intent) || !strings.Contains(wrong.Why, key+" is the key of ") {
							t.Errorf("%s, the key of %s on the screen %s: %v", key, other.intent, screen, err)
						}
					}
				}
			}
		})
	}
}

// Where letters are text, an action keeps the keys that don't exist.
func TestKeysWhereOneTypes(t *testing.T) {
	for _, test := range []struct {
		set          []string
		here, typing string
	}{{nil, "r ctrl+r", "ctrl+r"}, {[]string{"z"}, "z", "ctrl+r"}, {[]string{"z", "f5"}, "z f5", "f5"}, {[]string{"space"}, "space", "ctrl+r"}, {[]string{"left"}, "left", "ctrl+r"}} {
		t.Run(strings.Join(test.set, " "), func(t *testing.T) {
			given := map[string][]string{"select": {"insert"}} // it has the space bar
			if test.set != nil {
				given["reread"] = test.set
			}
			k, err := ParseKeys(given)
			if err != nil {
				t.Fatal(err)
			}
			here, there := strings.Join(k.forIntent(IntentReread, false), " "), strings.Join(k.forIntent(IntentReread, true), " ")
			if here != test.here || there != test.typing {
				t.Errorf("%q, and %q where one types", here, there)
			}
		})
	}
}

// Every key of the default table is one that a terminal sends: what is documented can be written into the settings.
func TestActionsCanBeWritten(t *testing.T) {
	given := map[string][]string{}
	for _, a := range Actions() {
		if len(a.Keys) > 0 {
			given[a.Name] = a.Keys
		}
	}
	if _, err := ParseKeys(given); err != nil {
		t.Error(err)
	}
}

// Both keys of a pair are seen as two, no matter who chose them.
func TestPairsOfKeys(t *testing.T) {
	for _, test := range []struct{ one, other, want string }{
		{"up", "down", "↑↓"}, {"k", "j", "kj"}, {"up", "n", "↑ n"}, {"n", "down", "n ↓"}, {"home", "end", "home end"},
	} {
		t.Run(test.one+" "+test.other, func(t *testing.T) {
			if got := pairSymbol(test.one, test.other); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Where letters are text, no action has a letter, whatever the settings say.
func TestNoLetterIsAnActionWhereLettersAreText(t *testing.T) {
	given := map[string][]string{}
	letters := []rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for n, a := range actions() {
		given[string(a.intent)] = []string{string(letters[n])}
	}
	own, err := ParseKeys(given)
	if err != nil {
		t.Fatal(err)
	}
	for about, k := range map[string]Keys{"by default": {}, "by the settings": own} {
		t.Run(about, func(t *testing.T) {
			for _, a := range actions() {
				for _, key := range k.forAction(a, true) {
					if key != "space" && isText(key) {
						t.Errorf("%s has %q", a.intent, key)
					}
				}
			}
		})
	}
}

// A footer has five hints and the key of all of them; what matters most comes first, in one order.
func TestFooterOrder(t *testing.T) {
	var bindings []Binding
	for _, i := range []Intent{IntentUp, IntentReread, IntentCopy, IntentQuit, IntentChoose, IntentExplain, IntentSort, IntentPalette, IntentHelp} {
		bindings = append(bindings, Binding{Intent: i, Keys: []string{string(i)}, Help: "it"})
	}
	styles := NewStyles(ThemeMono)
	for width, want := range map[int]string{
		200: "choose it  explain it  copy it  reread it  palette it  help it",
		45:  "choose it  explain it  palette it  help it",
		40:  "choose it  explain it  copy it  help it",
	} {
		t.Run(strconv.Itoa(width), func(t *testing.T) {
			if got := strings.TrimSpace(ansi.Strip(styles.Footer(bindings, width))); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// sameMeaning are actions that are one to the user: enter goes into what is under the cursor, a takes all that there is.
var sameMeaning = map[string][]Intent{"enter": {IntentChoose, IntentWalk, IntentGrant}, "a": {IntentRunAll, IntentSelectAll}}

// A key means one thing on every screen.
func TestNoKeyHasTwoMeanings(t *testing.T) {
	for _, typing := range []bool{false, true} {
		t.Run(map[bool]string{false: "letters are actions", true: "letters are text"}[typing], func(t *testing.T) {
			meaning := map[string]Intent{}
			for _, a := range actions() {
				for _, key := range (Keys{}).forAction(a, typing) {
					other, taken := meaning[key]
					if taken && (!slices.Contains(sameMeaning[key], a.intent) || !slices.Contains(sameMeaning[key], other)) {
						t.Errorf("%s is the key of %s and of %s", key, other, a.intent)
					}
					meaning[key] = a.intent
				}
			}
		})
	}
}

// Tab is for the other pane, and for nothing else.
func TestTabIsForPanes(t *testing.T) {
	for _, a := range actions() {
		if slices.Contains(a.keys, "tab") && a.intent != IntentPane {
			t.Errorf("%s has tab", a.intent)
		}
	}
}
