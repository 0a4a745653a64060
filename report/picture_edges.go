package report

import (
	"cmp"
	"fmt"
	"slices"

	"whopulls/model"
	"whopulls/text"
)

// edge is one line of the picture: a binding, or several drawn as one.
type edge struct {
	fromKey  string // key of the node on the left
	label    string // its name
	group    bool   // it stands for several
	to       model.Resource
	word     string // the status, or the action where several statuses are drawn as one
	sign     string
	action   model.StaleAction
	count    int
	row      int // of a single binding: its row in the tables, from 1
	consumer string
}

// maxEdges are as many lines as can be followed with the eye.
const maxEdges = 60

// maxPlaces times the five actions are no more than most.
const maxPlaces = 12

// otherPlaces is the place of what is in none of the first places.
const otherPlaces = model.Resource("rest")

// edges are the lines of the picture. Each binding has its own line, as long as the eye can follow them.
// Otherwise they are merged. First those in use become a count for each place, then all of a status, then all
// of an action. Places where most can be done come first. Members that nobody judges are always a count. The
// counts of the lines add up to the bindings.
func (s Stale) edges() (edges []edge, others int) {
	row := 0
	for _, c := range s.chapters() {
		for _, b := range c.Bindings {
			row++
			edges = append(edges, newEdge(b, c, row))
		}
	}
	edges = mergeEdges(edges, func(t edge) bool { return t.consumer == "" })
	for _, collapse := range []func([]edge) []edge{
		func(edges []edge) []edge {
			return mergeEdges(edges, func(t edge) bool { return t.action == model.ActionKeep })
		},
		func(edges []edge) []edge { return mergeEdges(edges, func(edge) bool { return true }) },
	} {
		if len(edges) > maxEdges {
			edges = collapse(edges)
		}
	}
	if len(edges) > maxEdges {
		edges, others = s.keepTopPlaces(edges)
	}
	return edges, others
}

func newEdge(b model.StaleBinding, c chapter, row int) edge {
	t := edge{label: string(b.Member), to: b.Resource, word: b.Word(), sign: c.Sign, action: c.Action, count: 1, row: row}
	if b.IsJudged() {
		t.consumer = cmp.Or(consumerName(b), string(b.Member))
		t.label = t.consumer
	}
	t.fromKey = "one " + t.label
	return t
}

// mergeEdges makes one line of those that are chosen and share place and word.
func mergeEdges(edges []edge, chosen func(edge) bool) []edge {
	type key struct {
		to     model.Resource
		word   string
		judged bool
	}
	var all []edge
	at, members := map[key]int{}, map[key]map[string]bool{}
	for _, t := range edges {
		k := key{t.to, t.word, t.consumer != ""}
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
			t.fromKey = fmt.Sprint("group ", k.judged, " ", k.word, " ", k.to)
			t.label = fmt.Sprintf("%d %s", len(members[k]), model.WordNotJudged)
			if k.judged {
				t.label = text.CountNoun(len(members[k]), "project")
			}
		}
	}
	return all
}

// keepTopPlaces keeps the places where most can be done, and tells the others as one, by action. It says how many those are.
func (s Stale) keepTopPlaces(edges []edge) ([]edge, int) {
	todo, order := map[model.Resource]int{}, []model.Resource{}
	for _, t := range edges {
		if _, seen := todo[t.to]; !seen {
			order = append(order, t.to)
		}
		todo[t.to] += 0
		if t.action == model.ActionRemove || t.action == model.ActionReplace {
			todo[t.to] += t.count
		}
	}
	slices.SortStableFunc(order, func(a, b model.Resource) int { return cmp.Or(cmp.Compare(todo[b], todo[a]), cmp.Compare(a, b)) })
	others := 0
	if len(order) > maxPlaces {
		others = len(order) - maxPlaces
		order = order[:maxPlaces]
	}
	var all []edge
	at := map[string]int{}
	for _, t := range edges {
		if !slices.Contains(order, t.to) {
			t.to = otherPlaces
		}
		t.group, t.row = true, 0
		if t.word != model.WordNotJudged {
			t.word = actionWords[t.action]
		}
		t.fromKey = "group " + t.word + " " + string(t.to)
		n, seen := at[t.fromKey]
		if !seen {
			at[t.fromKey] = len(all)
			all = append(all, t)
			continue
		}
		all[n].count += t.count
	}
	for i := range all {
		all[i].label = text.CountNoun(all[i].count, "binding")
	}
	return all, others
}

// actionWords are shown where several statuses are drawn as one.
var actionWords = map[model.StaleAction]string{model.ActionRemove: "removable", model.ActionReplace: "excessive", model.ActionPublic: "public", model.ActionReview: "unknown", model.ActionKeep: "active"}
