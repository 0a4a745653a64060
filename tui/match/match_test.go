package match

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Each sign means what it means in fzf.
func TestSigns(t *testing.T) {
	rows := [][]string{{"shop-web", "service", "europe-west1"}, {"web", "job", "us-central1"}, {"webhook", "service", "us-east1"}, {"my-job", "job", "Tōkyō"},
		{"データ基盤", "worker pool", "asia"}}
	for _, test := range []struct{ query, want string }{
		{"web", "shop-web web webhook"},
		{"  WEB  ", "shop-web web webhook"},
		{"'web", "shop-web web webhook"},
		{"wbk", "webhook"},
		{"'wbk", ""},
		{"^web", "web webhook"},
		{"web$", "shop-web web"},
		{"^web$", "web"},
		{"'^web", ""},
		{"job$", "web my-job"},
		{"^us-", "web webhook"},
		{"!web", "my-job データ基盤"},
		{"web !^web", "shop-web"},
		{"web !job", "shop-web webhook"},
		{"!'wbk", "shop-web web my-job データ基盤"},
		{"!job$ !'データ", "shop-web webhook"},
		{"service europe web", "shop-web"},
		{"web europe service", "shop-web"},
		{"us web job", "web"},
		{"tokyo", "my-job"},
		{"tōkyo", "my-job"},
		{"基盤", "データ基盤"},
		{"デ盤", "データ基盤"},
		{"'", "all"}, {"^", "all"}, {"!", "all"}, {"!^", "all"}, {"", "all"}, {"^$", "all"},
		{"$", ""},
	} {
		t.Run(test.query, func(t *testing.T) {
			var got []string
			for _, cells := range rows {
				text := NewText(cells...)
				if _, ok := NewMatcher().Match(Parse(test.query), &text); ok {
					got = append(got, cells[0])
				}
			}
			if found := strings.Join(got, " "); found != test.want && (test.want != "all" || len(got) != len(rows)) {
				t.Errorf("it finds %q, want %q", found, test.want)
			}
		})
	}
}

// Where a word must be spelled out, its letters alone find nothing.
func TestLetters(t *testing.T) {
	for _, test := range []struct {
		query string
		want  bool
	}{{"ab", true}, {"axt", false}, {"a=x", true}, {"nx", false}, {"n x", true}} {
		t.Run(test.query, func(t *testing.T) {
			text := NewLooseText(2, "a-b", "name", "a=x team=y")
			if _, ok := NewMatcher().Match(Parse(test.query), &text); ok != test.want {
				t.Errorf("%v, want %v", ok, test.want)
			}
		})
	}
}

// The better fit comes first: spelled out before letters, the name before the rest, a word's beginning before its middle.
func TestRanks(t *testing.T) {
	for _, test := range []struct{ query, better, worse string }{
		{"web", "web|x", "web-a|x"}, {"web", "web-a|x", "a-web|x"}, {"web", "a-web|x", "a|web"}, {"web", "a|web", "w-e-b|x"}, {"web", "w-e-b|x", "w|e b"},
		{"web", "shop-web|x", "cobweb|x"}, {"a b", "a|b", "x|a b"}, {"^web", "web-a|x", "x|web-a"}, {"web$", "a-web|x", "x|a-web"}, {"^web$", "web|x", "x|web"},
	} {
		t.Run(test.query+" "+test.better, func(t *testing.T) {
			better, worse := NewText(strings.Split(test.better, "|")...), NewText(strings.Split(test.worse, "|")...)
			first, okFirst := NewMatcher().Match(Parse(test.query), &better)
			second, okSecond := NewMatcher().Match(Parse(test.query), &worse)
			if !okFirst || !okSecond || first.Compare(second) >= 0 {
				t.Errorf("%v %v, %v %v", first, okFirst, second, okSecond)
			}
		})
	}
}

