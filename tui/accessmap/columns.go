package accessmap

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// columns say where the texts of a line stand, counted from its label: what is asked, the role, and where its binding stands.
type columns struct {
	label, role, gap int
	room             int // with a blank behind it
	short            shortening
	bare             bool // a project above has no name: its place names it
}

// shortening is how much of a role's name is left out. Nothing of it is cut.
type shortening int

const (
	wholeRole shortening = iota
	knownRole            // without a service that the role is known without
	lastPart
)

// role is a role, or several, in this length. A role of a project or an organization keeps its name.
func (s shortening) role(roles string) string {
	all := strings.Split(roles, ", ")
	for i, role := range all {
		switch {
		case strings.Contains(role, "/") || s == wholeRole:
		case s == lastPart:
			all[i] = role[strings.LastIndex(role, ".")+1:]
		default:
			all[i] = strings.TrimPrefix(strings.TrimPrefix(role, "artifactregistry."), "iam.")
		}
	}
	return strings.Join(all, ", ")
}

// narrowLabel is the least that a long label keeps where its proof has no room behind it.
const narrowLabel = 21

// proof is what stands behind a label: a role and where its binding stands, or what was found instead of both.
type proof struct{ role, where, finding string }

// proof gives that of a line.
func (c columns) proof(l picture.Line) proof {
	switch {
	case l.Check.Pending():
		return proof{finding: signs.More}
	case l.Finding != "":
		return proof{finding: l.Finding}
	}
	return proof{role: c.short.role(l.Role), where: whereText(l.Where, c.bare)}
}

// whereText is a level in words. The name of a project gives way: a place has it too.
func whereText(w picture.Where, bare bool) string {
	if bare && w.Level == model.KindProject {
		w.Name = ""
	}
	return strings.TrimRight(w.String(), " ")
}

// shortWhere is a level in as many words as its row has room for: at least the sign of one that is inherited or public.
func (c columns) shortWhere(p proof, w picture.Where) string {
	full := p.where
	w.Name = ""
	kind := strings.TrimRight(w.String(), " ")
	sign := ""
	if w.Inherited || w.Public {
		sign, _, _ = strings.Cut(kind, " ")
	}
	for _, p.where = range []string{full, kind, sign} {
		if p.where != "" && c.end(p) <= c.room {
			break
		}
	}
	return p.where
}

// proofColumn is where a proof begins.
func (c columns) proofColumn() int { return c.label + c.gap }

// labelWidth is the room of a line's label. Where no role stands behind it, it decides about no column.
func (c columns) labelWidth(l picture.Line) int {
	switch p, width := c.proof(l), cells.Width(l.Label); {
	case c.end(p) == 0:
		return c.room
	case p.finding != "" && width > c.label:
		return max(c.label, min(width, max(narrowLabel, c.room/2)))
	}
	return max(c.label, 1)
}

// whereColumn is where the level begins behind a role. A wide role pushes it.
func (c columns) whereColumn(role string) int {
	return c.proofColumn() + max(c.role, cells.Width(role)) + c.gap
}

// end is the column behind a proof that is in one row.
func (c columns) end(p proof) int {
	switch {
	case p.where != "":
		return c.whereColumn(p.role) + cells.Width(p.where)
	case p.role+p.finding != "":
		return c.proofColumn() + cells.Width(p.role+p.finding)
	}
	return 0
}

// holds reports whether a line is in one row. A finding may take more: it decides about no column.
func (c columns) holds(l picture.Line, mark int) bool {
	p := c.proof(l)
	return p.finding != "" || cells.Width(l.Label) <= c.label && c.end(p)+mark <= c.room || c.end(p) == 0
}

// fitColumns gives the columns of lines in a room. Behind some of them stands a mark of a width. First names get shorter, then the
// levels stand less even. What still does not fit takes more rows.
func fitColumns(lines []picture.Line, marks func(picture.Line) int, room int) columns {
	whole := func(c columns) bool {
		return !slices.ContainsFunc(lines, func(l picture.Line) bool { return !c.holds(l, marks(l)) })
	}
	c := columns{gap: 2, room: room}
	hasRole := func(l picture.Line) bool { p := c.proof(l); return p.role+p.where != "" }
	c.label = c.widest(lines, func(l picture.Line) bool {
		return hasRole(l) || c.end(c.proof(l)) > 0 && cells.Width(l.Label) <= narrowLabel
	})
	for _, narrower := range []func(){
		func() {}, func() { c.short = knownRole }, func() { c.short = lastPart }, func() { c.label = c.widest(lines, hasRole) },
		func() { c.gap = 1 }, func() { c.bare = true }, func() { c.label = min(c.label, max(narrowLabel, room/2)) },
	} {
		narrower()
		c.role = c.widestRole(lines)
		if whole(c) {
			return c
		}
		if uneven := c.uneven(lines, marks); c.short == lastPart && whole(uneven) {
			return uneven
		}
	}
	return c.uneven(lines, marks)
}

// widest is the width of the widest label of some lines.
func (c columns) widest(lines []picture.Line, such func(picture.Line) bool) (width int) {
	for _, l := range lines {
		if such(l) {
			width = max(width, cells.Width(l.Label))
		}
	}
	return width
}

func (c columns) widestRole(lines []picture.Line) (width int) {
	for _, l := range lines {
		width = max(width, cells.Width(c.proof(l).role))
	}
	return width
}

// uneven narrows the roles until each line that can be in one row is. A role that is wider pushes what stands behind it.
func (c columns) uneven(lines []picture.Line, marks func(picture.Line) int) columns {
	least := c
	least.role = 0
	for ; c.role > 0; c.role-- {
		if !slices.ContainsFunc(lines, func(l picture.Line) bool { return least.holds(l, marks(l)) && !c.holds(l, marks(l)) }) {
			break
		}
	}
	return c
}
