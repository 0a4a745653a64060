package completion

import (
	"strings"
	"testing"
)

// Names come from the cloud; a shell writes them to the terminal.
func TestCompletedWordsAreHarmless(t *testing.T) {
	w := &candidates{descriptions: map[string][]string{}}
	w.add("a\x1b[2Jb", "c\nd")
	if all, _ := w.cobraCompletions(); strings.ContainsAny(all[0], "\x1b\n") {
		t.Errorf("%q", all[0])
	}
}
