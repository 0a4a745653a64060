package accessmap

import (
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// columns are the widths of what a line says: what is asked, the role, and where its binding stands.
type columns struct {
	label, role, where, gap int
	short                   bool // roles without the name of their service
	cut                     bool // something has no room
}

// The narrowest columns. Where not even they have room, the role and its level share what the label leaves.
const (
	narrowLabel = 20
	wideLabel   = 23 // the longest label without a name in it
	wideRoom    = 40
	narrowWhere = 10
)

// fitColumns gives the columns of a picture's lines in a room. Roles lose the name of their service before anything is cut.
func fitColumns(p picture.Picture, room int) columns {
	c := columns{gap: 2}
	shortRole := 0
	for _, l := range p.Lanes {
		for _, line := range l.Lines {
			c.label = max(c.label, cells.Width(line.Label))
			c.role = max(c.role, cells.Width(line.Role))
			shortRole = max(shortRole, cells.Width(withoutService(line.Role)))
			c.where = max(c.where, cells.Width(line.Where.String()))
		}
	}
	needed := func() int { return c.label + c.role + c.where + 3*c.gap }
	if needed() <= room {
		return c
	}
	c.short, c.role = true, shortRole
	if needed() <= room {
		return c
	}
	c.gap = 1
	if needed() <= room {
		return c
	}
	c.cut = true
	room -= 3 * c.gap
	least := narrowLabel
	if room > wideRoom {
		least = wideLabel
	}
	c.label = min(c.label, max(least, room-c.role-c.where))
	c.role = min(c.role, max(room-c.label-c.where, room-c.label-narrowWhere, (room-c.label)/2))
	c.where = room - c.label - c.role
	return c
}

// withoutService shortens a predefined role to its last part: "iam.serviceAccountUser" is known without "iam". A joined list stays.
func withoutService(role string) string {
	if strings.ContainsAny(role, "/,") {
		return role
	}
	return role[strings.LastIndex(role, ".")+1:]
}

// whereText is a level in a width. The name of a project gives way: a place has it too.
func whereText(w picture.Where, width int) string {
	if cells.Width(w.String()) > width && w.Level == model.KindProject {
		w.Name = ""
	}
	return cells.Cut(strings.TrimRight(w.String(), " "), width)
}

// proof is the role of a line and where it stands, or what was found instead of both.
func (c columns) proof(l picture.Line) (role, where string) {
	switch {
	case l.Check.Pending():
		return signs.More, ""
	case l.Finding != "":
		return cells.Cut(l.Finding, c.role+c.gap+c.where), ""
	case c.short:
		return cells.Cut(withoutService(l.Role), c.role), whereText(l.Where, c.where)
	}
	return cells.Cut(l.Role, c.role), whereText(l.Where, c.where)
}
