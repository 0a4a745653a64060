package tui

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// otherKeys gives each action a key that no action comes with.
func otherKeys(t *testing.T) ui.Keys {
	t.Helper()
	given := map[string][]string{}
	for n, a := range ui.Actions() {
		given[a.Name] = []string{"alt+" + "abcdefghijklmnopqrstuvwxyz0123456789"[n:n+1]}
	}
	keys, err := ui.ParseKeys(given)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// keysNamed are the keys that a text names as they come with the program. ctrl+c is given away to no action.
func keysNamed(words string) (found []string) {
	for _, m := range regexp.MustCompile(`(?:^|[\s(;])(enter|esc|tab|pgup|pgdn|f1|ctrl\+[a-z]|(?:press |\()[a-z?/])(?:[^a-z0-9]|$)`).FindAllStringSubmatch(words, -1) {
		if m[1] != ui.InterruptKey {
			found = append(found, m[1])
		}
	}
	return found
}

// Whatever keys are set, no screen names one that means nothing there: neither its text, nor its help, nor why an action is off.
func TestNoScreenNamesAKeyThatIsNotBound(t *testing.T) {
	keys := otherKeys(t)
	for name, s := range scenes() {
		t.Run(name, func(t *testing.T) {
			r := openScene(t, sceneCloud(t), Options{}, s, 120, 36)
			if r.dialog != nil {
				t.Skip("its keys are always the same")
			}
			r.Keys = keys
			r.refreshPalette()
			screen := ansi.Strip(r.View().Content)
			if found := keysNamed(withoutSettings(screen)); len(found) > 0 {
				t.Errorf("it names %q:\n%s", found, screen)
			}
			for _, b := range r.bindings() {
				if found := keysNamed(b.Explanation()); len(found) > 0 {
					t.Errorf("%s names %q: %s", b.Intent, found, b.Explanation())
				}
			}
			for _, e := range r.paletteEntries() {
				if found := keysNamed(e.Title + " " + e.Detail + " " + e.WhyOff); len(found) > 0 && !strings.HasPrefix(e.ID, "setting ") {
					t.Errorf("the palette's %s names %q: %s %s %s", e.ID, found, e.Title, e.Detail, e.WhyOff)
				}
			}
		})
	}
}

// withoutSettings leaves out the lines of the settings, which show what the settings file says.
func withoutSettings(screen string) string {
	lines := slices.DeleteFunc(strings.Split(screen, "\n"), func(l string) bool { return strings.Contains(l, ": f5") })
	return strings.Join(lines, "\n")
}

// What an error or a gap says to do in the app has the key of now; an action without a key is left out.
func TestAdviceNamesTheKeysOfNow(t *testing.T) {
	e := &ui.Session{Keys: otherKeys(t), Styles: ui.NewStyles(ui.ThemeMono)}
	palette := e.Keys.Symbol(ui.IntentPalette, false)
	for _, c := range []struct{ name, inApp, want string }{
		{"a key", "choose another account ({palette})", "choose another account (" + palette + ")"},
		{"no action", "choose another account ({nothing})", "choose another account"},
		{"no key is named", "ask for it", "ask for it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			gaps := []model.Gap{{Next: "leave out --account", NextInApp: c.inApp}}
			if got := model.AdviceInApp(gaps, e.KeyNames(false)); len(got) != 1 || got[0].Words != c.want {
				t.Errorf("got %+v, want %q", got, c.want)
			}
		})
	}
}

// Each action in braces is one that there is.
func TestAdviceNamesActionsThatThereAre(t *testing.T) {
	inBraces, count := regexp.MustCompile(`\(\{([a-z-]+)\}\)`), 0
	for _, root := range []string{"../model", "../gcp"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "fact_advice.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range inBraces.FindAllStringSubmatch(string(source), -1) {
				count++
				if !slices.ContainsFunc(ui.Actions(), func(a ui.Action) bool { return a.Name == m[1] }) {
					t.Errorf("%s names the action %s, which there is not", path, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	if count < 3 {
		t.Errorf("%d were found", count)
	}
}
