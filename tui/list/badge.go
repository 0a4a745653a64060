package list

import (
	"slices"

	"charm.land/lipgloss/v2"

	"whopulls/text/cells"
	"whopulls/tui/match"
	"whopulls/tui/ui"

	tea "charm.land/bubbletea/v2"
)

// Badge is what was found out about an item after the list had brought it. It stands before the cells, and can be searched for.
type Badge struct {
	Text  string
	Style *lipgloss.Style
	Key   string // its place where the list is sorted by badges
}

// BadgeOrder sorts by badges; what has none comes last.
func BadgeOrder(name string) Order {
	return Order{name, func(i *Item) string {
		if i.Badge.Text == "" {
			return "~"
		}
		return i.Badge.Key
	}}
}

// badges are the column of all badges.
type badges struct {
	head  string
	width int // 0: there is no badge yet
}

// BeginBadges gives the list a column of badges, with an order of its own, which is the first.
func (p *List) BeginBadges(head string, order Order) {
	if p.badges.head == "" {
		p.Orders = append([]Order{order}, p.Orders...)
		if p.order > 0 {
			p.order++
		}
	}
	p.badges.head = head
}

// SetBadges puts badges before the items of these ids. The cursor stays on its row. The items are copied: a search may be looking at them.
func (p *List) SetBadges(found map[string]Badge) tea.Cmd {
	p.badges.width = max(p.badges.width, len(p.badges.head))
	p.Items = slices.Clone(p.Items)
	for n := range p.Items {
		i := &p.Items[n]
		if b, ok := found[i.ID]; ok {
			i.Badge = b
			i.searchText = p.searchTextOf(i)
			p.badges.width = max(p.badges.width, cells.Width(b.Text))
		}
	}
	if p.order != 1 && p.results.query.Empty() {
		return nil
	}
	p.results.sorted, p.results.query = nil, match.Query{}
	return p.find(true)
}

// searchTextOf is what a filter looks at.
func (p *List) searchTextOf(i *Item) match.Text {
	texts := i.Cells
	if i.Badge.Text != "" {
		texts = append(slices.Clone(texts), i.Badge.Text)
	}
	return match.NewLooseText(p.looseColumns(), texts...)
}

// badgeRoom is what the column takes of a row.
func (p *List) badgeRoom() int {
	if p.badges.width == 0 {
		return 0
	}
	return p.badges.width + columnGap
}

// writeBadge writes the column before a row's cells.
func (p *List) writeBadge(row *ui.Row, badge Badge) {
	if p.badges.width == 0 {
		return
	}
	next := row.Used() + p.badgeRoom()
	row.Write(badge.Style, badge.Text)
	row.FillTo(next)
}
