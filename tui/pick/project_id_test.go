package pick

import (
	"strings"
	"testing"

	"whopulls/model"
)

// Why a text can't be a project is said by its first fault, and exactly where the model refuses it.
func TestWhyNoProject(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"myproject-a", ""},
		{"123456789012", ""},
		{"example.com:my-project", ""},
		{"nope!!", `nope!! can't be a project: an id has no "!", only lower-case letters, digits and hyphens.`},
		{"Shop_A", `an id has no "S", only`},
		{"shop_a", `an id has no "_", only`},
		{"データ基盤", `an id has no "デ", only`},
		{"abc", "abc can't be a project: it has 3 characters, and an id has at least 6."},
		{strings.Repeat("a", 31), "it has 31 characters, and an id has at most 30."},
		{"1project", "an id begins with a letter."},
		{"-project", "an id begins with a letter."},
		{"my-project-", "an id does not end with a hyphen."},
		{"nowhere:my-project", "what stands before the colon is not a domain."},
		{"", "it has 0 characters"},
	} {
		t.Run(c.typed, func(t *testing.T) {
			got := whyNoProject(c.typed)
			if (got == "") != (model.ValidateProject(c.typed) == nil) || !strings.Contains(got, c.want) {
				t.Errorf("%q: %q, want %q", c.typed, got, c.want)
			}
		})
	}
}
