package list

import (
	"strings"
	"testing"

	"whopulls/tui/match"
)

// What is typed is looked for as it is spelled, in the name first.
func TestTheFilterPutsTheNameFirst(t *testing.T) {
	var items []Item
	for _, cells := range [][]string{{"hello", "service", "myrepo/web:v1"}, {"my-web", "job", "x"}, {"web-us", "service", "x"}, {"Web", "service", "x"},
		{"worker-b", "job", "x"}, {"wake", "job", "ebb"}, {"nothing", "job", "x"}} {
		items = append(items, Item{Cells: cells, searchText: match.NewText(cells...)})
	}
	for query, want := range map[string]string{
		"web":  "Web web-us my-web hello worker-b wake",
		"WEB ": "Web web-us my-web hello worker-b wake",
		"kb":   "worker-b wake",
		"x":    "my-web web-us Web worker-b nothing",
	} {
		t.Run(query, func(t *testing.T) {
			var got []string
			rows := rowsOf(items, 0, func(*Item) string { return "" })
			j := searchJob{items: items, query: match.Parse(query), ranked: true}
			for _, r := range mergeRows(j.filter(rows[:3], match.NewMatcher()), j.filter(rows[3:], match.NewMatcher())) {
				got = append(got, items[r.index].Cells[0])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("it finds %v, want %s", got, want)
			}
		})
	}
}
