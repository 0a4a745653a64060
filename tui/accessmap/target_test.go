package accessmap

import (
	"testing"

	"whopulls/model"
	"whopulls/model/picture"
)

// A lane folds where everything in it is granted, the window is low, and nobody opened it.
func TestFolding(t *testing.T) {
	lane := func(verdicts ...model.Verdict) picture.Lane {
		l := picture.Lane{Identity: model.Puller}
		for _, v := range verdicts {
			l.Lines = append(l.Lines, picture.Line{Check: model.Check{Verdict: v}})
		}
		return l
	}
	granted, low := model.Granted, folding{low: true}
	for _, test := range []struct {
		name string
		lane picture.Lane
		f    folding
		want bool
	}{
		{"all is granted", lane(granted, granted), low, true},
		{"somebody folded it again", lane(granted, granted), folding{low: true, open: map[model.Identity]bool{model.Puller: false}}, true},
		{"in a high window", lane(granted, granted), folding{}, false},
		{"one is missing", lane(granted, model.Missing), low, false},
		{"one is unknown", lane(model.Unknown, granted), low, false},
		{"one is still read", lane(granted, ""), low, false},
		{"a single line", lane(granted), low, false},
		{"no line", lane(), low, false},
		{"somebody opened it", lane(granted, granted), folding{low: true, open: map[model.Identity]bool{model.Puller: true}}, false},
		{"somebody opened another one", lane(granted, granted), folding{low: true, open: map[model.Identity]bool{model.Deployer: true}}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.f.folds(test.lane); got != test.want {
				t.Errorf("it folds: %t", got)
			}
		})
	}
}
