package arch

import (
	"os"
	"strings"
	"testing"
)

// The picture in the README is a screen that the program showed in a terminal, kept by the end-to-end test.
func TestReadmeShowsTheRealMap(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.ReadFile("test/terminal/testdata/80x24-3-map.golden")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), string(screen)) {
		t.Error("the map in README.md is not the one in test/terminal/testdata/80x24-3-map.golden")
	}
}
