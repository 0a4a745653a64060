package match

import (
	"cmp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/junegunn/fzf/src/algo"
	"github.com/junegunn/fzf/src/util"
)

// Text is a row as it is searched: its cells in plain letters, made once.
type Text struct {
	text  string
	name  int // bytes of the first cell
	chars util.Chars
	ends  []int32 // of the cells, in letters
	loose int     // how many of the cells a word's letters may be spread over
}

// NewText prepares a row. Its first cell is the name.
func NewText(cells ...string) Text { return NewLooseText(len(cells), cells...) }

// NewLooseText prepares a row. The letters of a word may only be spread over its first cells. In the others, such as digests,
// a word must stand as it is spelled: they have letters enough for any word. With none loose, that holds for the name too.
func NewLooseText(loose int, cells ...string) Text {
	t := Text{ends: make([]int32, len(cells)), loose: loose}
	var row strings.Builder
	end := 0
	for n, c := range cells {
		c = plain(c)
		if n == 0 {
			t.name = len(c)
		} else {
			row.WriteByte(' ')
			end++
		}
		row.WriteString(c)
		end += utf8.RuneCountInString(c)
		t.ends[n] = int32(end)
	}
	t.text = row.String()
	t.chars = util.ToChars([]byte(t.text))
	return t
}

// cell gives a cell, and where it begins.
func (t *Text) cell(n int) (cell util.Chars, begin int) {
	if n > 0 {
		begin = int(t.ends[n-1]) + 1
	}
	return t.part(begin, int(t.ends[n])), begin
}

// part gives a part of the row, in letters.
func (t *Text) part(begin, end int) util.Chars {
	if t.chars.IsBytes() {
		return util.ToChars(t.chars.Bytes()[begin:end])
	}
	return util.RunesToChars(t.chars.ToRunes()[begin:end])
}

// Rank is how well a row fits; a greater one comes first.
type Rank struct{ fit, score int32 }

// Compare puts the better one first.
func (r Rank) Compare(other Rank) int {
	return cmp.Or(cmp.Compare(other.fit, r.fit), cmp.Compare(other.score, r.score))
}

// FitsBetter reports whether the words of one row stand there more plainly than those of the other: spelled before scattered, in the
// name before elsewhere.
func (r Rank) FitsBetter(other Rank) bool { return r.fit > other.fit }

// BelowNames is how well a row fits that comes behind each with the words somewhere in their names.
func (q Query) BelowNames(r Rank) Rank {
	r.fit = min(r.fit, fitName*int32(len(q.words))-1)
	return r
}

// The fits of a word. A row that has the text as it is typed comes before one that only has the letters in
// that order. A match in the name comes before one in the rest of the row.
const (
	fitLetters int32 = iota
	fitNameLetters
	fitRow
	fitName
	fitNameStart
	fitNameWhole
)

// hit is where a word fits, in letters of the row.
type hit struct {
	Rank
	begin, end int
	letters    *[]int // one by one, where the word is not spelled out; nil: from begin to end
}

// Matcher compares. It is for one goroutine at a time.
type Matcher struct{ slab *util.Slab }

// fillTables fills the tables that fzf scores by. Only the first matcher needs it: most commands never search.
var fillTables = sync.OnceFunc(func() { algo.Init("default") })

// NewMatcher makes a matcher, with the working memory that fzf gives its own.
func NewMatcher() *Matcher {
	fillTables()
	return &Matcher{util.MakeSlab(100*1024, 2048)}
}

// Match reports whether a row fits a query, and how well.
func (m *Matcher) Match(q Query, t *Text) (r Rank, ok bool) {
	for n := range q.words {
		h, ok := m.find(&q.words[n], t, false)
		if ok == q.words[n].excluded {
			return Rank{}, false
		}
		r.fit += h.fit
		r.score += h.score
	}
	return r, true
}

