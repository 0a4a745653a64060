package list

import (
	"strings"
	"testing"
)

// What is typed is looked for as it is spelled, in the name first.
func TestTheFilterPutsTheNameFirst(t *testing.T) {
	var items []Item
	for _, cells := range [][]string{{"hello", "service", "myrepo/web:v1"}, {"my-web", "job", "x"}, {"web-us", "service", "x"}, {"Web", "service", "x"},
		{"worker-b", "job", "x"}, {"wake", "job", "ebb"}, {"nothing", "job", "x"}} {
		i := Item{Cells: cells}
		i.buildSearchText()
		items = append(items, i)
	}
	for query, want := range map[string]string{
		"web":  "Web web-us my-web hello worker-b wake",
		"WEB ": "Web web-us my-web hello worker-b wake",
		"kb":   "worker-b wake",
		"x":    "my-web web-us Web worker-b nothing",
	} {
		t.Run(query, func(t *testing.T) {
			var got []string
			for _, h := range mergeMatches(findMatches(query, items[:3], 0), findMatches(query, items[3:], 3)) {
				got = append(got, items[h.index].Cells[0])
			}
			if strings.Join(got, " ") != want {
				t.Errorf("it finds %v, want %s", got, want)
			}
		})
	}
}
