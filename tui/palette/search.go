package palette

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/match"
)

// search is a search of the library, and what it found.
type search struct {
	library Library
	query   match.Query // that the hits fit
	hits    []row       // best first
	count   int         // how much of the library was searched
	version int         // answers to an older search are dropped
	busy    bool
	first   bool // nothing was found yet for what is typed
	cancel  context.CancelFunc
}

// stop ends the search under way.
func (s *search) stop() {
	if s.cancel != nil {
		s.cancel()
	}
	s.busy, s.cancel = false, nil
}

// foundMsg brings what a search found.
type foundMsg struct {
	to      *Palette
	version int
	hits    []row
	count   int
}

// maxSyncSearch is how much is searched between two keys without anybody noticing: well under a millisecond.
const maxSyncSearch = 500

// find searches the library for what is typed. A large one is searched outside the program's loop, so that typing never waits.
func (p *Palette) find(first bool) tea.Cmd {
	s := &p.search
	s.stop()
	s.version++
	s.library = p.library()
	if p.query.Empty() {
		s.hits, s.count, s.query = nil, 0, p.query
		return nil
	}
	job := job{library: s.library, query: p.query}
	if p.query.Narrows(s.query) && !s.query.Empty() && s.count <= s.library.Len {
		job.within, job.from = s.hits, s.count
	}
	if job.len() <= maxSyncSearch {
		hits, _ := job.run(context.Background(), p.matcher)
		s.take(p.query, hits, job.library.Len)
		return nil
	}
	ctx, cancel := context.WithCancel(p.Context)
	s.busy, s.first, s.cancel = true, first || s.first, cancel
	version := s.version
	return func() tea.Msg {
		hits, ok := job.run(ctx, match.NewMatcher())
		if !ok {
			return nil
		}
		return foundMsg{p, version, hits, job.library.Len}
	}
}

// take keeps what a search found.
func (s *search) take(query match.Query, hits []row, count int) {
	s.stop()
	s.query, s.hits, s.count, s.first = query, hits, count, false
}

// job is what a search compares: what fitted a query that this one narrows, and what came since.
type job struct {
	library Library
	query   match.Query
	within  []row
	from    int
}

func (j job) len() int { return len(j.within) + j.library.Len - j.from }

// run compares, and sorts what fits; ok is false where nobody waits for it any more.
func (j job) run(ctx context.Context, m *match.Matcher) (hits []row, ok bool) {
	add := func(index int) {
		if rank, fits := m.Match(j.query, j.library.Text(index)); fits {
			hits = append(hits, row{found: true, index: index, rank: rank})
		}
	}
	const stride = 1024 // comparisons between two looks at whether anybody waits
	for n := range j.len() {
		if n%stride == 0 && ctx.Err() != nil {
			return nil, false
		}
		if n < len(j.within) {
			add(j.within[n].index)
		} else {
			add(n - len(j.within) + j.from)
		}
	}
	slices.SortFunc(hits, row.compare)
	return hits, ctx.Err() == nil
}

// compare puts the better one first, and the entries before the library.
func (r row) compare(other row) int {
	side := func(r row) int {
		if r.found {
			return 1
		}
		return 0
	}
	return cmp.Or(r.rank.Compare(other.rank), cmp.Compare(side(r), side(other)), cmp.Compare(r.index, other.index))
}

// Update takes what a search found. With anything else the library may have grown.
func (p *Palette) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(furtherMsg); ok {
		return p.takeFurther(msg)
	}
	found, ok := msg.(foundMsg)
	if !ok {
		return p.findAgain()
	}
	if found.to != p || found.version != p.search.version {
		return nil
	}
	arrange := p.keepingCursor
	if p.search.first && !p.moved {
		arrange = func(change func()) { change() } // the best one
	}
	arrange(func() {
		p.search.take(p.query, found.hits, found.count)
		p.arrange()
	})
	if p.choosing {
		p.choosing = false
		return func() tea.Msg { return ChosenMsg{p} }
	}
	return nil
}

// findAgain searches what came since the last search.
func (p *Palette) findAgain() tea.Cmd {
	if p.query.Empty() || p.search.busy || p.library().Len == p.search.count {
		return nil
	}
	var cmd tea.Cmd
	p.keepingCursor(func() {
		cmd = p.find(false)
		p.arrange()
	})
	return cmd
}

// maxShown is how much of what was found can be gone through: to see more of it, type on.
const maxShown = 300

// arrange makes the rows: all entries in their order or, of what is typed, what fits it with the best first.
func (p *Palette) arrange() {
	p.rows = nil
	for n := range p.entries {
		if rank, ok := p.matcher.Match(p.query, &p.texts[n]); ok {
			if p.entries[n].Section == Settings { // it shows, and what does something goes first
				rank = p.query.BelowNames(rank)
			}
			p.rows = append(p.rows, row{index: n, rank: rank})
		}
	}
	if p.query.Empty() {
		return
	}
	for _, hit := range p.search.hits[:min(len(p.search.hits), maxShown)] {
		if p.search.busy && p.search.first { // it fitted what was typed before
			rank, ok := p.matcher.Match(p.query, p.search.library.Text(hit.index))
			if !ok {
				continue
			}
			hit.rank = rank
		}
		p.rows = append(p.rows, hit)
	}
	slices.SortFunc(p.rows, row.compare)
}
