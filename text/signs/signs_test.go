package signs

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/width"
)

// A sign and its form of a picture take one column, and both forms are ASCII.
func TestForms(t *testing.T) {
	for n := 0; n < len(narrow); n += 2 {
		t.Run(narrow[n], func(t *testing.T) {
			if ansi.StringWidth(narrow[n]) != 1 || len(narrow[n+1]) != 1 {
				t.Errorf("%q and %q take other columns", narrow[n], narrow[n+1])
			}
			for _, form := range []string{ASCII.Text(narrow[n]), ASCII.Picture(narrow[n])} {
				for _, r := range form {
					if r < ' ' || r > '~' {
						t.Errorf("%q is not ASCII", form)
					}
				}
			}
			if all := (Set{}); all.Text(narrow[n]) != narrow[n] || all.Picture(narrow[n]) != narrow[n] {
				t.Error("the full set changes it")
			}
		})
	}
}

// What asks for the width of ambiguous signs holds nothing else, and takes one column a sign where they are narrow.
func TestAmbiguousSigns(t *testing.T) {
	for _, r := range Ambiguous {
		t.Run(string(r), func(t *testing.T) {
			if kind := width.LookupRune(r).Kind(); kind != width.EastAsianAmbiguous {
				t.Errorf("it is %v", kind)
			}
			if !slices.Contains(narrow, string(r)) {
				t.Error("it has no ASCII form")
			}
		})
	}
	if ansi.StringWidth(Ambiguous) != utf8.RuneCountInString(Ambiguous) {
		t.Error("a sign takes more than one column")
	}
}

// Without colour and without Unicode the signs of the verdicts still differ.
func TestVerdictsStayDistinct(t *testing.T) {
	for _, form := range []func(string) string{ASCII.Text, ASCII.Picture, Set{}.Text} {
		seen := map[string]string{}
		for _, sign := range []string{Granted, Missing, Denied, Unknown, Pending, ToDo, Undone} {
			if other, taken := seen[form(sign)]; taken {
				t.Errorf("%s and %s are both %q", other, sign, form(sign))
			}
			seen[form(sign)] = sign
		}
	}
}

// A sign that a line begins with is the same everywhere and takes one column, so that what stands behind it is aligned.
func TestSignsOfRowsAreTheSameEverywhere(t *testing.T) {
	for _, sign := range []string{Granted, Missing, Denied, Unknown, Pending, ToDo, Skipped, Undone, Cursor, Prompt} {
		t.Run(sign, func(t *testing.T) {
			if inText, inPicture := ASCII.Text(sign), ASCII.Picture(sign); inText != inPicture || len(inText) != 1 {
				t.Errorf("%q in a text, %q in a picture", inText, inPicture)
			}
		})
	}
}

// A caret before a letter is how people write ctrl.
func TestKeysOfASCII(t *testing.T) {
	for label, want := range map[string]string{Up + Down: "up/down", Left + Right: "left/right", Up + " pgup": "up pgup", "ctrl+p": "ctrl+p"} {
		t.Run(label, func(t *testing.T) {
			if got := ASCII.Keys(label); got != want || (Set{}).Keys(label) != label {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestTextOfASCII(t *testing.T) {
	for _, test := range []struct{ name, text, want, picture string }{
		{"a verdict", "✓ granted", "+ granted", "+ granted"},
		{"a trail", "shop ▸ service web", "shop > service web", "shop > service web"},
		{"an inherited binding", "↑ folder apps", "^ folder apps", "^ folder apps"},
		{"a wire", "══╗", "==#", "==#"},
		{"a name in Japanese", "名前 …", "名前 ...", "名前 ~"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := ASCII.Text(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if got := ASCII.Picture(test.text); got != test.picture {
				t.Errorf("in a picture %q, want %q", got, test.picture)
			}
		})
	}
}
