package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"whopulls/model"
)

// The picture's measures, in the units of its view box. A letter of the fixed-width type is letter wide.
const (
	pictureWidth = 1080
	letter       = 7.9
	leading      = 16.0 // between lines of a name
	pitch        = 20.0 // between lines of one node
	gapBelow     = 7.0  // between nodes
	nameColumns  = 50   // at most
	fewColumns   = 24   // at least
	wordWide     = 104
	lineTo       = 806
	placeAt      = 824
	placeColumns = 32
	port         = 7.0 // between the ends of lines at a place
)

// picture is who pulls from what, laid out.
type picture struct {
	Width, Height float64
	WordAt        int // where the statuses stand
	Consumers     []label
	Places        []label
	Strokes       []stroke
	Words         string // what it shows, for who can't see it
	Note          string // what it leaves together
	Kinds         []kind // the legend
}

// label is a node: a name in as many lines as it takes.
type label struct {
	X, Y  float64
	Lines []textLine
	Bar   *bar
	Group bool
}

type textLine struct {
	Y     float64
	Text  string
	Faint bool
}

type bar struct{ X, Y, Height float64 }

// stroke is a line with its word.
type stroke struct {
	Path            string
	WordX, WordY    float64
	Sign, Word, Tip string
	Tone            model.StaleAction
	Count, Row      int
}

// kind is an entry of the legend.
type kind struct {
	Word, Sign string
	Tone       model.StaleAction
}

// node is a name on its way to a place.
type node struct {
	key   string
	ties  []int
	lines []textLine
	group bool
	y     float64 // top
	high  float64
}

// picture lays out the ties.
func (s Stale) picture() picture {
	ties, others := s.ties()
	left, right := s.nodes(ties, others)
	untangle(ties, left, right)
	p := picture{Width: pictureWidth, WordAt: wordAt(left)}
	starts, bottom := setLeft(left, ties)
	ends, low := setRight(right, ties, starts)
	p.Height = math.Ceil(max(bottom, low, pitch))
	for _, n := range left {
		p.Consumers = append(p.Consumers, n.label(0, nil))
	}
	for _, n := range right {
		high := float64(len(n.ties))*port + 6
		p.Places = append(p.Places, n.label(placeAt, &bar{lineTo, n.y + (n.high-high)/2, high}))
	}
	for i, t := range ties {
		p.Strokes = append(p.Strokes, t.stroke(p.WordAt, starts[i], ends[i], s.named(t.to, others)))
	}
	slices.SortStableFunc(p.Strokes, func(a, b stroke) int { return cmp.Compare(a.WordY, b.WordY) })
	p.tell(ties, len(right))
	return p
}

// tell says in words what the picture shows, and its legend.
func (p *picture) tell(ties []tie, places int) {
	total, together := 0, false
	for _, t := range ties {
		total += t.count
		together = together || t.group
		k := kind{t.word, t.sign, t.tone}
		if !slices.Contains(p.Kinds, k) {
			p.Kinds = append(p.Kinds, k)
		}
	}
	slices.SortStableFunc(p.Kinds, func(a, b kind) int {
		return cmp.Compare(rank(model.StaleStatus(a.Word)), rank(model.StaleStatus(b.Word)))
	})
	p.Words = fmt.Sprintf("Consumer projects on the left, what they read from on the right, a line for each binding: %s to %s, in %s. The tables below say the same in words.",
		model.CountNoun(total, "binding"), model.CountNoun(places, "place"), model.CountNoun(len(ties), "line"))
	if together {
		p.Note = "Some bindings are told together, as one line with their number."
	}
}

// named is a place in full.
func (s Stale) named(r model.Resource, others int) string {
	if r == rest {
		return model.CountNoun(others, "more place")
	}
	return s.place(r)
}

// nodes are the names on both sides, in the order of what they are: repositories first, the levels above below.
func (s Stale) nodes(ties []tie, others int) (left, right []*node) {
	sides := [2]map[string]*node{{}, {}}
	find := func(side int, all *[]*node, key string, make func() []textLine) *node {
		n := sides[side][key]
		if n == nil {
			n = &node{key: key, lines: make()}
			sides[side][key] = n
			*all = append(*all, n)
		}
		return n
	}
	for i, t := range ties {
		l := find(0, &left, t.from, func() []textLine { return broken(t.label, nameColumns, false) })
		l.ties, l.group = append(l.ties, i), t.group
		r := find(1, &right, string(t.to), func() []textLine { return s.placeLines(t.to, others) })
		r.ties = append(r.ties, i)
	}
	heights := map[model.Kind]int{model.KindRepository: 1, model.KindProject: 2, model.KindFolder: 3, model.KindOrganization: 4}
	level := func(n *node) int {
		if n.key == string(rest) {
			return 9
		}
		return heights[model.Resource(n.key).Kind()]
	}
	slices.SortStableFunc(right, func(a, b *node) int { return cmp.Or(level(a)-level(b), cmp.Compare(a.key, b.key)) })
	return left, right
}

// placeLines are a place's name, and what and where it is.
func (s Stale) placeLines(r model.Resource, others int) []textLine {
	if r == rest {
		return broken(s.named(r, others), placeColumns, false)
	}
	name := strings.TrimPrefix(model.Describe(r, s.Levels), string(r.Kind())+" ")
	where := string(r.Kind())
	switch {
	case r.Kind() == model.KindRepository:
		where = r.Segment("locations") + " in " + r.Project()
	case name != r.ID():
		where += " " + r.ID()
	}
	return append(broken(name, placeColumns, false), broken(where, placeColumns, true)...)
}

