package tui

import "whopulls/model"

// itOrEach says which of several things are spoken of: it, where there is one alone.
func itOrEach(it, each string, count int) string {
	if count == 1 {
		return it
	}
	return each
}

// gapText says a gap in one sentence: what, and which permission would help.
func gapText(g model.Gap) string {
	if g.Need == "" {
		return g.Reason
	}
	return g.Reason + " (needs " + needText(g) + ")"
}

// needText names the permission that would close a gap, and where.
func needText(g model.Gap) string {
	if g.Resource == "" {
		return string(g.Need)
	}
	return string(g.Need) + " on " + model.Describe(g.Resource, nil)
}
