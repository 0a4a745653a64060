package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// The picture's measures, in the units of its view box. A letter of the fixed-width type is letter wide.
const (
	pictureWidth   = 1080
	charWidth      = 7.9
	lineHeight     = 16.0 // between lines of a name
	edgePitch      = 20.0 // between lines of one node
	nodeGap        = 7.0  // between nodes
	maxNameColumns = 50   // at most
	minNameColumns = 24   // at least
	wordWidth      = 104
	edgeEndX       = 806
	placeX         = 824
	placeColumns   = 32
	portPitch      = 7.0 // between the ends of lines at a place
)

// picture is who pulls from what, laid out.
type picture struct {
	Width, Height float64
	WordAt        int // where the statuses stand
	Consumers     []nodeLabel
	Places        []nodeLabel
	Strokes       []stroke
	Words         string        // what it shows, for readers who can't see it
	Note          string        // what it leaves together
	Kinds         []legendEntry // the legend
}

// nodeLabel is a node: a name in as many lines as it takes.
type nodeLabel struct {
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

// Style is the name that the page gives to how the line looks.
func (s stroke) Style() string { return styleName(s.Word) }

// legendEntry is an entry of the legend.
type legendEntry struct {
	Word, Sign string
	Tone       model.StaleAction
}

// Style is the name that the page gives to how such lines look.
func (l legendEntry) Style() string { return styleName(l.Word) }

// node is a name on its way to a place.
type node struct {
	key    string
	edges  []int
	lines  []textLine
	group  bool
	y      float64 // top
	height float64
}

// picture lays out the ties.
func (s Stale) picture() picture {
	edges, others := s.edges()
	left, right := s.nodes(edges, others)
	minimizeCrossings(edges, left, right)
	p := picture{Width: pictureWidth, WordAt: wordColumnX(left)}
	starts, bottom := layoutLeft(left, edges)
	ends, rightBottom := layoutRight(right, edges, starts)
	p.Height = math.Ceil(max(bottom, rightBottom, edgePitch))
	for _, n := range left {
		p.Consumers = append(p.Consumers, n.label(0, nil))
	}
	for _, n := range right {
		height := float64(len(n.edges))*portPitch + 6
		p.Places = append(p.Places, n.label(placeX, &bar{edgeEndX, n.y + (n.height-height)/2, height}))
	}
	for i, t := range edges {
		p.Strokes = append(p.Strokes, t.stroke(p.WordAt, starts[i], ends[i], s.placeName(t.to, others)))
	}
	slices.SortStableFunc(p.Strokes, func(a, b stroke) int { return cmp.Compare(a.WordY, b.WordY) })
	p.describe(edges, len(right))
	return p
}

// describe says in words what the picture shows, and its legend.
func (p *picture) describe(edges []edge, places int) {
	total, grouped := 0, false
	for _, t := range edges {
		total += t.count
		grouped = grouped || t.group
		k := legendEntry{t.word, t.sign, t.action}
		if !slices.Contains(p.Kinds, k) {
			p.Kinds = append(p.Kinds, k)
		}
	}
	slices.SortStableFunc(p.Kinds, func(a, b legendEntry) int {
		return cmp.Compare(wordRank(a.Word), wordRank(b.Word))
	})
	p.Words = fmt.Sprintf("Consumer projects on the left, what they read from on the right, a line for each binding: %s to %s, in %s. The tables below say the same in words.",
		text.CountNoun(total, "binding"), text.CountNoun(places, "place"), text.CountNoun(len(edges), "line"))
	if grouped {
		p.Note = "Some bindings share one line, with their number."
	}
}

// placeName is a place in full.
func (s Stale) placeName(r model.Resource, others int) string {
	if r == otherPlaces {
		return text.CountNoun(others, "more place")
	}
	return s.resourceText(r)
}

// nodes are the names on both sides, in the order of what they are: repositories first, the levels above below.
func (s Stale) nodes(edges []edge, others int) (left, right []*node) {
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
	for i, t := range edges {
		l := find(0, &left, t.fromKey, func() []textLine { return breakName(t.label, maxNameColumns, false) })
		l.edges, l.group = append(l.edges, i), t.group
		r := find(1, &right, string(t.to), func() []textLine { return s.placeLines(t.to, others) })
		r.edges = append(r.edges, i)
	}
	levels := map[model.Kind]int{model.KindRepository: 1, model.KindProject: 2, model.KindFolder: 3, model.KindOrganization: 4}
	level := func(n *node) int {
		if n.key == string(otherPlaces) {
			return 9
		}
		return levels[model.Resource(n.key).Kind()]
	}
	slices.SortStableFunc(right, func(a, b *node) int { return cmp.Or(level(a)-level(b), cmp.Compare(a.key, b.key)) })
	return left, right
}

// placeLines are a place's name, and what and where it is.
func (s Stale) placeLines(r model.Resource, others int) []textLine {
	if r == otherPlaces {
		return breakName(s.placeName(r, others), placeColumns, false)
	}
	name := strings.TrimPrefix(model.Describe(r, s.Levels), string(r.Kind())+" ")
	where := string(r.Kind())
	switch {
	case r.Kind() == model.KindRepository:
		where = r.Segment("locations") + " in " + r.Project()
	case name != r.ID():
		where += " " + r.ID()
	}
	return append(breakName(name, placeColumns, false), breakName(where, placeColumns, true)...)
}

func (n *node) label(x float64, b *bar) nodeLabel {
	l := nodeLabel{X: x, Y: n.y, Bar: b, Group: n.group}
	top := n.y
	if b != nil {
		top += (n.height - float64(len(n.lines))*lineHeight) / 2
	}
	for i, line := range n.lines {
		line.Y = top + float64(i)*lineHeight + 13
		l.Lines = append(l.Lines, line)
	}
	return l
}

// layoutLeft puts the names of the left one below the other, and gives where each line starts.
func layoutLeft(left []*node, edges []edge) (starts []float64, bottom float64) {
	starts = make([]float64, len(edges))
	for _, n := range left {
		n.y = bottom
		for i, t := range n.edges {
			starts[t] = n.y + float64(i)*edgePitch + 9
		}
		n.height = max(float64(len(n.lines))*lineHeight, float64(len(n.edges))*edgePitch)
		bottom += n.height + nodeGap
	}
	return starts, bottom
}

// layoutRight puts each place as near to the middle of its lines as those above it let it, and gives where each line ends.
func layoutRight(right []*node, edges []edge, starts []float64) (ends []float64, bottom float64) {
	ends = make([]float64, len(edges))
	const air = 14
	for _, n := range right {
		n.height = max(float64(len(n.lines))*lineHeight, float64(len(n.edges))*portPitch+6)
		middle := 0.0
		for _, t := range n.edges {
			middle += starts[t] / float64(len(n.edges))
		}
		n.y = max(bottom, math.Round(middle-n.height/2))
		bottom = n.y + n.height + air
	}
	for _, n := range right {
		slices.SortStableFunc(n.edges, func(a, b int) int { return cmp.Compare(starts[a], starts[b]) })
		first := n.y + n.height/2 - float64(len(n.edges)-1)*portPitch/2
		for i, t := range n.edges {
			ends[t] = first + float64(i)*portPitch
		}
	}
	return ends, bottom
}

// wordColumnX is next to the longest name.
func wordColumnX(left []*node) int {
	widest := minNameColumns
	for _, n := range left {
		for _, line := range n.lines {
			widest = max(widest, textColumns(line.Text))
		}
	}
	return int(float64(widest)*charWidth) + 20
}

func textColumns(text string) (total int) {
	for _, r := range text {
		total += runeColumns(r)
	}
	return total
}

func (t edge) stroke(at int, y1, y2 float64, place string) stroke {
	tip := fmt.Sprintf("%s: %s reads from %s", t.word, t.label, place)
	if t.group {
		tip = fmt.Sprintf("%s: %s on %s", t.word, text.CountNoun(t.count, "binding"), place)
	}
	from := at + wordWidth
	bend := (from + edgeEndX) / 2
	return stroke{Path: fmt.Sprintf("M%d %.1fC%d %.1f %d %.1f %d %.1f", from, y1, bend, y1, bend, y2, edgeEndX, y2),
		WordX: float64(at), WordY: y1 + 4, Sign: t.sign, Word: t.word, Tip: tip, Tone: t.action, Count: t.count, Row: t.row}
}

// minimizeCrossings orders both sides so that few lines cross. In turns it orders each side by the middle of
// what it is connected to, and keeps the best order.
func minimizeCrossings(edges []edge, left, right []*node) {
	best := -1
	var keptLeft, keptRight []*node
	for range 6 {
		reorder(left, positions(right), func(n int) string { return string(edges[n].to) })
		if c := countCrossings(edges, left, right); best < 0 || c < best {
			best, keptLeft, keptRight = c, slices.Clone(left), slices.Clone(right)
		}
		reorder(right, positions(left), func(n int) string { return edges[n].fromKey })
	}
	copy(left, keptLeft)
	copy(right, keptRight)
	at := positions(right)
	for _, n := range left {
		slices.SortStableFunc(n.edges, func(a, b int) int { return at[string(edges[a].to)] - at[string(edges[b].to)] })
	}
}

// positions gives each node's place in its column.
func positions(nodes []*node) map[string]int {
	at := map[string]int{}
	for i, n := range nodes {
		at[n.key] = i
	}
	return at
}

func reorder(nodes []*node, at map[string]int, other func(int) string) {
	middle := map[string]float64{}
	for _, n := range nodes {
		for _, t := range n.edges {
			middle[n.key] += float64(at[other(t)]) / float64(len(n.edges))
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return cmp.Compare(middle[a.key], middle[b.key]) })
}

// countCrossings counts the pairs of lines that cross.
func countCrossings(edges []edge, left, right []*node) (count int) {
	from, to := positions(left), positions(right)
	for i, a := range edges {
		for _, b := range edges[:i] {
			if (from[a.fromKey]-from[b.fromKey])*(to[string(a.to)]-to[string(b.to)]) < 0 {
				count++
			}
		}
	}
	return count
}

// breakName cuts a name into lines of at most so many columns, after a sign that parts it where there is one.
func breakName(name string, columns int, faint bool) []textLine {
	var lines []textLine
	letters := []rune(text.Clean(name))
	for len(letters) > 0 {
		end, wide := 0, 0
		for end < len(letters) && wide+runeColumns(letters[end]) <= columns {
			wide += runeColumns(letters[end])
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

// runeColumns is how many columns a letter takes: letters of the East, and what is drawn like them, take two.
func runeColumns(r rune) int {
	if r >= 0x1100 {
		return 2
	}
	return 1
}

// FullHeight is the height with the heads of the columns above.
func (p picture) FullHeight() float64 { return p.Height + 30 }
