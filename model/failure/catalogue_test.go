package failure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"
)

// Each entry of the catalogue has both languages, and they name the same values.
func TestTheCatalogueIsWhole(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if name, named := literalType(literal); ok && named && name == "bilingual" && len(literal.Elts) > 0 {
				entries++
				e := entryOf(t, literal)
				if err := e.Validate(); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
			return true
		})
	}
	if entries < 100 {
		t.Errorf("only %d entries were found", entries)
	}
}

func literalType(literal *ast.CompositeLit) (string, bool) {
	if literal == nil {
		return "", false
	}
	name, ok := literal.Type.(*ast.Ident)
	if !ok {
		return "", false
	}
	return name.Name, true
}

// entryOf is the entry that a literal writes down.
func entryOf(t *testing.T, literal *ast.CompositeLit) (e bilingual) {
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			t.Fatalf("an entry without names: %v", literal.Elts)
		}
		value, ok := pair.Value.(*ast.BasicLit)
		if !ok {
			t.Fatalf("an entry that is no plain text: %v", pair.Value)
		}
		text, err := strconv.Unquote(value.Value)
		if err != nil {
			t.Fatal(err)
		}
		if key := pair.Key.(*ast.Ident).Name; key == "EN" {
			e.EN = text
		} else {
			e.JA = text
		}
	}
	return e
}