// Marks gives for each cell which of its letters a query found; nil for a cell where it found none, and for the zero Text.
func (m *Matcher) Marks(q Query, t *Text) [][]bool {
	if len(t.ends) == 0 {
		return nil
	}
	marks := make([][]bool, len(t.ends))
	for n := range q.words {
		if q.words[n].excluded {
			continue
		}
		h, ok := m.find(&q.words[n], t, true)
		switch {
		case !ok:
		case h.letters != nil:
			for _, at := range *h.letters {
				t.mark(marks, at)
			}
		default:
			for at := h.begin; at < h.end; at++ {
				t.mark(marks, at)
			}
		}
	}
	return marks
}

// mark marks a letter of the row in its cell.
func (t *Text) mark(marks [][]bool, at int) {
	begin := 0
	for n, end := range t.ends {
		if at < int(end) {
			if marks[n] == nil {
				marks[n] = make([]bool, int(end)-begin)
			}
			if at >= begin {
				marks[n][at-begin] = true
			}
			return
		}
		begin = int(end) + 1
	}
}

// find finds a word in a row. The zero Text has no words.
func (m *Matcher) find(w *word, t *Text, letters bool) (hit, bool) {
	if len(t.ends) == 0 {
		return hit{}, false
	}
	switch w.kind {
	case fuzzy, exact:
		if !strings.Contains(t.text, w.text) {
			return m.findLetters(w, t, letters)
		}
		return m.findSpelled(w, t), true
	}
	for n := range t.ends {
		if h, ok := m.findAtEdge(w, t, n); ok {
			return h, true
		}
	}
	return hit{}, false
}

// findSpelled finds a word that stands in the row, in the name where it does.
func (m *Matcher) findSpelled(w *word, t *Text) hit {
	name := t.text[:t.name]
	fit := fitRow
	switch {
	case name == w.text:
		fit = fitNameWhole
	case strings.HasPrefix(name, w.text):
		fit = fitNameStart
	case strings.Contains(name, w.text):
		fit = fitName
	}
	chars := t.chars
	if fit >= fitName {
		chars, _ = t.cell(0)
	}
	found, _ := algo.ExactMatchNaive(true, false, true, &chars, w.runes, false, m.slab)
	h := hit{Rank: Rank{fit, int32(found.Score)}, begin: found.Start, end: found.End}
	if fit >= fitNameStart {
		h.begin, h.end = 0, len(w.runes)
	}
	return h
}

// findLetters finds the letters of a word in their order, in the name where they are.
func (m *Matcher) findLetters(w *word, t *Text, letters bool) (hit, bool) {
	if w.kind != fuzzy || t.loose == 0 {
		return hit{}, false
	}
	name, _ := t.cell(0)
	fit := fitNameLetters
	found, at := algo.FuzzyMatchV2(true, false, true, &name, w.runes, letters, m.slab)
	if found.Start < 0 {
		fit = fitLetters
		row := t.part(0, int(t.ends[t.loose-1]))
		found, at = algo.FuzzyMatchV2(true, false, true, &row, w.runes, letters, m.slab)
	}
	return hit{Rank{fit, int32(found.Score)}, found.Start, found.End, at}, found.Start >= 0
}

// findAtEdge finds a word at an end of a cell.
func (m *Matcher) findAtEdge(w *word, t *Text, n int) (hit, bool) {
	cell, begin := t.cell(n)
	var fit int32
	var found algo.Result
	switch w.kind {
	case prefix:
		found, _ = algo.PrefixMatch(true, false, true, &cell, w.runes, false, m.slab)
		fit = fitNameStart
	case suffix:
		found, _ = algo.SuffixMatch(true, false, true, &cell, w.runes, false, m.slab)
		fit = fitName
	default:
		found, _ = algo.EqualMatch(true, false, true, &cell, w.runes, false, m.slab)
		fit = fitNameWhole
	}
	if n > 0 {
		fit = fitRow
	}
	return hit{Rank: Rank{fit, int32(found.Score)}, begin: begin + found.Start, end: begin + found.End}, found.Start >= 0
}
