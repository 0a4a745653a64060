//go:build e2e && unix

package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures")

// The pictures of the documents show what the program shows. What differs from run to run, times and ids, is left out.
func TestPicturesAreTrue(t *testing.T) {
	drawn, err := draw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changing := regexp.MustCompile(`[0-9]{2}:[0-9]{2} UTC, (less than a minute|[0-9]+ minutes?) old`)
	for name, svg := range drawn {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("..", "pictures", name)
			if *update {
				if err := os.WriteFile(file, []byte(svg), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if changing.ReplaceAllString(svg, "") != changing.ReplaceAllString(string(kept), "") {
				t.Errorf("docs/pictures/%s no longer shows what the program shows: make pictures, look at it, and commit it", name)
			}
		})
	}
}
