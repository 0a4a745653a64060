package accessmap

import (
	"slices"

	"whopulls/model"
	"whopulls/model/picture"
)

// target is what the cursor can stand on: the line of a check, a level of a place, or a lane that folds.
type target struct {
	check string
	level model.Resource
	place string // letter of the level's place: several have the levels above them in common
	lane  model.Identity
}

func checkTarget(id string) target { return target{check: id} }

// folding says which lanes of a picture are shown in one line.
type folding struct {
	low  bool                    // the window is too low for all lines
	open map[model.Identity]bool // lanes that stay open there
}

// canFold reports whether a lane may be one line. Only what is granted folds, and only where that saves lines.
func (f folding) canFold(l picture.Lane) bool {
	return f.low && len(l.Lines) > 1 && l.Granted() == len(l.Lines)
}

// folds reports whether a lane is one line.
func (f folding) folds(l picture.Lane) bool { return f.canFold(l) && !f.open[l.Identity] }

// targets lists what the cursor can stand on, from top to bottom as it is drawn.
func targets(p picture.Picture, f folding) []target {
	all := []target{checkTarget(p.API.Check.ID)}
	for _, l := range p.Lanes {
		if f.canFold(l) {
			all = append(all, target{lane: l.Identity})
		}
		if f.folds(l) {
			continue
		}
		for _, line := range l.Lines {
			all = append(all, checkTarget(line.Check.ID))
		}
	}
	for _, place := range p.Places {
		for _, r := range place.Rungs {
			if r.Resource != "" {
				all = append(all, target{level: r.Resource, place: place.Letter})
			}
			for _, image := range r.Images {
				all = append(all, checkTarget(image.Check.ID))
			}
		}
	}
	return all
}

// laneOf finds the lane that a target belongs to; empty: it belongs to none.
func laneOf(p picture.Picture, at target) model.Identity {
	for _, l := range p.Lanes {
		if at.lane == l.Identity || slices.ContainsFunc(l.Lines, func(line picture.Line) bool { return line.Check.ID == at.check }) {
			return l.Identity
		}
	}
	return ""
}

// rungOf finds the level of a target.
func rungOf(p picture.Picture, at target) (place picture.Place, rung picture.Rung, ok bool) {
	for _, place := range p.Places {
		for _, r := range place.Rungs {
			if at.level != "" && r.Resource == at.level && place.Letter == at.place {
				return place, r, true
			}
		}
	}
	return place, rung, false
}
