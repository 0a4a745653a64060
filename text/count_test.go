package text_test

import (
	"testing"

	"whopulls/text"
)

func TestCountNoun(t *testing.T) {
	for _, c := range []struct {
		n    int
		noun string
		want string
	}{
		{0, "project", "0 projects"}, {1, "project", "1 project"}, {2, "project", "2 projects"},
		{1, "repository", "1 repository"}, {3, "repository", "3 repositories"}, {2, "deny policy", "2 deny policies"},
		{2, "key", "2 keys"}, {2, "day", "2 days"}, {1, "more place", "1 more place"}, {12, "more place", "12 more places"},
	} {
		t.Run(c.want, func(t *testing.T) {
			if got := text.CountNoun(c.n, c.noun); got != c.want {
				t.Errorf("CountNoun(%d, %q) = %q, want %q", c.n, c.noun, got, c.want)
			}
		})
	}
}
