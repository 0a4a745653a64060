package list

import (
	"fmt"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// filledPicker is a list with that many items, as after all pages.
func filledPicker(count int) *List {
	p := New(&ui.Session{Styles: ui.NewStyles("")}, "", "project", "PROJECT", "NUMBER", "NAME")
	for from := 0; from < count; from += 500 {
		p.addPage(pageMsg{to: p, generation: p.Generation, page: projectPage(from)})
	}
	return p
}

// projectPage is a page as a list brings it.
func projectPage(from int) model.ListPage[Item] {
	var page model.ListPage[Item]
	for n := from; n < from+500; n++ {
		id := fmt.Sprintf("team-%05d-prod", n)
		page.Items = append(page.Items, Item{Cells: []string{id, fmt.Sprintf("%012d", n), fmt.Sprintf("Team %d", n)}, ID: id})
	}
	return page
}

// What happens in the program's loop at a list of 1,000 and at one of 20,000: drawing, typing a letter, taking the last
// page while a filter is set. Search is what happens outside the loop.
func BenchmarkList(b *testing.B) {
	for _, count := range []int{1000, 20000} {
		p := filledPicker(count)
		run := func(name string, work func(n int)) {
			b.Run(fmt.Sprintf("%s/%d", name, count), func(b *testing.B) {
				for n := 0; b.Loop(); n++ {
					work(n)
				}
			})
		}
		run("draw", func(int) { p.View(120, 40) })
		run("type", func(n int) { p.filter.SetValue([]string{"00", "007"}[n%2]); p.search() })
		run("search", func(int) { findMatches("007", p.Items, 0) })
		p.filter.SetValue("007")
		p.applyFilter()
		whole, last := p.matches, projectPage(count-500)
		run("page", func(int) {
			p.Items, p.matches = p.Items[:count-500], whole
			p.addPage(pageMsg{to: p, generation: p.Generation, page: last})
		})
	}
}
