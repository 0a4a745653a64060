package arch

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// measuredDocuments are the documents whose sentences are measured and whose file names are checked. A guide is for one reader and
// one task.
func measuredDocuments(t *testing.T) []string {
	t.Helper()
	guides, err := filepath.Glob("docs/guides/*.md")
	if err != nil || len(guides) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	return append([]string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/GLOSSARY.md"}, guides...)
}

const (
	maxSentenceWords          = 25 // of any sentence
	maxMedianSentenceWords    = 13 // of ARCHITECTURE.md, which has the longest
	minMeasuredSentenceLength = 4  // shorter ones are labels, and would lower the median
)

var (
	fencedBlock   = regexp.MustCompile("(?s)```.*?```")
	codeSpan      = regexp.MustCompile("`[^`]*`")
	markdownLink  = regexp.MustCompile(`!?\[([^\]]*)\]\(([^)]*)\)`)
	pictureSource = regexp.MustCompile(`src(?:set)?="([^"]*)"`)
	blockMarker   = regexp.MustCompile(`^\s*(?:[-*]|\d+\.|#+)\s+`)
	sentenceEnd   = regexp.MustCompile(`[.!?][*_)"]*\s+`)
	repoPath      = regexp.MustCompile(`^[\w.*-]+(?:/[\w.*-]+)*/?$`)
	symbolName    = regexp.MustCompile(`\.[A-Z]\w*$`) // of a package: gcp/ledger.Entry
)

func readDocument(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// proseBlocks are the paragraphs, list items and headings of a document, and apart from them the cells of its tables.
func proseBlocks(document string) (prose, cells []string) {
	for paragraph := range strings.SplitSeq(fencedBlock.ReplaceAllString(document, "\n\n"), "\n\n") {
		current := ""
		for line := range strings.SplitSeq(paragraph, "\n") {
			switch {
			case strings.HasPrefix(line, "|"):
				cells = append(cells, strings.Split(strings.Trim(line, "|"), "|")...)
			case blockMarker.MatchString(line):
				prose = append(prose, current)
				current = blockMarker.ReplaceAllString(line, "")
			default:
				current += " " + strings.TrimSpace(line)
			}
		}
		prose = append(prose, current)
	}
	return prose, cells
}

// sentences are those of a block, with each piece of code as one word.
func sentences(block string) []string {
	block = markdownLink.ReplaceAllString(codeSpan.ReplaceAllString(block, "code"), "$1")
	return strings.Split(sentenceEnd.ReplaceAllString(block, "\n"), "\n")
}

// countWords counts what holds a letter or a digit.
func countWords(sentence string) (n int) {
	for _, word := range strings.Fields(sentence) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// A document is read once, from top to bottom, by somebody who is new here.
func TestDocumentsHaveShortSentences(t *testing.T) {
	for _, name := range measuredDocuments(t) {
		t.Run(name, func(t *testing.T) {
			prose, cells := proseBlocks(readDocument(t, name))
			var lengths []int
			for i, block := range slices.Concat(prose, cells) {
				for _, sentence := range sentences(block) {
					n := countWords(sentence)
					if n > maxSentenceWords {
						t.Errorf("a sentence of %d words: %s", n, sentence)
					}
					if n >= minMeasuredSentenceLength && i < len(prose) {
						lengths = append(lengths, n)
					}
				}
			}
			slices.Sort(lengths)
			if median := lengths[len(lengths)/2]; median > maxMedianSentenceWords {
				t.Errorf("the median sentence has %d words", median)
			}
		})
	}
}

// The measure itself.
func TestSentencesAreMeasured(t *testing.T) {
	cases := []struct {
		name, text string
		want       []int // words of each sentence, in prose and then in cells
	}{
		{"a paragraph over two lines", "One two\nthree. Four five.", []int{3, 2}},
		{"a block of code", "One two.\n\n```sh\na b c d e f\n```\n\nThree.", []int{2, 1}},
		{"code is one word", "Run `go test ./...` now.", []int{3}},
		{"a link is its text", "See [the other page](a/b.md) now.", []int{5}},
		{"list items are apart", "Three things:\n- one two\n- three", []int{2, 2, 1}},
		{"table cells are apart", "| one two | three |", []int{2, 1}},
		{"signs are no words", "One · two — three", []int{3}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			prose, cells := proseBlocks(c.text)
			var got []int
			for _, block := range slices.Concat(prose, cells) {
				for _, sentence := range sentences(block) {
					if n := countWords(sentence); n > 0 {
						got = append(got, n)
					}
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the sentences have %v words, want %v", got, c.want)
			}
		})
	}
}

// namedPaths are the files and folders of the repository that a document names, as code or as a link.
func namedPaths(document, folder string) (paths []string) {
	document = fencedBlock.ReplaceAllString(document, "")
	for _, span := range codeSpan.FindAllString(document, -1) {
		if span = strings.Trim(span, "`"); isRepositoryPath(span) {
			paths = append(paths, span)
		}
	}
	for _, picture := range pictureSource.FindAllStringSubmatch(document, -1) {
		paths = append(paths, filepath.Join(folder, picture[1]))
	}
	for _, link := range markdownLink.FindAllStringSubmatch(document, -1) {
		if path, _, _ := strings.Cut(link[2], "#"); path != "" && !strings.Contains(path, "://") {
			paths = append(paths, filepath.Join(folder, path))
		}
	}
	return paths
}

// isRepositoryPath reports whether code in a text is meant as a path of this repository: it begins with one of its folders, or is a Go
// file.
func isRepositoryPath(code string) bool {
	if !repoPath.MatchString(code) || symbolName.MatchString(code) {
		return false
	}
	first, _, inFolder := strings.Cut(code, "/")
	info, err := os.Stat(first)
	return strings.HasSuffix(code, ".go") || inFolder && err == nil && info.IsDir()
}

// A file that was moved or renamed is not left behind in the documents.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	for _, name := range append([]string{"README.ja.md", "docs/json.md", "docs/settings.md"}, measuredDocuments(t)...) {
		t.Run(name, func(t *testing.T) {
			for _, path := range namedPaths(readDocument(t, name), filepath.Dir(name)) {
				if found, err := filepath.Glob(path); err != nil || len(found) == 0 {
					t.Errorf("it names %s, which is not there", path)
				}
			}
		})
	}
}

// Each folder with Go files has a row in a table of ARCHITECTURE.md: that is how a stranger finds it.
func TestEveryPackageHasARow(t *testing.T) {
	architecture := readDocument(t, "ARCHITECTURE.md")
	for folder := range goFolders(t) {
		if !strings.Contains(architecture, "\n| `"+folder+"/` |") {
			t.Errorf("no row of ARCHITECTURE.md begins with `%s/`", folder)
		}
	}
}

// goFolders are the folders that hold Go files, but the root.
func goFolders(t *testing.T) map[string]bool {
	t.Helper()
	folders := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "dist", "release"}, d.Name())):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && filepath.Dir(path) != ".":
			folders[filepath.ToSlash(filepath.Dir(path))] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

// The table of the code's words in docs/GLOSSARY.md: room, words, meaning, files. A word that was renamed is not left behind.
func TestGlossaryWordsAreInTheirFiles(t *testing.T) {
	_, table, found := strings.Cut(readDocument(t, "docs/GLOSSARY.md"), "| room | word |")
	if !found {
		t.Fatal("docs/GLOSSARY.md has no table of the code's words")
	}
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.Contains(cells[4], "`") {
			continue
		}
		var code strings.Builder
		for _, file := range codeSpan.FindAllString(cells[4], -1) {
			code.WriteString(readDocument(t, strings.Trim(file, "`")))
		}
		for _, word := range codeSpan.FindAllString(cells[2], -1) {
			declaration := regexp.MustCompile(`\b(?:type|func) ` + strings.Trim(word, "`") + `\b|\n\t` + strings.Trim(word, "`") + ` `)
			if !declaration.MatchString(code.String()) {
				t.Errorf("%s is not declared in%s", word, cells[4])
			}
		}
	}
}
