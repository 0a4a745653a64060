package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	release := releasedFiles(t)
	for i, archive := range release.Archives {
		if !slices.ContainsFunc(archive.Files, func(f releasedFile) bool { return f.Src == "NOTICE" }) {
			t.Errorf("archive %d has no NOTICE", i+1)
		}
	}
	for _, packages := range release.Nfpms {
		for _, format := range packages.Formats {
			if !slices.ContainsFunc(packages.Contents, func(f releasedFile) bool {
				return f.Src == "NOTICE" && (f.Packager == "" || f.Packager == format)
			}) {
				t.Errorf("the package of format %s has no NOTICE", format)
			}
		}
	}
}

// A reader of a package sees the pictures of its documents.
func TestReleasedDocumentsHaveTheirPictures(t *testing.T) {
	release := releasedFiles(t)
	sources := [][]releasedFile{}
	for _, archive := range release.Archives {
		sources = append(sources, archive.Files)
	}
	for _, packages := range release.Nfpms {
		sources = append(sources, packages.Contents)
	}
	for i, files := range sources {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			shown := 0
			for _, document := range released(t, files) {
				for _, picture := range picturesOf(t, document) {
					shown++
					if !slices.Contains(released(t, files), picture) {
						t.Errorf("%s shows %s, which is not in the release", document, picture)
					}
				}
			}
			if shown == 0 {
				t.Error("the documents show no picture")
			}
		})
	}
}

// releasedFile is a file, or several by a pattern, and the one format of package that has it. No format means all.
type releasedFile struct{ Src, Packager string }

type releasedContents struct {
	Archives []struct{ Files []releasedFile }
	Nfpms    []struct {
		Formats  []string
		Contents []releasedFile
	}
}

// releasedFiles reads what the archives and the packages of a release hold. There is at least one of each.
func releasedFiles(t *testing.T) (release releasedContents) {
	t.Helper()
	text, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &release); err != nil {
		t.Fatal(err)
	}
	if len(release.Archives) == 0 || len(release.Nfpms) == 0 {
		t.Fatal("there are no archives or no packages")
	}
	return release
}

// released gives the paths of the repository's files that are in a release.
func released(t *testing.T, files []releasedFile) (paths []string) {
	t.Helper()
	for _, file := range files {
		matches, err := filepath.Glob(file.Src)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, matches...)
	}
	return paths
}

var shownPicture = regexp.MustCompile(`(?:!\[[^\]]*\]\(|src(?:set)?=")([^)"]+)`)

// picturesOf gives the paths of the pictures that a Markdown document shows. Another file shows none.
func picturesOf(t *testing.T, document string) (paths []string) {
	t.Helper()
	if filepath.Ext(document) != ".md" {
		return nil
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range shownPicture.FindAllStringSubmatch(string(text), -1) {
		paths = append(paths, filepath.Join(filepath.Dir(document), m[1]))
	}
	return paths
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
