package model

import (
	"strings"
	"time"
)

// ages tells which deny policies behind the checks an earlier reading found, and how old they are. Levels that were read
// in the same minute are told together.
func (q *inquiry) ages(checks []Check) []Observation {
	var told []Observation
	var names [][]string
	seen := map[Resource]bool{}
	of := map[age]int{}
	for _, c := range checks {
		for _, level := range c.Levels {
			at := q.s.Denies[level.Resource].At
			if at.IsZero() || seen[level.Resource] {
				continue
			}
			seen[level.Resource] = true
			minute := age{at.UTC().Truncate(time.Minute), int(q.s.Time.Sub(at).Minutes())}
			n, ok := of[minute]
			if !ok {
				n, told, names = len(told), append(told, Observation{Text: minute.words(), Time: at, Age: max(q.s.Time.Sub(at), 1)}), append(names, nil)
				of[minute] = n
			}
			names[n] = append(names[n], Describe(level.Resource, c.Levels))
		}
	}
	for n := range told {
		told[n].Text = "deny policies of " + enumerate(names[n]) + " are " + told[n].Text
	}
	return told
}

// age is when a fact was read, to the minute, and how many minutes ago.
type age struct {
	read    time.Time
	minutes int
}

// words say when a fact was read; the clock may have been set back since.
func (a age) words() string {
	old := "less than a minute old"
	if a.minutes >= 1 {
		old = Counted(a.minutes, "minute") + " old"
	}
	return "as of " + a.read.Format("15:04") + " UTC, " + old
}

// enumerate joins names: a, b and c.
func enumerate(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
