package options

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// One slip in a word of five letters or more always finds it.
func TestASlipFindsTheWord(t *testing.T) {
	known := []string{"check", "grant", "explain", "history", "sandbox", "version", "completion"}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(known).Draw(t, "word")
		at := rapid.IntRange(0, len(word)-2).Draw(t, "at")
		slip := rapid.SampledFrom([]string{
			word[:at] + word[at+1:], word[:at] + "q" + word[at:], word[:at] + "q" + word[at+1:],
			word[:at] + word[at+1:at+2] + word[at:at+1] + word[at+2:],
		}).Draw(t, "slip")
		if near := nearest(slip, known); !slices.Equal(near, []string{word}) {
			t.Errorf("%q finds %v", slip, near)
		}
		if editDistance(word, slip) != editDistance(slip, word) || editDistance(word, slip) > 1 {
			t.Errorf("%q and %q are %d slips apart", word, slip, editDistance(word, slip))
		}
	})
}
