package tui

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// inPages is a list of many, as the cloud brings it.
func inPages[T any](count int, item func(n int) T) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for from := 0; from < count; from += 500 {
			var page model.ListPage[T]
			for n := from; n < min(from+500, count); n++ {
				page.Items = append(page.Items, item(n))
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// afterReading is the program on a map after it has read that many projects, with five times as many workloads in them.
func afterReading(tb testing.TB, projects int) *root {
	tb.Helper()
	r := newRoot(tb.Context(), Options{Question: articleQuestion()}, nil)
	r.width, r.height = 120, 40
	index := r.connector.current().seen
	for range index.Projects(inPages(projects, func(n int) model.Project {
		return model.Project{ID: fmt.Sprintf("team-%05d-prod", n*7919%100000), Number: fmt.Sprintf("%012d", n), Name: fmt.Sprintf("Team %d", n)}
	})) {
	}
	for range index.Workloads("shop", inPages(5*projects, func(n int) model.Workload {
		return model.Workload{WorkloadName: model.WorkloadName{Kind: model.Service, Name: fmt.Sprintf("web-%d", n), Region: "asia-northeast1"}}
	})) {
	}
	return r
}

// paletteKeys are what a person presses: open, type, take letters back, move, clear.
var paletteKeys = []string{"ctrl+p", "w", "e", "b", "down", "pgdown", "-", "1", "space", "s", "h", "backspace", "backspace", "up", "ctrl+u", "t", "e", "a", "m", "space",
	"0", "0", "7", "end", "home", "space", "!", "9", "esc"}

// playKey presses a key, draws, and says how long both took. What runs outside the loop is done before the next key; what it brings
// is timed as well.
func playKey(r *root, key string) (took []time.Duration) {
	pending := []tea.Msg{keyMsg(key)}
	for len(pending) > 0 {
		msg := pending[0]
		pending = pending[1:]
		began := time.Now()
		_, cmd := r.Update(msg)
		r.View()
		took = append(took, time.Since(began))
		pending = append(pending, resultsOf(cmd)...)
	}
	return took
}

// resultsOf runs a command and all that it consists of.
func resultsOf(cmd tea.Cmd) (msgs []tea.Msg) {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	if several := reflect.ValueOf(msg); several.Kind() == reflect.Slice && several.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
		for n := range several.Len() {
			msgs = append(msgs, resultsOf(several.Index(n).Interface().(tea.Cmd))...)
		}
		return msgs
	}
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

// From a key to its frame, in the program's loop: half of the keys, 99 of 100, and the slowest, in milliseconds.
func BenchmarkPaletteKeyToFrame(b *testing.B) {
	r := afterReading(b, 20000)
	var all []time.Duration
	for b.Loop() {
		for _, key := range paletteKeys {
			all = append(all, playKey(r, key)...)
		}
	}
	slices.Sort(all)
	for name, share := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99, "max-ms": 1} {
		b.ReportMetric(float64(all[int(share*float64(len(all)-1))].Microseconds())/1000, name)
	}
}

// keyTime is how long the loop works for the keys of the palette's session. Of each key the best of several rounds counts: a busy
// machine makes any one slow.
func keyTime(t *testing.T, projects int) (total time.Duration) {
	t.Helper()
	r := afterReading(t, projects)
	best := make([]time.Duration, len(paletteKeys))
	for round := range 5 {
		for n, key := range paletteKeys {
			if took := slices.Max(playKey(r, key)); round == 0 || took < best[n] {
				best[n] = took
			}
		}
	}
	for _, took := range best {
		total += took
	}
	return total
}

// A key of the palette costs the loop about the same however much was read: searching is outside of it, and only the rows in sight
// are drawn. What went through everything would take twenty times as long.
func TestAPaletteKeyCostsTheSameAfterMuchWasRead(t *testing.T) {
	const most = 8
	few, many := keyTime(t, 200), keyTime(t, 4000)
	if many > most*few {
		t.Errorf("after 1,200 things were read all keys take %v, after 24,000 %v", few, many)
	}
}

// Much that was read is searched outside the loop, and found all the same.
func TestThePaletteSearchesMuch(t *testing.T) {
	r := afterReading(t, 2000)
	for _, key := range []string{"ctrl+p", "w", "e", "b", "-", "9", "9", "9", "$"} {
		playKey(r, key)
	}
	e, ok := r.palette.Choose()
	if !ok || e.Title != "web-999" || e.Kind != "service" {
		t.Errorf("%+v %t", e, ok)
	}
}
