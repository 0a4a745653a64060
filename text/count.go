package text

import (
	"strconv"
	"strings"
)

// CountNoun gives a number with its noun: 1 project, 2 projects, 0 repositories.
func CountNoun(n int, noun string) string {
	if n != 1 {
		noun = Plural(noun)
	}
	return strconv.Itoa(n) + " " + noun
}

// Plural gives the plural of a noun or of a noun phrase, whose last word takes the ending.
func Plural(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "a") && !strings.HasSuffix(stem, "e") {
		return stem + "ies"
	}
	return noun + "s"
}
