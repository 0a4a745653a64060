package cmd

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"

	"whopulls/cmd/options"
	"whopulls/text"
)

// No format for programs lets a character through that a terminal obeys, and each gives back the text that went in.
func TestDocumentsAreSafeForATerminal(t *testing.T) {
	hostile := rapid.StringOfN(rapid.RuneFrom([]rune("a:#-\"'\\ \x1b\u009b\a\b\x7f\r\n\t\u202e\u2066\u200f\u0085\u2028\ufeff\u200b\u3164\u115f\U000e0001{}[]é日")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		document := map[string]any{"title": hostile.Draw(t, "title"), "list": []any{hostile.Draw(t, "first"), map[string]any{"inner": hostile.Draw(t, "inner")}}}
		for _, f := range []options.Format{options.FormatJSON, options.FormatYAML} {
			var out bytes.Buffer
			if err := writeDocument(&out, f, document); err != nil {
				t.Fatal(err)
			}
			if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && text.IsInvisible(r) }); i >= 0 {
				t.Errorf("%s lets a control character through: %q", f, out.String())
			}
			var back map[string]any
			if err := yaml.Unmarshal(out.Bytes(), &back); err != nil {
				t.Fatalf("%s can't be read: %v\n%s", f, err, out.String())
			}
			if !reflect.DeepEqual(back, document) {
				t.Errorf("%s reads back as\n%q, want\n%q:\n%s", f, back, document, out.String())
			}
		}
	})
}
