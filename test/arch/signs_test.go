package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// translated are the files of the app that hold sentences in another language. All signs stand in text/signs.
var translated = []string{"tui/explain/phrases.go"}

// A sign that stands in the table has an ASCII form, and so the app draws no other.
func TestTheAppTakesItsSignsFromTheTable(t *testing.T) {
	for folder, files := range programFiles(t) {
		if !isWithin(folder, "tui") {
			continue
		}
		t.Run(folder, func(t *testing.T) {
			for _, file := range files {
				if !isWithin(file, translated...) {
					for _, found := range literalsBeyondASCII(t, file) {
						t.Errorf("%s: %s holds a sign; take it from text/signs", file, found)
					}
				}
			}
		})
	}
}

// literalsBeyondASCII are the texts and letters of a Go file that hold more than ASCII.
func literalsBeyondASCII(t *testing.T, file string) (found []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && (l.Kind == token.STRING || l.Kind == token.CHAR) && !isASCII(l.Value) {
			found = append(found, l.Value)
		}
		return true
	})
	return found
}

// isASCII reports whether a literal, as it is written or by what it stands for, holds ASCII alone.
func isASCII(literal string) bool {
	value, err := strconv.Unquote(literal)
	for _, r := range literal + value {
		if r > '\u007f' {
			return false
		}
	}
	return err == nil
}

func TestLiteralsBeyondASCII(t *testing.T) {
	for _, test := range []struct {
		name, literal string
		want          bool
	}{
		{"words", `"granted"`, true},
		{"a raw text", "`granted`", true},
		{"a letter", `'x'`, true},
		{"a sign", `"✓ granted"`, false},
		{"a sign by its number", `"\u2713"`, false},
		{"a sign by its bytes", `"\xe2\x9c\x93"`, false},
		{"a letter beyond", `'…'`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := isASCII(test.literal); got != test.want {
				t.Errorf("%v", got)
			}
		})
	}
}
