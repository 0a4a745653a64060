package ui

import "whopulls/model"

// ItOrEach says which of several things are spoken of: it, where there is one alone.
func ItOrEach(it, each string, count int) string {
	if count == 1 {
		return it
	}
	return each
}

// GapText says a gap in one sentence: what, and which permission would help.
func GapText(g model.Gap) string {
	if g.Need == "" {
		return g.Reason
	}
	return g.Reason + " (needs " + NeedText(g) + ")"
}

// NeedText names the permission that would close a gap, and where.
func NeedText(g model.Gap) string {
	if g.Resource == "" {
		return string(g.Need)
	}
	return string(g.Need) + " on " + model.Describe(g.Resource, nil)
}
