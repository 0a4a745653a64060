package arch

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// indentedCode is a line of code in a comment, or the second line of a list item's.
var indentedCode = regexp.MustCompile(`(?m)^\t.*$`)

// A comment is read once, like a document: its sentences are as short.
func TestCommentsHaveShortSentences(t *testing.T) {
	for folder, files := range textFiles(t) {
		t.Run(folder, func(t *testing.T) {
			for _, file := range files {
				if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
					continue
				}
				for _, text := range textsOf(t, file) {
					if !text.isComment {
						continue
					}
					for _, sentence := range longSentences(text.text) {
						t.Errorf("%s:%d: a sentence of %d words: %s", file, text.line, countWords(sentence), sentence)
					}
				}
			}
		})
	}
}

// longSentences are the sentences of a comment that have too many words.
func longSentences(comment string) (long []string) {
	prose, _ := proseBlocks(indentedCode.ReplaceAllString(comment, ""))
	for _, block := range prose {
		for _, sentence := range sentences(block) {
			if countWords(sentence) > maxSentenceWords {
				long = append(long, strings.TrimSpace(sentence))
			}
		}
	}
	return long
}

// The measure itself.
func TestLongSentencesAreFound(t *testing.T) {
	const long = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
	cases := []struct {
		name, comment string
		want          int
	}{
		{"one long sentence", long + ".", 1},
		{"over two lines", strings.Replace(long, " ", "\n", 1), 1},
		{"two short ones", strings.Replace(long, " n ", ". n ", 1), 0},
		{"two items of a list", "  - " + strings.Replace(long, " n ", "\n  - n ", 1), 0},
		{"code", "Short.\n\n\t" + long, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := longSentences(c.comment); len(got) != c.want {
				t.Errorf("found %q, want %d", got, c.want)
			}
		})
	}
}
