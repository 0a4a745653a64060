package registry

import (
	"slices"
	"strconv"
	"strings"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// line is a line of the list: a heading, or a binding below it.
type line struct {
	heading section
	count   int // of the bindings below a heading
	binding *binding
}

// id tells a line from the others, in each reading.
func (l line) id() string {
	if l.binding == nil {
		return sectionNames[l.heading]
	}
	return l.binding.id
}

// lines is what the list shows, and where the cursor is. Only what the cursor can be on is a stop.
type lines struct {
	all    []line
	stops  []int // indexes of lines
	cursor int   // in the stops
	offset int   // of the first line that is drawn
	room   int   // for so many lines when it was drawn last
	moved  bool  // by a person: from then on the cursor stays on its line
	widths [columnCount]int
}

func (l *lines) current() (line, bool) {
	if l.cursor < 0 || l.cursor >= len(l.stops) {
		return line{}, false
	}
	return l.all[l.stops[l.cursor]], true
}

// scroll moves the visible part by lines. The cursor stays in it, on the next line that it can be on.
func (l *lines) scroll(by int) {
	if len(l.stops) == 0 {
		return
	}
	at, offset := ui.ScrollBy(by, l.stops[l.cursor], l.offset, l.room, len(l.all))
	stop, _ := slices.BinarySearch(l.stops, at)
	if stop == len(l.stops) || by < 0 && l.stops[stop] > at && stop > 0 {
		stop--
	}
	l.cursor, l.offset, l.moved = stop, offset, true
}

// changeable are the bindings shown that can be taken away or replaced.
func (l *lines) changeable() (shown []*binding) {
	for _, at := range l.all {
		if at.binding != nil && at.binding.whyKept() == "" {
			shown = append(shown, at.binding)
		}
	}
	return shown
}

// arrange puts into the list what fits the filter and the repository that was chosen. The cursor stays on its line, and in its row
// of the screen. Where it is not to be kept, or nobody moved it, it begins at the top.
func (r *Screen) arrange(keep bool) {
	before, hadLine := r.lines.current()
	screenRow := 0
	if hadLine {
		screenRow = r.lines.stops[r.lines.cursor] - r.lines.offset
	}
	filtered := strings.TrimSpace(r.filter.Value()) != ""
	r.lines.fill(r.shown(), r.open || filtered, !filtered)
	if !keep {
		r.lines.moved = false
	}
	r.lines.cursor = min(r.lines.cursor, max(len(r.lines.stops)-1, 0))
	if !r.lines.moved && (!keep || !hadLine || before.binding != nil) {
		r.lines.cursor, r.lines.offset = 0, 0
		return
	}
	if n := slices.IndexFunc(r.lines.stops, func(at int) bool { return r.lines.all[at].id() == before.id() }); hadLine && n >= 0 {
		r.lines.cursor = n
		r.lines.offset = max(0, r.lines.stops[n]-screenRow)
	}
}

// shown are the bindings that fit the filter and the chosen repository, in their order.
func (r *Screen) shown() []*binding {
	query, matcher := match.Parse(r.filter.Value()), match.NewMatcher()
	reaches := r.sources.reaches()
	var fitting []*binding
	for n := range r.result.bindings {
		b := &r.result.bindings[n]
		if !reaches(b.Resource) {
			continue
		}
		if _, fits := matcher.Match(query, &b.searchText); fits {
			fitting = append(fitting, b)
		}
	}
	return fitting
}

// fill makes lines of bindings that stand in their order. What is not judged is folded unless it is open; its heading is a stop where
// it can be folded.
func (l *lines) fill(shown []*binding, open, foldable bool) {
	l.all, l.stops = nil, nil
	l.widths = [columnCount]int{}
	for len(shown) > 0 {
		s := shown[0].section
		count := slices.IndexFunc(shown, func(b *binding) bool { return b.section != s })
		if count < 0 {
			count = len(shown)
		}
		folds := s == notJudged
		if folds && foldable {
			l.stops = append(l.stops, len(l.all))
		}
		l.all = append(l.all, line{heading: s, count: count})
		for _, b := range shown[:count] {
			if folds && !open {
				break
			}
			l.stops = append(l.stops, len(l.all))
			l.all = append(l.all, line{heading: s, binding: b})
			for n, c := range b.columns {
				l.widths[n] = max(l.widths[n], cells.Width(c))
			}
		}
		shown = shown[count:]
	}
}

// notJudgedText says who is folded.
func notJudgedText(bindings []binding) string {
	const others = "people, groups, pipelines"
	if slices.ContainsFunc(bindings, func(b binding) bool { return b.Status == model.StalePublic }) {
		return others + ", everybody"
	}
	return others
}

// counts says in signs how many bindings there are of each kind, the worst first. What is not judged has no number here.
func counts(t *ui.Styles, bindings []*binding) string {
	number := map[string]int{}
	style := map[string]*binding{}
	for _, b := range bindings {
		sign, _ := b.mark()
		number[sign]++
		style[sign] = b
	}
	var parts []string
	for _, sign := range []string{signs.ToDo, "!", signs.Unknown, signs.Granted, signs.Pending} {
		if n := number[sign]; n > 0 {
			parts = append(parts, style[sign].style(t).Render(sign)+strconv.Itoa(n))
		}
	}
	return strings.Join(parts, " ")
}