func (n *node) label(x float64, b *bar) label {
	l := label{X: x, Y: n.y, Bar: b, Group: n.group}
	top := n.y
	if b != nil {
		top += (n.high - float64(len(n.lines))*leading) / 2
	}
	for i, line := range n.lines {
		line.Y = top + float64(i)*leading + 13
		l.Lines = append(l.Lines, line)
	}
	return l
}

// setLeft puts the names of the left one below the other, and gives where each line starts.
func setLeft(left []*node, ties []tie) (starts []float64, bottom float64) {
	starts = make([]float64, len(ties))
	for _, n := range left {
		n.y = bottom
		for i, t := range n.ties {
			starts[t] = n.y + float64(i)*pitch + 9
		}
		n.high = max(float64(len(n.lines))*leading, float64(len(n.ties))*pitch)
		bottom += n.high + gapBelow
	}
	return starts, bottom
}

// setRight puts each place as near to the middle of its lines as those above it let it, and gives where each line ends.
func setRight(right []*node, ties []tie, starts []float64) (ends []float64, bottom float64) {
	ends = make([]float64, len(ties))
	const air = 14
	for _, n := range right {
		n.high = max(float64(len(n.lines))*leading, float64(len(n.ties))*port+6)
		middle := 0.0
		for _, t := range n.ties {
			middle += starts[t] / float64(len(n.ties))
		}
		n.y = max(bottom, math.Round(middle-n.high/2))
		bottom = n.y + n.high + air
	}
	for _, n := range right {
		slices.SortStableFunc(n.ties, func(a, b int) int { return cmp.Compare(starts[a], starts[b]) })
		first := n.y + n.high/2 - float64(len(n.ties)-1)*port/2
		for i, t := range n.ties {
			ends[t] = first + float64(i)*port
		}
	}
	return ends, bottom
}

// wordAt is beside the longest name.
func wordAt(left []*node) int {
	widest := fewColumns
	for _, n := range left {
		for _, line := range n.lines {
			widest = max(widest, columns(line.Text))
		}
	}
	return int(float64(widest)*letter) + 20
}

func columns(text string) (wide int) {
	for _, r := range text {
		wide += breadth(r)
	}
	return wide
}

func (t tie) stroke(at int, y1, y2 float64, place string) stroke {
	tip := fmt.Sprintf("%s: %s reads from %s", t.word, t.label, place)
	if t.group {
		tip = fmt.Sprintf("%s: %s on %s", t.word, model.CountNoun(t.count, "binding"), place)
	}
	from := at + wordWide
	bend := (from + lineTo) / 2
	return stroke{Path: fmt.Sprintf("M%d %.1fC%d %.1f %d %.1f %d %.1f", from, y1, bend, y1, bend, y2, lineTo, y2),
		WordX: float64(at), WordY: y1 + 4, Sign: t.sign, Word: t.word, Tip: tip, Tone: t.tone, Count: t.count, Row: t.row}
}

// untangle orders both sides so that few lines cross: each side by the middle of what it is tied to, in turns; the best
// order is kept.
func untangle(ties []tie, left, right []*node) {
	best := -1
	var keptLeft, keptRight []*node
	for range 6 {
		reorder(left, places(right), func(n int) string { return string(ties[n].to) })
		if c := crossings(ties, left, right); best < 0 || c < best {
			best, keptLeft, keptRight = c, slices.Clone(left), slices.Clone(right)
		}
		reorder(right, places(left), func(n int) string { return ties[n].from })
	}
	copy(left, keptLeft)
	copy(right, keptRight)
	at := places(right)
	for _, n := range left {
		slices.SortStableFunc(n.ties, func(a, b int) int { return at[string(ties[a].to)] - at[string(ties[b].to)] })
	}
}

// places tells where each node stands.
func places(nodes []*node) map[string]int {
	at := map[string]int{}
	for i, n := range nodes {
		at[n.key] = i
	}
	return at
}

func reorder(nodes []*node, at map[string]int, other func(int) string) {
	middle := map[string]float64{}
	for _, n := range nodes {
		for _, t := range n.ties {
			middle[n.key] += float64(at[other(t)]) / float64(len(n.ties))
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return cmp.Compare(middle[a.key], middle[b.key]) })
}

// crossings counts the pairs of lines that cross.
func crossings(ties []tie, left, right []*node) (count int) {
	from, to := places(left), places(right)
	for i, a := range ties {
		for _, b := range ties[:i] {
			if (from[a.from]-from[b.from])*(to[string(a.to)]-to[string(b.to)]) < 0 {
				count++
			}
		}
	}
	return count
}

// broken cuts a name into lines of at most so many columns, after a sign that parts it where there is one.
func broken(name string, columns int, faint bool) []textLine {
	var lines []textLine
	letters := []rune(model.OneLine(name))
	for len(letters) > 0 {
		end, wide := 0, 0
		for end < len(letters) && wide+breadth(letters[end]) <= columns {
			wide += breadth(letters[end])
			end++
		}
		if end < len(letters) {
			for cut := end; cut > end/2; cut-- {
				if strings.ContainsRune("@/.:- ", letters[cut-1]) {
					end = cut
					break
				}
			}
		}
		lines = append(lines, textLine{Text: string(letters[:end]), Faint: faint})
		letters = letters[end:]
	}
	if len(lines) == 0 {
		lines = append(lines, textLine{Text: "(no name)", Faint: faint})
	}
	return lines
}

// breadth is how many columns a letter takes: letters of the East, and what is drawn like them, take two.
func breadth(r rune) int {
	if r >= 0x1100 {
		return 2
	}
	return 1
}

// FullHeight is the height with the heads of the columns above.
func (p picture) FullHeight() float64 { return p.Height + 30 }
