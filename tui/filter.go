package tui

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"
)

// hit is an item that fits the filter: where it is, how it fits, how well, and its place in a list that is sorted.
type hit struct {
	at    int
	fit   fit
	score int
	order string
}

// fit is the way in which an item fits a query; a greater one comes first.
type fit int

// The fits. What is spelled out anywhere is meant rather than what only has the letters in that order, and the name,
// which is the first cell, rather than the rest of the row.
const (
	fitLetters fit = iota
	fitNameLetters
	fitRow
	fitName
	fitNameStart
	fitNameWhole
)

// compare puts the better fit first; equal ones stand as the list is sorted, or as it came.
func (h hit) compare(other hit) int {
	return cmp.Or(cmp.Compare(other.fit, h.fit), cmp.Compare(other.score, h.score),
		cmp.Compare(h.order, other.order), cmp.Compare(h.at, other.at))
}

// hits are the items of a list that fit its filter, the best first; without a filter all, as the list has them.
type hits struct {
	all     []hit
	listed  int  // how many of them are counted
	version int  // of the filter; answers to an older one are dropped
	pending bool // a search is under way, and what is here fits an older filter
}

// hitsMsg brings what a search beside the loop found among the items that there were when it began.
type hitsMsg struct {
	to       *picker
	version  int
	searched int
	found    []hit
}

// atOnce is how many items are searched between two key strokes without anybody noticing.
const atOnce = 2000

// search applies a filter that was changed. A long list is searched beside the program's loop, so that typing never
// waits for it.
func (p *picker) search() tea.Cmd {
	p.hits.version++
	query := p.filter.Value()
	if len(p.items) <= atOnce || query == "" {
		p.show(matching(query, p.items, 0), nil)
		return nil
	}
	p.hits.pending = true
	msg := hitsMsg{to: p, version: p.hits.version, searched: len(p.items)}
	lead := slices.Clone(p.items[:p.lead]) // may get their details meanwhile; what is behind them only grows
	items := p.items[p.lead:]
	return func() tea.Msg {
		msg.found = merged(matching(query, lead, 0), matching(query, items, len(lead)))
		return msg
	}
}

// found takes what a search brought, and looks at the pages that have arrived since.
func (p *picker) found(msg hitsMsg) {
	p.show(msg.found, nil)
	p.grow(msg.searched)
}

// settle ends a search under way: whoever chooses means what fits the filter that was typed.
func (p *picker) settle() {
	if p.hits.pending {
		p.hits.version++
		p.show(matching(p.filter.Value(), p.items, 0), nil)
	}
}

// narrow applies the filter anew and keeps the cursor on the item that it was on.
func (p *picker) narrow() {
	p.hits.version++
	p.show(matching(p.filter.Value(), p.items, 0), p.chosenNow())
}

// chosenNow is the hit below the cursor; nil when there is none.
func (p *picker) chosenNow() *hit {
	if p.cursor >= len(p.hits.all) {
		return nil
	}
	kept := p.hits.all[p.cursor]
	return &kept
}

// grow looks at the items from an index on, and again at the recent ones, which may have got their details.
func (p *picker) grow(from int) {
	if p.hits.pending {
		return // what the search brings comes first
	}
	query := p.filter.Value()
	old := slices.DeleteFunc(slices.Clone(p.hits.all), func(h hit) bool { return h.at < p.lead })
	fresh := merged(matching(query, p.items[:p.lead], 0), matching(query, p.items[from:], from))
	p.show(merged(old, fresh), p.chosenNow())
}

// show takes new hits. The cursor stays on the hit that is to be kept, in the same line of the screen; without one it
// goes to the best.
func (p *picker) show(all []hit, kept *hit) {
	p.hits.all, p.hits.pending, p.hits.listed = all, false, 0
	before := p.cursor
	p.cursor = 0
	for n, h := range all {
		if !p.items[h.at].apart {
			p.hits.listed++
		}
		if kept != nil && h.at == kept.at {
			p.cursor = n
		}
	}
	if kept == nil {
		p.offset = 0
		return
	}
	p.offset = max(0, p.offset+p.cursor-before)
}

// texts lets items be searched as they are.
type texts []item

func (t texts) String(i int) string { return t[i].text }
func (t texts) Len() int            { return len(t) }

// matching gives the hits of a query among items, whose indexes begin at base.
func matching(query string, items []item, base int) []hit {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		all := make([]hit, len(items))
		for n := range items {
			all[n] = hit{at: base + n, order: items[n].order}
		}
		slices.SortFunc(all, hit.compare)
		return all
	}
	found := fuzzy.FindFrom(query, texts(items))
	all := make([]hit, len(found))
	for n, m := range found {
		h := hit{at: base + m.Index, fit: items[m.Index].fits(query), order: items[m.Index].order}
		if h.fit <= fitNameLetters {
			h.score = m.Score
		}
		all[n] = h
	}
	slices.SortFunc(all, hit.compare)
	return all
}

// fits tells how an item fits a query whose letters it has. Both are in small letters.
func (i item) fits(query string) fit {
	name := i.text[:i.name]
	switch {
	case name == query:
		return fitNameWhole
	case strings.HasPrefix(name, query):
		return fitNameStart
	case strings.Contains(name, query):
		return fitName
	case strings.Contains(i.text, query):
		return fitRow
	case hasLetters(name, query):
		return fitNameLetters
	}
	return fitLetters
}

// hasLetters tells whether a text has the letters of a query in their order.
func hasLetters(text, query string) bool {
	for _, r := range query {
		_, after, found := strings.Cut(text, string(r))
		if !found {
			return false
		}
		text = after
	}
	return true
}

// merged puts two lists of hits together, the better first.
func merged(a, b []hit) []hit {
	all := make([]hit, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}
