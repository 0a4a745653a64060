// Package match finds the rows that fit what somebody typed: several words in any order, with fzf's signs. fzf's own matcher
// compares and scores; reading the query and ranking are here.
package match

import (
	"strings"

	"github.com/junegunn/fzf/src/algo"
)

// kind is how a word has to fit.
type kind int

// The kinds, with the signs that ask for them.
const (
	fuzzy  kind = iota // word: its letters, in their order
	exact              // 'word: as it is spelled
	prefix             // ^word: a cell begins with it
	suffix             // word$: a cell ends with it
	whole              // ^word$: a cell is it
)

// word is one condition of a query.
type word struct {
	kind     kind
	excluded bool // !word: what fits is left out
	text     string
	runes    []rune
}

// Query is what somebody typed, as conditions that all have to hold. The zero value fits everything.
type Query struct{ words []word }

// Parse reads a query. Case and accents never count. A sign alone is no condition yet.
func Parse(text string) Query {
	var q Query
	for field := range strings.FieldsSeq(plain(text)) {
		if w := parseWord(field); w.text != "" {
			w.runes = []rune(w.text)
			q.words = append(q.words, w)
		}
	}
	return q
}

// parseWord reads one word, as fzf does: an excluded one is spelled out, unless ' says otherwise.
func parseWord(text string) word {
	var w word
	if w.text, w.excluded = strings.CutPrefix(text, "!"); w.excluded {
		w.kind = exact
	}
	if inner, ok := strings.CutSuffix(w.text, "$"); ok && w.text != "$" {
		w.kind, w.text = suffix, inner
	}
	if inner, ok := strings.CutPrefix(w.text, "'"); ok {
		w.text = inner
		switch {
		case w.kind == suffix:
		case w.excluded:
			w.kind = fuzzy
		default:
			w.kind = exact
		}
		return w
	}
	if inner, ok := strings.CutPrefix(w.text, "^"); ok {
		w.text = inner
		if w.kind == suffix {
			w.kind = whole
		} else {
			w.kind = prefix
		}
	}
	return w
}

// Empty reports whether a query asks for nothing.
func (q Query) Empty() bool { return len(q.words) == 0 }

// Words are the texts that have to be found, without their signs.
func (q Query) Words() (texts []string) {
	for _, w := range q.words {
		if !w.excluded {
			texts = append(texts, w.text)
		}
	}
	return texts
}

// Narrows reports whether all that fits this query surely fits an older one: then only what fitted has to be searched.
func (q Query) Narrows(older Query) bool {
	for _, o := range older.words {
		implied := false
		for _, w := range q.words {
			implied = implied || w.implies(o)
		}
		if !implied {
			return false
		}
	}
	return true
}

// implies reports whether what fits one word surely fits the other.
func (w word) implies(o word) bool {
	switch {
	case w.excluded != o.excluded:
		return false
	case w.excluded:
		return w.text == o.text && w.kind == o.kind
	case o.kind == fuzzy:
		return strings.Contains(w.text, o.text)
	case w.kind == fuzzy:
		return false
	case o.kind == exact:
		return strings.Contains(w.text, o.text)
	case o.kind == prefix:
		return (w.kind == prefix || w.kind == whole) && strings.HasPrefix(w.text, o.text)
	case o.kind == suffix:
		return (w.kind == suffix || w.kind == whole) && strings.HasSuffix(w.text, o.text)
	}
	return w.kind == whole && w.text == o.text
}

// plain gives a text in lower case without accents, letter for letter.
func plain(text string) string {
	text = strings.ToLower(text)
	for n := range len(text) {
		if text[n] >= 0x80 {
			return string(algo.NormalizeRunes([]rune(text)))
		}
	}
	return text
}
