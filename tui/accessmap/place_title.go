package accessmap

import (
	"slices"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
)

// shortKinds are what places are called where their kinds and names have no room.
var shortKinds = map[picture.PlaceKind]string{picture.Source: "source", picture.Outside: "other registry"}

// placeTitle is what a place is and its name, for the room of its title. A name that does not fit stands below the title.
func (d *drawing) placeTitle(at int) (kind, name string) {
	p, room := d.picture.Places[at], d.placeWidth-6
	if d.framed {
		room = d.placeWidth - 8
	}
	if name = p.Name; p.Same {
		name += ", the same project"
	}
	for _, kind := range []string{string(p.Kind), shortKinds[p.Kind]} {
		if kind != "" && cells.Width(kind+name) <= room {
			return kind, name
		}
	}
	if cells.Width(string(p.Kind)) > room {
		return shortKinds[p.Kind], ""
	}
	return string(p.Kind), ""
}

// titleFits reports whether the title of a place has room for its name.
func (d *drawing) titleFits(at int) bool {
	_, name := d.placeTitle(at)
	return name != "" || d.picture.Places[at].Name == ""
}

// ownRung is the level that has the name of a place: that of its project.
func ownRung(p picture.Place) int {
	return slices.IndexFunc(p.Rungs, func(r picture.Rung) bool { return r.Kind == model.KindProject && r.Name == p.Name })
}

// drawPlaceTitle names a place: its letter, what it is, and which.
func (d *drawing) drawPlaceTitle(at, x, y, end int) int {
	x = d.Put(x, y, " "+d.picture.Places[at].Letter, d.styles.Bold)
	kind, name := d.placeTitle(at)
	return d.drawHeading(x, y, kind, cells.Cut(name, end-x-3-cells.Width(kind)))
}
