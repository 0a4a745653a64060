package arch

import (
	"fmt"
	"os"
	"testing"
)

// The tests look at the whole module, so they run at its root.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// watch makes the test cache look at a folder: a result is outdated once a file there changes. What another program reads,
// such as go list, the cache does not see.
func watch(t *testing.T, folder string) {
	t.Helper()
	if _, err := os.ReadDir(folder); err != nil {
		t.Fatal(err)
	}
}
