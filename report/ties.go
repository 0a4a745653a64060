package report

import (
	"cmp"
	"fmt"
	"slices"

	"whopulls/model"
)

// tie is one line of the picture: a binding, or several that are told as one.
type tie struct {
	from  string // key of the node on the left
	label string // its name
	group bool   // it stands for several
	to    model.Resource
	word  string // the status, or the action where several statuses are told as one
	sign  string
	tone  model.StaleAction
	count int
	row   int // of a single binding: its row in the tables, from 1
	who   string
}

// most are as many lines as can be followed with the eye.
const most = 60

// mostPlaces times the five actions are no more than most.
const mostPlaces = 12

// rest is the place of what lies in none of the first places.
const rest = model.Resource("rest")

// ties are the lines of the picture: each binding for itself as long as they can be followed; else those in use as a
// count for each place, then all of a status, then all of an action in the places where most can be done. Members that
// nobody judges are always a count. The counts of the lines add up to the bindings.
func (s Stale) ties() (ties []tie, places int) {
	row := 0
	for _, c := range s.chapters() {
		for _, b := range c.Bindings {
			row++
			ties = append(ties, tieOf(b, c, row))
		}
	}
	ties = merged(ties, func(t tie) bool { return t.who == "" })
	for _, collapse := range []func([]tie) []tie{
		func(ties []tie) []tie { return merged(ties, func(t tie) bool { return t.tone == model.ActionKeep }) },
		func(ties []tie) []tie { return merged(ties, func(tie) bool { return true }) },
	} {
		if len(ties) > most {
			ties = collapse(ties)
		}
	}
	if len(ties) > most {
		ties, places = s.fewPlaces(ties)
	}
	return ties, places
}

func tieOf(b model.StaleBinding, c chapter, row int) tie {
	t := tie{label: string(b.Member), to: b.Resource, word: string(b.Status), sign: c.Sign, tone: c.Action, count: 1, row: row}
	if b.IsJudged() {
		t.who = cmp.Or(consumer(b), string(b.Member))
		t.label = t.who
	}
	t.from = "one " + t.label
	return t
}

// merged makes one line of those that are chosen and share place and word.
func merged(ties []tie, chosen func(tie) bool) []tie {
	type key struct {
		to     model.Resource
		word   string
		judged bool
	}
	var all []tie
	at, members := map[key]int{}, map[key]map[string]bool{}
	for _, t := range ties {
		k := key{t.to, t.word, t.who != ""}
		n, seen := at[k]
		switch {
		case !chosen(t):
			all = append(all, t)
			continue
		case !seen:
			at[k], members[k] = len(all), map[string]bool{}
			all = append(all, t)
		default:
			all[n].count += t.count
			all[n].group, all[n].row = true, 0
		}
		if !t.group {
			members[k][t.label] = true
		}
	}
	for k, n := range at {
		if t := &all[n]; t.group && len(members[k]) > 0 {
			t.from = fmt.Sprint("group ", k.judged, " ", k.word, " ", k.to)
			t.label = fmt.Sprintf("%d %s", len(members[k]), "not judged")
			if k.judged {
				t.label = model.CountNoun(len(members[k]), "project")
			}
		}
	}
	return all
}

// fewPlaces keeps the places where most can be done, and tells the others as one, by action. It says how many those are.
func (s Stale) fewPlaces(ties []tie) ([]tie, int) {
	todo, order := map[model.Resource]int{}, []model.Resource{}
	for _, t := range ties {
		if _, seen := todo[t.to]; !seen {
			order = append(order, t.to)
		}
		todo[t.to] += 0
		if t.tone == model.ActionRemove || t.tone == model.ActionReplace {
			todo[t.to] += t.count
		}
	}
	slices.SortStableFunc(order, func(a, b model.Resource) int { return cmp.Or(cmp.Compare(todo[b], todo[a]), cmp.Compare(a, b)) })
	others := 0
	if len(order) > mostPlaces {
		others = len(order) - mostPlaces
		order = order[:mostPlaces]
	}
	var all []tie
	at := map[string]int{}
	for _, t := range ties {
		if !slices.Contains(order, t.to) {
			t.to = rest
		}
		t.word, t.group, t.row = actionWords[t.tone], true, 0
		t.from = "group " + t.word + " " + string(t.to)
		n, seen := at[t.from]
		if !seen {
			at[t.from] = len(all)
			all = append(all, t)
			continue
		}
		all[n].count += t.count
	}
	for i := range all {
		all[i].label = model.CountNoun(all[i].count, "binding")
	}
	return all, others
}

// actionWords are told where several statuses are one.
var actionWords = map[model.StaleAction]string{model.ActionRemove: "removable", model.ActionReplace: "excessive", model.ActionPublic: "public", model.ActionReview: "unknown", model.ActionKeep: "active"}
