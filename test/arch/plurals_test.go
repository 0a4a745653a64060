package arch

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// limitPrefix comes before a limit, which is never 1.
const limitPrefix = "more than %d "

// countedPlural is a number and a plural written out: one of them would be "1 projects".
var countedPlural = regexp.MustCompile(`%d (?:[a-z]+ ){0,2}?([a-z]{3,}s)\b`)

// notPlurals are words that end in s and name one thing.
var notPlurals = []string{"says", "was", "has", "this", "its", "less", "always", "means"}

// neverOne are the sentences whose number is never 1, and why.
var neverOne = map[string]string{
	"%d changes are asked for.":               "one has its own sentence",
	"%d things are not known":                 "one is named",
	"%d allow policies that you may not read": "one has its own sentence",
	"%d bytes":                             "a limit",
	"%d waits of a minute did not free it": "a constant",
	" Of %d of them others changed the policy since: somebody may have made the same change again, and then it is theirs.": "one is named",
}

// A number with its noun is written by text.CountNoun, which knows one from several.
func TestOneThingIsNoPlural(t *testing.T) {
	used := map[string]bool{}
	for folder, files := range programFiles(t) {
		if isWithin(folder, "gcp/sandbox", "gcp/googletest") { // their texts are Google's
			continue
		}
		for _, file := range files {
			for _, text := range textsOf(t, file) {
				if text.isComment || !countsPlural(text.text) {
					continue
				}
				if used[text.text] = true; neverOne[text.text] == "" {
					t.Errorf("%s:%d: %q would be wrong of one: use text.CountNoun", file, text.line, text.text)
				}
			}
		}
	}
	for text := range neverOne {
		if !used[text] {
			t.Errorf("nothing says %q any more", text)
		}
	}
}

func countsPlural(text string) bool {
	m := countedPlural.FindStringSubmatch(text)
	return m != nil && !strings.Contains(text, limitPrefix) && !slices.Contains(notPlurals, m[1])
}
