package list

import (
	"slices"
	"testing"
	"time"
)

// frameTime is how long the loop works for half of the keys of a session, with that many rows. The best of several rounds counts: a
// busy machine makes any one slow.
func frameTime(rows int) time.Duration {
	p := filledPicker(rows)
	best := time.Duration(0)
	for range 5 {
		var all []time.Duration
		for _, key := range session {
			all = append(all, play(p, key)...)
		}
		slices.Sort(all)
		if half := all[len(all)/2]; best == 0 || half < best {
			best = half
		}
	}
	return best
}

// A key costs the loop about the same among 20,000 rows as among 1,000: searching and sorting are outside of it, and only the rows on
// the screen are drawn. What went through all rows would take twenty times as long.
func TestAKeyCostsTheSameAmongManyRows(t *testing.T) {
	const most = 8
	few, many := frameTime(1000), frameTime(20000)
	if many > most*few {
		t.Errorf("with 1,000 rows a key takes %v, with 20,000 %v", few, many)
	}
}
