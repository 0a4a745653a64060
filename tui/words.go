package tui

import (
	"strings"

	"whopulls/model"
)

// plural gives the noun for that many things.
func plural(noun string, count int) string {
	if count != 1 {
		return noun
	}
	if stem, ok := strings.CutSuffix(noun, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(noun, "s")
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