// The letters that were found are marked in their cells.
func TestMarks(t *testing.T) {
	for _, test := range []struct{ query, cells, want string }{
		{"web", "my-web|service", "...###|"}, {"ser", "my-web|service", "|###...."}, {"we svc", "my-web|svc", "...##.|###"}, {"mwb", "my-web|x", "#..#.#|"},
		{"!web x", "a|x", "|#"}, {"web$", "web-web|x", "....###|"}, {"^x", "web|x1", "|#."}, {"基盤", "データ基盤|x", "...##|"}, {"ws", "w|s", "#|#"}, {"", "w|s", "|"},
		{"web", "web-a|web", "###..|"},
	} {
		t.Run(test.query+" "+test.cells, func(t *testing.T) {
			text := NewText(strings.Split(test.cells, "|")...)
			if got := drawMarks(NewMatcher().Marks(Parse(test.query), &text)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// drawMarks draws marks as signs, cell for cell.
func drawMarks(marks [][]bool) string {
	cells := make([]string, len(marks))
	for n, cell := range marks {
		for _, marked := range cell {
			cells[n] += map[bool]string{true: "#", false: "."}[marked]
		}
	}
	return strings.Join(cells, "|")
}

// hasInOrder reports whether a text has the letters in their order.
func hasInOrder(text string, letters []rune) bool {
	for _, r := range text {
		if len(letters) > 0 && r == letters[0] {
			letters = letters[1:]
		}
	}
	return len(letters) == 0
}

// reference says in the plainest way whether cells fit a query.
func reference(query string, loose int, cells []string) bool {
	for n := range cells {
		cells[n] = plain(cells[n])
	}
	for field := range strings.FieldsSeq(plain(query)) {
		w := parseWord(field)
		if w.text != "" && referenceWord(w, loose, cells) == w.excluded {
			return false
		}
	}
	return true
}

func referenceWord(w word, loose int, cells []string) bool {
	row := strings.Join(cells, " ")
	anyCell := func(fits func(string) bool) bool { return slices.ContainsFunc(cells, fits) }
	switch w.kind {
	case exact:
		return strings.Contains(row, w.text)
	case prefix:
		return anyCell(func(c string) bool { return strings.HasPrefix(strings.TrimSpace(c), w.text) })
	case suffix:
		return anyCell(func(c string) bool { return strings.HasSuffix(strings.TrimSpace(c), w.text) })
	case whole:
		return anyCell(func(c string) bool { return strings.TrimSpace(c) == w.text })
	}
	return strings.Contains(row, w.text) || hasInOrder(strings.Join(cells[:loose], " "), []rune(w.text))
}

var (
	someQuery = rapid.StringMatching(`[ab'^!$é ]{0,9}`)
	someCells = rapid.SliceOfN(rapid.StringMatching(`[abAé基 ]{0,6}`), 1, 4)
)

// The matcher finds what the plain reading finds, and marks something wherever a word was found.
func TestItFindsWhatThePlainReadingFinds(t *testing.T) {
	m := NewMatcher()
	rapid.Check(t, func(t *rapid.T) {
		query, cells := someQuery.Draw(t, "query"), someCells.Draw(t, "cells")
		assertFits(t, m, query, rapid.IntRange(0, len(cells)).Draw(t, "loose"), cells)
	})
}

func assertFits(t rapid.TB, m *Matcher, query string, loose int, cells []string) {
	text := NewLooseText(loose, cells...)
	_, got := m.Match(Parse(query), &text)
	if want := reference(query, loose, slices.Clone(cells)); got != want {
		t.Fatalf("%q in %q: %v, want %v", query, cells, got, want)
	}
	marked := strings.Contains(drawMarks(m.Marks(Parse(query), &text)), "#")
	wants := slices.ContainsFunc(Parse(query).words, func(w word) bool { return !w.excluded && strings.TrimSpace(w.text) != "" })
	if got && wants && !marked {
		t.Fatalf("%q in %q fits and nothing is marked", query, cells)
	}
}

// What narrows a query finds nothing that the older one did not find, and typing on narrows.
func TestNarrowing(t *testing.T) {
	m := NewMatcher()
	rapid.Check(t, func(t *rapid.T) {
		older, newer := someQuery.Draw(t, "older"), someQuery.Draw(t, "newer")
		if rapid.Bool().Draw(t, "typed on") {
			newer = older + newer
		}
		cells := someCells.Draw(t, "cells")
		text := NewLooseText(rapid.IntRange(0, len(cells)).Draw(t, "loose"), cells...)
		_, before := m.Match(Parse(older), &text)
		_, after := m.Match(Parse(newer), &text)
		if Parse(newer).Narrows(Parse(older)) && after && !before {
			t.Fatalf("%q finds what %q does not: %q", newer, older, text.text)
		}
	})
	for _, test := range []struct {
		older, newer string
		want         bool
	}{{"", "w", true}, {"w", "web", true}, {"web", "web shop", true}, {"^w", "^web", true}, {"web$", "web$x", false}, {"!w", "!web", false}, {"web", "we", false},
		{"web", "web$", true}, {"!web", "!web a", true}, {"a b", "b a", true}, {"'a", "ab", false}} {
		t.Run(test.older+" "+test.newer, func(t *testing.T) {
			if got := Parse(test.newer).Narrows(Parse(test.older)); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// The words of a query are what has to be there.
func TestWords(t *testing.T) {
	for _, test := range []struct{ query, want string }{{"", ""}, {"Web  shop", "web shop"}, {"^web$ 'a !b", "web a"}, {"! ^ $", "$"}, {"é", "e"}} {
		t.Run(test.query, func(t *testing.T) {
			if got := strings.Join(Parse(test.query).Words(), " "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Whatever is typed and whatever a row holds: the plain reading and the matcher agree.
func FuzzMatch(f *testing.F) {
	f.Add("web !^a 'b c$", "shop-web", "Öre 基盤")
	f.Add("!$ ^ ' ^$", "", " ")
	m := NewMatcher()
	f.Fuzz(func(t *testing.T, query, name, rest string) {
		assertFits(t, m, strings.ToValidUTF8(query, ""), len(query)%3, []string{strings.ToValidUTF8(name, ""), strings.ToValidUTF8(rest, "")})
	})
}
