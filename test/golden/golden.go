// Package golden compares what a test sees with a file of the package's testdata.
package golden

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// update is the flag that make golden sets.
var update = flag.Bool("update", false, "write the golden files again")

// Updating reports whether the test run writes its files again.
func Updating() bool { return *update }

// Compare compares a text with testdata/name. With -update it writes the file first.
func Compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if Updating() {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run make golden and look at the difference\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}
