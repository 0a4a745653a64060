package ui

import (
	"strings"
	"whopulls/model"
)

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

// GapBeyond gives what a gap says beyond what the reason has not said already.
func GapBeyond(g model.Gap, reason string) string {
	switch {
	case g.Pending():
		return ""
	case !strings.Contains(reason, g.Reason):
		return GapText(g)
	case g.Need == "":
		return ""
	}
	return "reading it needs " + NeedText(g)
}
