package cells_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whopulls/text"
	"whopulls/text/cells"
)

func TestFit(t *testing.T) {
	for _, c := range []struct {
		name, in        string
		width           int
		pad, cut, fit   string
		justifiedBefore string // with "→" at the right end
	}{
		{"empty", "", 3, "   ", "", "   ", "  →"},
		{"short", "ab", 4, "ab  ", "ab", "ab  ", "ab →"},
		{"exact", "abcd", 4, "abcd", "abcd", "abcd", "a… →"},
		{"long", "abcdef", 4, "abcdef", "abc…", "abc…", "a… →"},
		{"wide characters", "漢字漢字", 5, "漢字漢字", "漢字…", "漢字…", "漢… →"},
		{"no room", "ab", 0, "ab", "", "", ""},
		{"one cell", "ab", 1, "ab", "…", "…", "→"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for about, pair := range map[string][2]string{"Pad": {cells.Pad(c.in, c.width), c.pad}, "Cut": {cells.Cut(c.in, c.width), c.cut},
				"Fit": {cells.Fit(c.in, c.width), c.fit}, "Justify": {cells.Justify(c.in, "→", c.width), c.justifiedBefore}} {
				if pair[0] != pair[1] {
					t.Errorf("%s(%q, %d) = %q, want %q", about, c.in, c.width, pair[0], pair[1])
				}
			}
		})
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, in    string
		width       int
		wrap, whole []string
	}{
		{"empty", "", 10, []string{""}, []string{""}},
		{"fits", "grant the role", 20, []string{"grant the role"}, []string{"grant the role"}},
		{"at spaces", "grant the role", 9, []string{"grant the", "role"}, []string{"grant the", "role"}},
		{"no line of its own", "a\nb\x1bc", 20, []string{"a b\ufffdc"}, []string{"a b\ufffdc"}},
		{"a long name", "see web@app-1.iam.gserviceaccount.com", 12, []string{"see web@", "app-1.iam.", "gserviceacco", "unt.com"},
			[]string{"see", "web@app-1.iam.gserviceaccount.com"}},
		{"an id", "the data-warehouse-prod", 16, []string{"the", "data-warehouse-", "prod"}, []string{"the", "data-warehouse-prod"}},
		{"a reason", "CONTAINER_PERMISSION_DENIED", 22, []string{"CONTAINER_PERMISSION_", "DENIED"}, []string{"CONTAINER_PERMISSION_DENIED"}},
		{"a path goes before the ids in it", "projects/my-project-a", 15, []string{"projects/", "my-project-a"}, []string{"projects/my-project-a"}},
		{"no room", "ab", 0, nil, []string{"ab"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cells.Wrap(c.in, c.width); !slices.Equal(got, c.wrap) {
				t.Errorf("Wrap(%q, %d) = %q, want %q", c.in, c.width, got, c.wrap)
			}
			if got := cells.WrapWhole(c.in, c.width); !slices.Equal(got, c.whole) {
				t.Errorf("WrapWhole(%q, %d) = %q, want %q", c.in, c.width, got, c.whole)
			}
		})
	}
}

// A word without an end is wrapped at once, whatever it is made of. Somebody may paste one.
func TestWrapALongWord(t *testing.T) {
	for name, unit := range map[string]string{"letters": "abcdefg", "good places to break": "a/b:c@", "marks without a width": "e" + strings.Repeat("\u0301", 30), "wide emoji": "👩‍👩‍👧‍👦"} {
		t.Run(name, func(t *testing.T) {
			word := strings.Repeat(unit, 300_000/len(unit))
			lines := cells.Wrap(word, 60)
			if joined := strings.Join(lines, ""); joined != text.Clean(word) {
				t.Errorf("%d lines have %d of %d bytes", len(lines), len(joined), len(word))
			}
			for _, l := range lines {
				if cells.Width(l) > 60 || cells.Width(l) < 10 && l != lines[len(lines)-1] {
					t.Fatalf("the line %q", l)
				}
			}
		})
	}
}

// Japanese breaks between its characters, but never before a 。 nor behind a （, whatever the width. A name stays whole while
// it fits.
func TestWrapJapanese(t *testing.T) {
	const s = "デプロイ担当者アカウント dev@example.com には、リポジトリに対する Artifact Registry 読み取り（roles/artifactregistry.reader）ロールが必要です。「ロール」を付与してください。"
	for name, c := range map[string]struct {
		wrap     func(string, int) []string
		minWidth int
	}{"Wrap": {cells.Wrap, 12}, "WrapWhole": {cells.WrapWhole, 36}} {
		for width := c.minWidth; width < 120; width++ {
			t.Run(name+" "+strconv.Itoa(width), func(t *testing.T) {
				lines := c.wrap(s, width)
				for n, l := range lines {
					if cells.Width(l) > width {
						t.Errorf("%q is too wide", l)
					}
					first, last := []rune(l)[0], []rune(l)[len([]rune(l))-1]
					if n > 0 && strings.ContainsRune("、。」）ーっャュョァ", first) || n < len(lines)-1 && strings.ContainsRune("「（", last) {
						t.Errorf("the line is %q", l)
					}
				}
				if width > 40 && !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "roles/artifactregistry.reader") }) {
					t.Errorf("the role is broken: %q", lines)
				}
				if joined := strings.Join(lines, ""); strings.ReplaceAll(joined, " ", "") != strings.ReplaceAll(s, " ", "") {
					t.Errorf("it becomes %q", joined)
				}
			})
		}
	}
}

// Whatever the text, wrapping loses nothing but white space, and no line of Wrap is wider than it may be.
func TestWrapLosesNothing(t *testing.T) {
	sign := rapid.SampledFrom([]rune("ab1 @/:=-.\n\x1b\u202e\u200bあ漢。「」（）、e\u0301…"))
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(sign).Draw(t, "text"))
		width := rapid.IntRange(2, 30).Draw(t, "width")
		lines := cells.Wrap(s, width)
		for _, l := range lines {
			if cells.Width(l) > width || text.HasUnprintable(l) {
				t.Fatalf("Wrap(%q, %d) has the line %q", s, width, l)
			}
		}
		for name, got := range map[string][]string{"Wrap": lines, "WrapWhole": cells.WrapWhole(s, width)} {
			if squeeze(strings.Join(got, "")) != squeeze(text.Clean(s)) {
				t.Fatalf("%s(%q, %d) = %q", name, s, width, got)
			}
		}
	})
}
