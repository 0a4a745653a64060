package model

import (
	"strings"
	"time"

	"whopulls/text"
)

// denyPolicyAges names the deny policies behind the checks that an earlier reading found, and their age. Levels that were read
// in the same minute are reported together.
func (q *evaluation) denyPolicyAges(checks []Check) []Observation {
	var found []Observation
	var names [][]string
	seen := map[Resource]bool{}
	indexOf := map[cacheAge]int{}
	for _, c := range checks {
		for _, level := range c.Levels {
			at := q.s.Denies[level.Resource].At
			if at.IsZero() || seen[level.Resource] {
				continue
			}
			seen[level.Resource] = true
			minute := cacheAge{at.UTC().Truncate(time.Minute), int(q.s.Time.Sub(at).Minutes())}
			n, ok := indexOf[minute]
			if !ok {
				n, found, names = len(found), append(found, Observation{Text: minute.sentence(), Time: at, Age: max(q.s.Time.Sub(at), 1)}), append(names, nil)
				indexOf[minute] = n
			}
			names[n] = append(names[n], Describe(level.Resource, c.Levels))
		}
	}
	for n := range found {
		found[n].Text = "deny policies of " + joinWithAnd(names[n]) + " are " + found[n].Text
	}
	return found
}

// cacheAge is when a fact was read, to the minute, and how many minutes ago.
type cacheAge struct {
	readAt  time.Time
	minutes int
}

// sentence say when a fact was read; the clock may have been set back since.
func (a cacheAge) sentence() string {
	old := "less than a minute old"
	if a.minutes >= 1 {
		old = text.CountNoun(a.minutes, "minute") + " old"
	}
	return "as of " + a.readAt.Format("15:04") + " UTC, " + old
}

// joinWithAnd joins names: a, b and c.
func joinWithAnd(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
