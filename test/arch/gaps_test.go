package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// Each gap that the reading makes says why it failed, for code: without a cause it counts as a group, a tag or a condition.
func TestGapsOfReadingHaveACause(t *testing.T) {
	seen := 0
	for folder, files := range programFiles(t) {
		if folder != "gcp" && !strings.HasPrefix(folder, "gcp/") {
			continue
		}
		for _, file := range files {
			fset := token.NewFileSet()
			tree, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				gap, ok := n.(*ast.CompositeLit)
				if !ok || !isGap(gap.Type) {
					return true
				}
				if seen++; !hasCause(gap) {
					t.Errorf("%s: this gap has no cause", fset.Position(gap.Pos()))
				}
				return true
			})
		}
	}
	if seen == 0 {
		t.Error("no gap was found")
	}
}

func isGap(e ast.Expr) bool {
	of, ok := e.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "Gap"
}

func hasCause(gap *ast.CompositeLit) bool {
	for _, e := range gap.Elts {
		if field, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := field.Key.(*ast.Ident); ok && name.Name == "Cause" {
				return true
			}
		}
	}
	return false
}
