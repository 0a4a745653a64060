package list

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/match"
)

// Order is a way to sort a list: what it is by, and the place of an item.
type Order struct {
	Name string
	Key  func(*Item) string
}

// ByCell sorts by a column.
func ByCell(name string, column int) Order {
	return Order{name, func(i *Item) string { return strings.ToLower(i.Cells[column]) }}
}

// row is an item that fits the filter: where it is, how well it fits, and its place in a list that is sorted.
type row struct {
	index int32
	rank  match.Rank
	key   string
}

// compare puts the better fit first; equal ones stand as the list is sorted, or as it came.
func (r row) compare(other row) int {
	return cmp.Or(r.rank.Compare(other.rank), cmp.Compare(r.key, other.key), cmp.Compare(r.index, other.index))
}

// results are the items of a list that fit its filter, the best first; without a filter all, as the list has them.
type results struct {
	rows        []row
	sorted      []row // all items, in the order of the list
	sortedOrder int   // which order that is
	query       match.Query
	listedCount int // how many of the rows are counted
	version     int // of filter and order; answers to an older one are dropped
	newest      atomic.Int64
	pending     bool // a search is under way, and what is here fits an older filter
	matching    *match.Matcher
}

// matcher is the one of the program's loop.
func (r *results) matcher() *match.Matcher {
	if r.matching == nil {
		r.matching = match.NewMatcher()
	}
	return r.matching
}

// begin gives a search a version; the older ones stop.
func (r *results) begin() int {
	r.version++
	r.newest.Store(int64(r.version))
	return r.version
}

// resultsMsg brings what a search outside the loop found among the items that there were when it began.
type resultsMsg struct {
	to       *List
	version  int
	searched int
	keep     bool  // the cursor stays where it is
	sorted   []row // all items in their order; nil: that was there
	query    match.Query
	rows     []row
}

// maxSyncSearch is how many items are searched between two key strokes without anybody noticing.
const maxSyncSearch = 1000

// sortNext sorts by the next order. The cursor stays on its row.
func (p *List) sortNext() tea.Cmd {
	if len(p.Orders) == 0 {
		return nil
	}
	p.order = (p.order + 1) % (len(p.Orders) + 1)
	return p.find(true)
}

// find finds what fits the filter, in the present order. A long list is searched outside the program's loop, so that typing
// never waits for it.
func (p *List) find(keep bool) tea.Cmd {
	j := p.newSearch()
	if j.size() <= maxSyncSearch {
		p.takeFound(j.run(p, keep))
		return nil
	}
	p.results.pending = true
	j.top = slices.Clone(j.top) // they may get their details in the meantime
	j.newest = &p.results.newest
	return func() tea.Msg { return j.run(p, keep) }
}

// FinishSearch ends a search under way.
func (p *List) FinishSearch() {
	if p.results.pending {
		p.findNow(false)
	}
}

// findNow finds what fits, however long that takes.
func (p *List) findNow(keep bool) {
	j := p.newSearch()
	p.takeFound(j.run(p, keep))
}

// matchers are those that searches use in turn.
var matchers = sync.Pool{New: func() any { return match.NewMatcher() }}

// searchJob is one search: among which rows, for what, and in which order.
type searchJob struct {
	version int
	top     []Item // the recent ones
	items   []Item // all
	base    []row  // that what fits is among
	query   match.Query
	order   func(*Item) string
	ranked  bool // the best first, whatever the order
	resort  bool // the base is in no order, or in another one
	newest  *atomic.Int64
}

// newSearch prepares a search. What narrows the query before is looked for among what fitted that one.
func (p *List) newSearch() searchJob {
	r := &p.results
	j := searchJob{top: p.Items[:p.topCount], items: p.Items, query: match.Parse(p.filter.Value()), order: p.sortKey(), ranked: p.order == 0, base: r.sorted}
	switch {
	case r.sortedOrder != p.order || len(r.sorted) != len(p.Items):
		j.resort = true
	case !r.pending && !r.query.Empty() && j.query.Narrows(r.query):
		j.base = r.rows
	}
	j.version = r.begin()
	return j
}

// sortKey gives the place of an item in the present order.
func (p *List) sortKey() func(*Item) string {
	if p.order == 0 {
		return func(i *Item) string { return i.SortKey }
	}
	return p.Orders[p.order-1].Key
}

// size is how much there is to do.
func (j *searchJob) size() int {
	switch {
	case j.resort:
		return len(j.items)
	case j.query.Empty():
		return 0
	}
	return len(j.base)
}

// run does it.
func (j *searchJob) run(p *List, keep bool) resultsMsg {
	msg := resultsMsg{to: p, version: j.version, searched: len(j.items), keep: keep, query: j.query}
	if j.resort {
		j.base = append(rowsOf(j.top, 0, j.order), rowsOf(j.items[len(j.top):], len(j.top), j.order)...)
		slices.SortFunc(j.base, row.compare)
		msg.sorted = j.base
	}
	msg.rows = j.base
	if !j.query.Empty() {
		m := matchers.Get().(*match.Matcher)
		defer matchers.Put(m)
		msg.rows = j.filter(j.base, m)
	}
	return msg
}

