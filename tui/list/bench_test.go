package list

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/ui"
)

// filledPicker is a list with that many items, as after all pages.
func filledPicker(count int) *List {
	p := New(&ui.Session{Styles: ui.NewStyles("")}, "", "project", "PROJECT", "NUMBER", "NAME")
	p.Orders = []Order{ByCell("id", 0), ByCell("number", 1), ByCell("name", 2)}
	p.filter.Focus()
	for from := 0; from < count; from += 500 {
		p.addPage(pageMsg{to: p, generation: p.Generation, page: projectPage(from)})
	}
	return p
}

// projectPage is a page as a list brings it.
func projectPage(from int) model.ListPage[Item] {
	var page model.ListPage[Item]
	for n := from; n < from+500; n++ {
		id := fmt.Sprintf("team-%05d-prod", n*7919%100000)
		page.Items = append(page.Items, Item{Cells: []string{id, fmt.Sprintf("%012d", n), fmt.Sprintf("Team %d", n)}, ID: id})
	}
	return page
}

// session is what a person does in a list: type, take letters back, move, sort, clear.
var session = []tea.Msg{letter("p"), letter("r"), letter("o"), move(ui.IntentDown), letter("d"), move(ui.IntentPageDown), letter(" "), letter("0"), letter("7"),
	move(ui.IntentSort), move(ui.IntentDown), move(ui.IntentLast), letter(" "), letter("!"), letter("9"), move(ui.IntentSort), move(ui.IntentClear), move(ui.IntentDown),
	move(ui.IntentSort), move(ui.IntentPageDown), move(ui.IntentSort), letter("'"), letter("t"), letter("e"), move(ui.IntentUp), move(ui.IntentClear)}

type move ui.Intent

func letter(l string) tea.Msg { return tea.KeyPressMsg{Code: []rune(l)[0], Text: l} }

// play gives a list a key, draws it, and says how long both took. What runs outside the loop is done before the next key.
func play(p *List, key tea.Msg) (took []time.Duration) {
	timed := func(work func() tea.Cmd) tea.Cmd {
		began := time.Now()
		cmd := work()
		p.View(120, 40)
		took = append(took, time.Since(began))
		return cmd
	}
	cmd := timed(func() tea.Cmd {
		if m, ok := key.(move); ok {
			return p.Handle(ui.Intent(m))
		}
		return p.HandleText(key)
	})
	for p.results.pending {
		msg := findResults(cmd)
		cmd = timed(func() tea.Cmd { return p.Update(msg) })
	}
	return took
}

// findResults runs commands until one brings what a search found.
func findResults(cmd tea.Cmd) tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case resultsMsg:
		return msg
	case tea.BatchMsg:
		for _, c := range msg {
			if found := findResults(c); found != nil {
				return found
			}
		}
	}
	return nil
}

// From a key to its frame, in the program's loop: half of the keys, 99 of 100, and the slowest, in milliseconds.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, count := range []int{20000, 100000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			p := filledPicker(count)
			var all []time.Duration
			for b.Loop() {
				for _, key := range session {
					all = append(all, play(p, key)...)
				}
			}
			slices.Sort(all)
			for name, share := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99, "max-ms": 1} {
				b.ReportMetric(float64(all[int(share*float64(len(all)-1))].Microseconds())/1000, name)
			}
		})
	}
}

// What happens outside of keys: drawing alone, the last page while a filter is set, and the search outside the loop.
func BenchmarkList(b *testing.B) {
	for _, count := range []int{1000, 20000, 100000} {
		p := filledPicker(count)
		run := func(name string, work func()) {
			b.Run(fmt.Sprintf("%s/%d", name, count), func(b *testing.B) {
				for b.Loop() {
					work()
				}
			})
		}
		run("draw", func() { p.View(120, 40) })
		for _, query := range []string{"0", "07", "prod"} {
			run("search-"+query, func() {
				p.filter.SetValue(query)
				j := p.newSearch()
				j.run(p, false)
			})
		}
		last := projectPage(count - 500)
		run("page", func() {
			p.Items, p.results.sorted = p.Items[:count-500], p.results.sorted[:count-500]
			p.results.rows = p.results.sorted
			p.addPage(pageMsg{to: p, generation: p.Generation, page: last})
		})
	}
}
