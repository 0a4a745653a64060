package console

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program is looked for in whole folders alone: what a relative one leads to is anybody's.
func TestOnPath(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for _, name := range []string{"gcloud", filepath.Join("tools", "gcloud"), filepath.Join("good", "gcloud")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATHEXT", ".;.exe") // on Windows what has no ending is a program too, for this test
	good := filepath.Join(folder, "good")
	for _, test := range []struct {
		folders []string
		want    string
	}{
		{[]string{"", ".", "tools"}, ""},
		{nil, ""},
		{[]string{"tools", good}, filepath.Join(good, "gcloud")},
		{[]string{filepath.Join(folder, "none"), good}, filepath.Join(good, "gcloud")},
	} {
		t.Run(fmt.Sprint(test.folders), func(t *testing.T) {
			if got := lookPath("gcloud", strings.Join(test.folders, string(os.PathListSeparator))); got != test.want {
				t.Errorf("%q: %q, want %q", test.folders, got, test.want)
			}
		})
	}
}
