package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// textFiles are the files that people read, by folder: sources, documents, build and CI files.
func textFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if slices.Contains([]string{".git", "testdata", "dist", "release"}, name) {
				return filepath.SkipDir
			}
			return nil
		case slices.Contains([]string{".go", ".md", ".yml", ".yaml"}, filepath.Ext(name)) || name == "Makefile" || filepath.Dir(path) == ".ci":
			files[filepath.Dir(path)] = append(files[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// programFiles are the Go files of the program, by folder: no tests, and nothing that makes documents.
func programFiles(t *testing.T) map[string][]string {
	t.Helper()
	files := textFiles(t)
	for folder, names := range files {
		files[folder] = slices.DeleteFunc(names, func(name string) bool {
			return filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || isWithin(name, "test", "docs")
		})
	}
	return files
}

// textAt is a text and the line that it begins in.
type textAt struct {
	text      string
	line      int
	isComment bool
}

// textsOf gives the texts of a file: of a Go file its comments and string literals, of any other file all of it.
func textsOf(t *testing.T, name string) (texts []textAt) {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(name) != ".go" {
		return []textAt{{text: string(content), line: 1}}
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, bytes.NewReader(content), parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range tree.Comments {
		texts = append(texts, textAt{group.Text(), fset.Position(group.Pos()).Line, true})
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				texts = append(texts, textAt{text, fset.Position(l.Pos()).Line, false})
			}
		}
		_, isImport := n.(*ast.ImportSpec)
		return !isImport
	})
	return texts
}
