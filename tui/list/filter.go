package list

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"
)

// match is an item that fits the filter: where it is, how it fits, how well, and its place in a list that is sorted.
type match struct {
	index int
	fit   fit
	score int
	order string
}

// fit is the way in which an item fits a query; a greater one comes first.
type fit int

// The fits. A row that has the text as it is typed comes before one that only has the letters in that order.
// A match in the name, which is the first cell, comes before one in the rest of the row.
const (
	fitLetters fit = iota
	fitNameLetters
	fitRow
	fitName
	fitNameStart
	fitNameWhole
)

// compare puts the better fit first; equal ones stand as the list is sorted, or as it came.
func (h match) compare(other match) int {
	return cmp.Or(cmp.Compare(other.fit, h.fit), cmp.Compare(other.score, h.score),
		cmp.Compare(h.order, other.order), cmp.Compare(h.index, other.index))
}

// matches are the items of a list that fit its filter, the best first; without a filter all, as the list has them.
type matches struct {
	all         []match
	listedCount int  // how many of them are counted
	version     int  // of the filter; answers to an older one are dropped
	pending     bool // a search is under way, and what is here fits an older filter
}

// matchesMsg brings what a search outside the loop found among the items that there were when it began.
type matchesMsg struct {
	to       *List
	version  int
	searched int
	matches  []match
}

// maxSyncSearch is how many items are searched between two key strokes without anybody noticing.
const maxSyncSearch = 2000

// search applies a filter that was changed. A long list is searched outside the program's loop, so that typing never
// waits for it.
func (p *List) search() tea.Cmd {
	p.matches.version++
	query := p.filter.Value()
	if len(p.Items) <= maxSyncSearch || query == "" {
		p.setMatches(findMatches(query, p.Items, 0), nil)
		return nil
	}
	p.matches.pending = true
	msg := matchesMsg{to: p, version: p.matches.version, searched: len(p.Items)}
	lead := slices.Clone(p.Items[:p.topCount]) // may get their details in the meantime; what is behind them only grows
	items := p.Items[p.topCount:]
	return func() tea.Msg {
		msg.matches = mergeMatches(findMatches(query, lead, 0), findMatches(query, items, len(lead)))
		return msg
	}
}

// takeMatches takes what a search brought, and looks at the pages that have arrived since.
func (p *List) takeMatches(msg matchesMsg) {
	p.setMatches(msg.matches, nil)
	p.matchNewItems(msg.searched)
}

// FinishSearch ends a search under way: enter chooses among what fits the filter as typed.
func (p *List) FinishSearch() {
	if p.matches.pending {
		p.matches.version++
		p.setMatches(findMatches(p.filter.Value(), p.Items, 0), nil)
	}
}

// applyFilter applies the filter again and keeps the cursor on the item that it was on.
func (p *List) applyFilter() {
	p.matches.version++
	p.setMatches(findMatches(p.filter.Value(), p.Items, 0), p.matchUnderCursor())
}

// matchUnderCursor is the hit below the cursor; nil if there is none.
func (p *List) matchUnderCursor() *match {
	if p.Cursor >= len(p.matches.all) {
		return nil
	}
	selected := p.matches.all[p.Cursor]
	return &selected
}

// matchNewItems looks at the items from an index on, and again at the recent ones, which may have got their details.
func (p *List) matchNewItems(from int) {
	if p.matches.pending {
		return // what the search brings comes first
	}
	query := p.filter.Value()
	old := slices.DeleteFunc(slices.Clone(p.matches.all), func(h match) bool { return h.index < p.topCount })
	fresh := mergeMatches(findMatches(query, p.Items[:p.topCount], 0), findMatches(query, p.Items[from:], from))
	p.setMatches(mergeMatches(old, fresh), p.matchUnderCursor())
}

// setMatches takes new hits. The cursor stays on the hit that is to be kept, in the same line of the screen; without one it
// goes to the best.
func (p *List) setMatches(all []match, kept *match) {
	p.matches.all, p.matches.pending, p.matches.listedCount = all, false, 0
	before := p.Cursor
	p.Cursor = 0
	for n, h := range all {
		if !p.Items[h.index].extra {
			p.matches.listedCount++
		}
		if kept != nil && h.index == kept.index {
			p.Cursor = n
		}
	}
	if kept == nil {
		p.offset = 0
		return
	}
	p.offset = max(0, p.offset+p.Cursor-before)
}

// searchTexts lets items be searched as they are.
type searchTexts []Item

func (t searchTexts) String(i int) string { return t[i].searchText }
func (t searchTexts) Len() int            { return len(t) }

// findMatches gives the hits of a query among items, whose indexes begin at base.
func findMatches(query string, items []Item, firstIndex int) []match {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		all := make([]match, len(items))
		for n := range items {
			all[n] = match{index: firstIndex + n, order: items[n].SortKey}
		}
		slices.SortFunc(all, match.compare)
		return all
	}
	found := fuzzy.FindFrom(query, searchTexts(items))
	all := make([]match, len(found))
	for n, m := range found {
		h := match{index: firstIndex + m.Index, fit: items[m.Index].fitFor(query), order: items[m.Index].SortKey}
		if h.fit <= fitNameLetters {
			h.score = m.Score
		}
		all[n] = h
	}
	slices.SortFunc(all, match.compare)
	return all
}

// fitFor says how well an item fits a query whose letters it has. Both are in lower case.
func (i Item) fitFor(query string) fit {
	name := i.searchText[:i.nameLength]
	switch {
	case name == query:
		return fitNameWhole
	case strings.HasPrefix(name, query):
		return fitNameStart
	case strings.Contains(name, query):
		return fitName
	case strings.Contains(i.searchText, query):
		return fitRow
	case hasLettersInOrder(name, query):
		return fitNameLetters
	}
	return fitLetters
}

// hasLettersInOrder reports whether a text has the letters of a query in their order.
func hasLettersInOrder(text, query string) bool {
	for _, r := range query {
		_, after, found := strings.Cut(text, string(r))
		if !found {
			return false
		}
		text = after
	}
	return true
}

// mergeMatches puts two lists of hits together, the better first.
func mergeMatches(a, b []match) []match {
	all := make([]match, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}