// item is what a row stands for.
func (j *searchJob) item(r row) *Item {
	if int(r.index) < len(j.top) {
		return &j.top[r.index]
	}
	return &j.items[r.index]
}

// filter gives the rows that fit the query, in their order.
func (j *searchJob) filter(base []row, m *match.Matcher) []row {
	var found []row
	for n, r := range base {
		if n%1024 == 0 && j.newest != nil && j.newest.Load() != int64(j.version) {
			return nil // nobody waits for it any more
		}
		rank, ok := m.Match(j.query, &j.item(r).searchText)
		if !ok {
			continue
		}
		if r.rank = (match.Rank{}); j.ranked {
			r.rank = rank
		}
		found = append(found, r)
	}
	slices.SortFunc(found, row.compare)
	return found
}

// rowsOf are the rows of items, whose indexes begin at first.
func rowsOf(items []Item, first int, key func(*Item) string) []row {
	rows := make([]row, len(items))
	for n := range items {
		rows[n] = row{index: int32(first + n), key: key(&items[n])}
	}
	return rows
}

// takeFound takes what a search found.
func (p *List) takeFound(msg resultsMsg) {
	if msg.sorted != nil {
		p.results.sorted, p.results.sortedOrder = msg.sorted, p.order
	}
	p.results.query, p.results.pending = msg.query, false
	p.setRows(msg.rows, msg.keep)
}

// takeResults takes what a search outside the loop found. Then it looks at the pages that have arrived since, and handles the
// keys that waited.
func (p *List) takeResults(msg resultsMsg) tea.Cmd {
	p.takeFound(msg)
	p.addRows(msg.searched)
	return p.handleQueued()
}

// addRows looks at the items from an index on, and again at the recent ones, which may have got their details.
func (p *List) addRows(from int) {
	r := &p.results
	if r.sortedOrder == p.order { // else they are being sorted
		r.sorted = mergeRows(p.withoutTop(r.sorted), p.freshRows(len(r.sorted)))
	}
	switch {
	case r.pending: // what the search brings comes first
	case r.query.Empty():
		p.setRows(r.sorted, p.stays())
	default:
		j := searchJob{items: p.Items, query: r.query, ranked: p.order == 0}
		p.setRows(mergeRows(p.withoutTop(r.rows), j.filter(p.freshRows(from), r.matcher())), p.stays())
	}
}

// freshRows are those of the recent items and of the items from an index on.
func (p *List) freshRows(from int) []row {
	from = max(from, p.topCount)
	fresh := append(rowsOf(p.Items[:p.topCount], 0, p.sortKey()), rowsOf(p.Items[from:], from, p.sortKey())...)
	slices.SortFunc(fresh, row.compare)
	return fresh
}

// withoutTop leaves the recent items out of rows.
func (p *List) withoutTop(rows []row) []row {
	if p.topCount == 0 {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return int(r.index) < p.topCount })
}

// mergeRows puts rows of new items among those that there are, the better first.
func mergeRows(a, b []row) []row {
	if len(a) == 0 || len(b) == 0 || a[len(a)-1].compare(b[0]) < 0 {
		return append(a, b...)
	}
	all := make([]row, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].compare(b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// setRows takes new rows. If the cursor is to be kept, it stays on its row, in the same line of the screen. Else it goes to
// the best row.
func (p *List) setRows(rows []row, keep bool) {
	kept, before := p.spot(), p.cursorLine()
	p.results.rows, p.results.listedCount = rows, len(rows)
	if p.topCount > 0 {
		for _, r := range rows {
			if int(r.index) < p.topCount && p.Items[r.index].extra {
				p.results.listedCount--
			}
		}
	}
	p.lastShown = p.lastRows()
	if keep && p.moveTo(kept) {
		p.offset = max(0, p.offset+p.cursorLine()-before)
		return
	}
	p.Cursor, p.offset = p.firstRow(), 0
}

// Shown are the items that fit the filter, in the order in which they stand.
func (p *List) Shown() []Item {
	shown := make([]Item, 0, len(p.results.rows))
	for _, r := range p.results.rows {
		shown = append(shown, p.Items[r.index])
	}
	return shown
}

// Replace puts other items instead of those that there are. The cursor goes to the best fit.
func (p *List) Replace(items []Item) {
	p.Items, p.results.sorted = items, nil
	p.findNow(false)
}

// Sort gives items in the order in which a list without a filter has them.
func Sort(items []Item) []Item {
	rows := rowsOf(items, 0, func(i *Item) string { return i.SortKey })
	slices.SortFunc(rows, row.compare)
	sorted := make([]Item, 0, len(items))
	for _, r := range rows {
		sorted = append(sorted, items[r.index])
	}
	return sorted
}

// sortName says what the list is sorted by; empty: in its own order.
func (p *List) sortName() string {
	if p.order == 0 {
		return ""
	}
	return ", by " + p.Orders[p.order-1].Name
}
