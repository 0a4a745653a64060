package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// Each phrase of the screen is there in both languages, and names the same values.
func TestPhrasesAreWhole(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), "phrases.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	ast.Inspect(tree, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok || len(literal.Elts) != 2 {
			return true
		}
		var said [2]string
		for i, e := range literal.Elts {
			value, ok := e.(*ast.KeyValueExpr).Value.(*ast.BasicLit)
			if !ok {
				return true
			}
			if said[i], err = strconv.Unquote(value.Value); err != nil {
				t.Fatal(err)
			}
		}
		count++
		if err := (phrase{EN: said[0], JA: said[1]}).Validate(); err != nil {
			t.Error(err)
		}
		return true
	})
	if count < 20 {
		t.Errorf("only %d phrases were found", count)
	}
}
