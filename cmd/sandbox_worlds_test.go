package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"whopulls/gcp/sandbox"
)

// A world that is printed is one to serve, and the same one.
func TestPrintedWorldsAreReadBack(t *testing.T) {
	for _, w := range sandbox.Worlds() {
		printed := (&cliRun{}).run("sandbox", "worlds", w.Name)
		file := filepath.Join(t.TempDir(), "world.yaml")
		if err := os.WriteFile(file, []byte(printed.out), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := sandbox.Load(file)
		if want, ok := sandbox.WorldFile(w.Name); printed.code != 0 || err != nil || !ok || printed.out != string(want) || got.Title != w.Title {
			t.Errorf("%s: %d, %v; want the world as it is served", w.Name, printed.code, err)
		}
	}
}
