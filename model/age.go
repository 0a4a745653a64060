package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ages tells which deny policies behind the checks an earlier reading found, and how old they are. Levels that were read
// in the same minute are told together.
func (q *inquiry) ages(checks []Check) []Observation {
	var told []Observation
	var names [][]string
	seen := map[Resource]bool{}
	for _, c := range checks {
		for _, level := range c.Levels {
			at := q.s.Denies[level.Resource].At
			if at.IsZero() || seen[level.Resource] {
				continue
			}
			seen[level.Resource] = true
			words := q.ageWords(at)
			n := slices.IndexFunc(told, func(o Observation) bool { return o.Text == words })
			if n < 0 {
				n, told, names = len(told), append(told, Observation{Text: words, Time: at, Age: max(q.s.Time.Sub(at), 1)}), append(names, nil)
			}
			names[n] = append(names[n], Describe(level.Resource, c.Levels))
		}
	}
	for n := range told {
		told[n].Text = "deny policies of " + enumerate(names[n]) + " are " + told[n].Text
	}
	return told
}

// ageWords says when a fact was read; the clock may have been set back since.
func (q *inquiry) ageWords(at time.Time) string {
	age := "less than a minute old"
	switch minutes := int(q.s.Time.Sub(at).Minutes()); {
	case minutes == 1:
		age = "1 minute old"
	case minutes > 1:
		age = fmt.Sprintf("%d minutes old", minutes)
	}
	return "as of " + at.UTC().Format("15:04") + " UTC, " + age
}

// enumerate joins names: a, b and c.
func enumerate(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
