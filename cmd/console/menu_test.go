package console

import (
	"errors"
	"strings"
	"testing"
)

// One or two letters are listed where one line alone has them, and a whole name of that length chooses.
func TestShortPartsAreListed(t *testing.T) {
	refuse := func(string, bool) (string, error) { return "", errors.New("not in the list") }
	for typed, want := range map[string]struct {
		chosen bool
		listed string
	}{
		"y": {false, `1 fits "y"; its number chooses it`}, "ye": {false, `1 fits "ye"`}, "yes": {true, ""}, "x": {true, ""},
		"z": {false, `1 fits "z"`}, // in the words of a line alone
	} {
		t.Run(typed, func(t *testing.T) {
			var out strings.Builder
			c := &menu[string]{notes: &Printer{W: &out, Width: DefaultWidth}, showProgress: func(string) func() { return func() {} },
				MenuQuestion: MenuQuestion[string]{Noun: "project", ParseTyped: refuse}, readAll: true, all: []MenuItem[string]{{Name: "yes-1"}, {Name: "x"}, {Name: "x2", Details: "lazy"}}}
			if _, ok, err := c.handleLine(typed); ok != want.chosen || err != nil || !strings.Contains(out.String(), want.listed) {
				t.Errorf("%q: chosen %t (%v), told\n%s", typed, ok, err, out.String())
			}
		})
	}
}
