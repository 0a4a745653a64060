package arch

import (
	"os"
	"strings"
	"testing"
)

// The map in a guide is a screen that the program showed in a terminal, kept by the end-to-end test.
func TestGuideShowsTheRealMap(t *testing.T) {
	guide, err := os.ReadFile("docs/guides/grant-a-pull.md")
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.ReadFile("test/terminal/testdata/80x24-3-map.golden")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), string(screen)) {
		t.Error("the map in docs/guides/grant-a-pull.md is not the one in test/terminal/testdata/80x24-3-map.golden")
	}
}
