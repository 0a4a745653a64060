package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// CI compiles with go build what the release builds with GoReleaser: the same systems, the same flags.
func TestCrossCompilesWhatIsReleased(t *testing.T) {
	text, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var release struct {
		Builds []struct{ Env, Goos, Goarch, Flags []string }
	}
	if err := yaml.Unmarshal(text, &release); err != nil || len(release.Builds) != 1 {
		t.Fatalf("there are %d builds: %v", len(release.Builds), err)
	}
	build := release.Builds[0]
	var released []string
	for _, system := range build.Goos {
		for _, processor := range build.Goarch {
			released = append(released, system+"/"+processor)
		}
	}
	makefile := variables(t, "Makefile")
	if compiled := strings.Fields(makefile["TARGETS"]); !slices.Equal(compiled, released) {
		t.Errorf("TARGETS of the Makefile are %q, and .goreleaser.yaml has %q", compiled, released)
	}
	for _, word := range slices.Concat(build.Env, build.Flags) {
		if !slices.Contains(strings.Fields(makefile["BUILD"]), word) {
			t.Errorf("BUILD of the Makefile lacks %s, which .goreleaser.yaml has", word)
		}
	}
}

// Each archive and each package of a release holds the licences of the modules that are linked in.
func TestEveryReleasedFileHasTheNotice(t *testing.T) {
	text, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	type file struct{ Src, Packager string }
	var release struct {
		Archives []struct{ Files []file }
		Nfpms    []struct {
			Formats  []string
			Contents []file
		}
	}
	if err := yaml.Unmarshal(text, &release); err != nil {
		t.Fatal(err)
	}
	for i, archive := range release.Archives {
		if !slices.ContainsFunc(archive.Files, func(f file) bool { return f.Src == "NOTICE" }) {
			t.Errorf("archive %d has no NOTICE", i+1)
		}
	}
	for _, packages := range release.Nfpms {
		for _, format := range packages.Formats {
			if !slices.ContainsFunc(packages.Contents, func(f file) bool {
				return f.Src == "NOTICE" && (f.Packager == "" || f.Packager == format)
			}) {
				t.Errorf("the package of format %s has no NOTICE", format)
			}
		}
	}
	if len(release.Archives) == 0 || len(release.Nfpms) == 0 {
		t.Error("there are no archives or no packages")
	}
}

// variables gives the variables that a Makefile sets with :=.
func variables(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(\w+)\s*:=\s*(.*)$`).FindAllStringSubmatch(string(text), -1) {
		set[m[1]] = m[2]
	}
	return set
}

// An action is named by its commit, because a tag can be moved to other code. The version in the comment is for people. A
// workflow of this repository needs no commit: it runs at the same one. A release waits for the tests.
func TestActionsArePinned(t *testing.T) {
	const tests = "./.github/workflows/test.yml"
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$|^` + regexp.QuoteMeta(tests) + `$`)
	workflows, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(workflows) < 3 {
		t.Fatalf("the workflows are %q: %v", workflows, err)
	}
	for _, name := range workflows {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		uses := regexp.MustCompile(`(?m)^\s*-?\s*uses:\s*(.*)$`).FindAllStringSubmatch(string(text), -1)
		if len(uses) == 0 {
			t.Errorf("%s uses no action", name)
		}
		if strings.Contains(name, "release") && !regexp.MustCompile(`(?m)^    needs: test$`).Match(text) {
			t.Errorf("%s does not wait for the tests", name)
		}
		for _, m := range uses {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s uses %s, which is not a commit and its version", name, m[1])
			}
		}
	}
}
