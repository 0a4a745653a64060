package accessmap

import (
	"slices"

	"whopulls/model"
	"whopulls/model/picture"
)

// target is what the cursor can stand on: the line of a check, a repository, or a lane whose lines are folded away.
type target struct {
	check string
	level model.Resource
	lane  model.Identity
}

func checkTarget(id string) target { return target{check: id} }

// folding says which lanes of a picture are shown in one line.
type folding struct {
	low  bool                    // the window is too low for all lines
	open map[model.Identity]bool // lanes that stay open there
}

// folds reports whether a lane is one line. Only what is granted folds, and only where that saves lines.
func (f folding) folds(l picture.Lane) bool {
	return f.low && !f.open[l.Identity] && len(l.Lines) > 1 && l.Granted() == len(l.Lines)
}

// targets lists what the cursor can stand on, from top to bottom as it is drawn.
func targets(p picture.Picture, f folding) []target {
	all := []target{checkTarget(p.API.Check.ID)}
	for _, l := range p.Lanes {
		if f.folds(l) {
			all = append(all, target{lane: l.Identity})
			continue
		}
		for _, line := range l.Lines {
			all = append(all, checkTarget(line.Check.ID))
		}
	}
	for _, place := range p.Places {
		for _, r := range place.Rungs {
			if r.Kind == model.KindRepository && r.Resource != "" {
				all = append(all, target{level: r.Resource})
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
			if at.level != "" && r.Resource == at.level {
				return place, r, true
			}
		}
	}
	return place, rung, false
}
