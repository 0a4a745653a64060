package accessmap

import (
	"fmt"
	"slices"
	"testing"

	"whopulls/model"
)

func verdictWire(v model.Verdict, to int, from ...int) wire {
	return wire{from: from, to: to, arrow: arrowOf(model.Check{Verdict: v, Reason: "read"})}
}

func TestRouteWires(t *testing.T) {
	granted, missing := model.Granted, model.Missing
	for _, test := range []struct {
		name  string
		wires []wire
		gap   int
		want  string // source and target of each, from left to right; empty: there is no way
	}{
		{"one", []wire{verdictWire(granted, 2, 9)}, 7, "[9]-2"},
		{"two that go up turn without crossing", []wire{verdictWire(granted, 5, 10), verdictWire(granted, 2, 9)}, 9, "[9]-2 [10]-5"},
		{"two that go down too", []wire{verdictWire(granted, 12, 9), verdictWire(granted, 15, 10)}, 9, "[10]-15 [9]-12"},
		{"one goes where another begins", []wire{verdictWire(granted, 10, 11), verdictWire(granted, 3, 10)}, 9, "[10]-3 [11]-10"},
		{"each goes where the other begins", []wire{verdictWire(granted, 10, 11), verdictWire(granted, 11, 10)}, 9, ""},
		{"one that is stopped gives way to one that arrives", []wire{verdictWire(granted, 4, 8), verdictWire(missing, 4, 9)}, 9, "[9]-4 [8]-4"},
		{"alike ones are one", joinWires([]wire{verdictWire(granted, 4, 8), verdictWire(granted, 4, 9)}), 7, "[8 9]-4"},
		{"too many for the gap", []wire{verdictWire(granted, 1, 11), verdictWire(granted, 2, 12), verdictWire(granted, 3, 13), verdictWire(granted, 4, 14), verdictWire(granted, 5, 15)}, 7, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			routed, ok := routeWires(test.wires, test.gap)
			got := ""
			for _, w := range routed {
				if got != "" {
					got += " "
				}
				got += fmt.Sprintf("%v-%d", w.from, w.to)
			}
			if got != test.want || ok != (test.want != "") {
				t.Errorf("%q, %t; want %q", got, ok, test.want)
			}
			if !slices.IsSortedFunc(routed, func(a, b wire) int { return a.column - b.column }) {
				t.Error("their columns are in another order")
			}
		})
	}
}
