package history

import (
	"slices"

	"whopulls/model/ledger"
	"whopulls/tui/match"
)

// row is a line of the list: a run, or one of its changes.
type row struct {
	run     string
	entries []ledger.Entry // of a run all, in their order; of a change that one
	isRun   bool

	searchText match.Text
}

// id tells a row from the others, in each reading.
func (r row) id() string {
	if r.isRun {
		return r.run
	}
	return r.entries[0].ID
}

// first is the entry that says when the run was, and who made it.
func (r row) first() ledger.Entry { return r.entries[0] }

// rowsOf gives the runs, the newest first, each with its changes behind it.
func rowsOf(h ledger.History) (rows []row) {
	type key struct{ target, run string }
	at := map[key]int{}
	var runs []row
	for _, e := range h.Entries {
		k := key{e.Target, e.Run}
		n, known := at[k]
		if !known {
			n = len(runs)
			at[k], runs = n, append(runs, row{run: e.Run, isRun: true})
		}
		runs[n].entries = append(runs[n].entries, e)
	}
	for _, r := range slices.Backward(runs) {
		rows = append(rows, r)
		for i := range r.entries {
			rows = append(rows, row{run: r.run, entries: r.entries[i : i+1]})
		}
	}
	return rows
}
