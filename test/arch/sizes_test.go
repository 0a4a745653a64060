package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The limits of a function and a file in lines, tests apart. A stranger reads a function of this size at a glance.
const (
	medianFunction  = 9
	ninetiethOfAll  = 21 // nine of ten functions are no longer
	longestFunction = 45
	longestFile     = 380
	largestPackage  = 30 // files
)

// oversized are the packages that are flat on purpose: the reasoning, and the sandbox with its many services.
var oversized = []string{"model", "gcp/sandbox"}

// A package is a room: its list of files fits on a screen, and says what is there.
func TestFilesPerPackage(t *testing.T) {
	for folder, files := range textFiles(t) {
		files = slices.DeleteFunc(files, func(file string) bool { return filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") })
		switch isLarge, isExcepted := len(files) > largestPackage, slices.Contains(oversized, folder); {
		case isLarge && !isExcepted:
			t.Errorf("%s has %d files, more than %d: lift a part into a package of its own", folder, len(files), largestPackage)
		case isExcepted && !isLarge:
			t.Errorf("%s has %d files: it needs no exception any more", folder, len(files))
		}
	}
}

// Small pieces: what is longer is two things.
func TestSizes(t *testing.T) {
	var lengths []int
	for _, file := range slices.Concat(slices.Collect(maps.Values(textFiles(t)))...) {
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if lines := fset.File(tree.FileStart).LineCount(); lines > longestFile+1 { // the last line ends
			t.Errorf("%s has %d lines, more than %d", file, lines-1, longestFile)
		}
		for _, declaration := range tree.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := fset.Position(function.End()).Line - fset.Position(function.Pos()).Line + 1
			lengths = append(lengths, lines)
			if lines > longestFunction {
				t.Errorf("%s: %s has %d lines, more than %d", fset.Position(function.Pos()), function.Name.Name, lines, longestFunction)
			}
		}
	}
	slices.Sort(lengths)
	median, ninetieth := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	if median > medianFunction || ninetieth > ninetiethOfAll {
		t.Errorf("of %d functions the median has %d lines and nine of ten at most %d; wanted %d and %d", len(lengths), median, ninetieth, medianFunction, ninetiethOfAll)
	}
	t.Logf("%d functions: median %d lines, nine of ten at most %d, longest %d", len(lengths), median, ninetieth, lengths[len(lengths)-1])
}
