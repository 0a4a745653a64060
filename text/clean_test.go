package text_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"whopulls/text"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "roles/run.admin on projects/app-1", "roles/run.admin on projects/app-1"},
		{"Japanese", "データ基盤（本番）", "データ基盤（本番）"},
		{"combining marks", "e\u0301 and が", "e\u0301 and が"},
		{"Arabic number sign, which is drawn", "\u0600\u0661", "\u0600\u0661"},
		{"emoji with its variation selector", "\u2764\ufe0f", "\u2764\ufe0f"},
		{"line ends and tabs", "a\nb\r\nc\td\v\f", "a b  c d  "},
		{"line ends of Unicode", "a\u2028b\u2029c\u0085d", "a b c d"},
		{"wide and no-break spaces", "a\u00a0b\u3000c\u2003d", "a b c d"},
		{"spaces around", "  padded ", "  padded "},
		{"escape sequence", "a\x1b[31mb", "a\ufffd[31mb"},
		{"C0, DEL and C1", "\x00\a\b\x7f\u009b", "\ufffd\ufffd\ufffd\ufffd\ufffd"},
		{"direction of writing", "user\u202egro.elpmaxe\u2066\u200f", "user\ufffdgro.elpmaxe\ufffd\ufffd"},
		{"zero width", "a\u200bb\u200dc\ufeffd\u00ade", "a\ufffdb\ufffdc\ufffdd\ufffde"},
		{"tags and fillers", "a\U000e0041\u3164\u115f", "a\ufffd\ufffd\ufffd"},
		{"private and not assigned", "a\ue000\u0378", "a\ufffd\ufffd"},
		{"no UTF-8", "bad\xff\x9bbytes", "bad\ufffd\ufffdbytes"},
		{"replaced before", "a\ufffdb", "a\ufffdb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := text.Clean(c.in); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
			if got, want := text.CleanTrim(c.in), strings.TrimSpace(c.want); got != want {
				t.Errorf("CleanTrim(%q) = %q, want %q", c.in, got, want)
			}
			if got, want := text.HasUnprintable(c.in), text.Clean(c.in) != c.in; got != want && utf8.ValidString(c.in) {
				t.Errorf("HasUnprintable(%q) = %v, want %v", c.in, got, want)
			}
		})
	}
}

// assertClean fails where the rule of the package does not hold for a text.
func assertClean(t interface{ Fatalf(string, ...any) }, in string) {
	out := text.Clean(in)
	if !utf8.ValidString(out) || text.HasUnprintable(out) || strings.ContainsFunc(out, text.IsInvisible) {
		t.Fatalf("Clean(%q) = %q, which cannot be shown", in, out)
	}
	if text.Clean(out) != out {
		t.Fatalf("Clean(%q) = %q, but cleaned again it is %q", in, out, text.Clean(out))
	}
	before, after := []rune(in), []rune(out)
	if len(before) != len(after) {
		t.Fatalf("Clean(%q) = %q, which has %d characters, not %d", in, out, len(after), len(before))
	}
	for i, r := range after {
		switch {
		case r == before[i]:
		case r == ' ' && unicode.IsSpace(before[i]):
		case r == unicode.ReplacementChar && text.HasUnprintable(string(before[i])):
		default:
			t.Fatalf("Clean(%q) = %q: %q became %q", in, out, before[i], r)
		}
	}
}

// assertEscaped fails where EscapeJSON leaves an invisible character or changes what a document says.
func assertEscaped(t interface{ Fatalf(string, ...any) }, in string) {
	document, err := json.Marshal(map[string]string{in: in})
	if err != nil {
		t.Fatalf("%q: %v", in, err)
	}
	escaped := text.EscapeJSON(document)
	if strings.ContainsFunc(string(escaped), text.IsInvisible) {
		t.Fatalf("%q is written as %q", in, escaped)
	}
	var want, got map[string]string
	if err := json.Unmarshal(document, &want); err != nil {
		t.Fatalf("%q: %v", in, err)
	}
	if err := json.Unmarshal(escaped, &got); err != nil {
		t.Fatalf("%q is written as %q: %v", in, escaped, err)
	}
	for key, value := range want {
		if got[key] != value {
			t.Fatalf("%q is written as %q and read as %q", in, escaped, got)
		}
	}
}

// hostile draws the characters that the rule is about more often than chance would.
var hostile = rapid.StringOf(rapid.OneOf(rapid.Rune(),
	rapid.SampledFrom([]rune("ab \n\r\t\x1b\a\u009b\u202e\u2066\u200b\u200d\ufeff\u00ad\u3000\u00a0\u2028\u3164\U000e0041\U000e0100\u0600あ"))))

func TestCleanProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := hostile.Draw(t, "text") + string(rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "bytes"))
		assertClean(t, in)
		assertEscaped(t, in)
	})
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "plain", "a\x1b[2J\x1b[H", "\u202egnp.exe", "a\nb\r\nc", "\xff\x9b31m", "\U000e0041\u3164", "データ　基盤"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		assertClean(t, in)
		assertEscaped(t, in)
	})
}
