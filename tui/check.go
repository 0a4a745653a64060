package tui

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/tui/accessmap"
	"whopulls/tui/palette"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// checkEntries check everything that runs in the project: on the list of its workloads, and on a map, which that list opens over.
func (r *root) checkEntries() []palette.Entry {
	e := palette.Entry{ID: "place check", Section: palette.Places, Kind: "place", Title: "Check all workloads here", WhyOff: r.whyOffline()}
	switch s := r.top().(type) {
	case *pick.Workloads:
		if e.WhyOff == "" {
			e.WhyOff = s.WhyNoCheck()
		}
		e.Open = func() tea.Cmd { return s.CheckAll() }
		return []palette.Entry{r.guarded(e)}
	case *accessmap.Screen:
		return []palette.Entry{r.screenEntry(e, func() ui.Screen { return pick.CheckAllIn(r.picking(), s.Knows()) })}
	}
	return nil
}
